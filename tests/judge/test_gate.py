"""The gate's three answers: a regression fails, equal code passes or is undecided, and neither by luck."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from autotune.judge.gate import gated
from autotune.judge.plan import Plan
from autotune.model.gate import Answer, GateVerdict
from autotune.model.run import ARMS, Confirmation, PairedSample
from autotune.model.trial import Resource, Sample, State

LIMIT = 0.05


@pytest.fixture
def plan(make_plan: Callable[..., Plan]) -> Plan:
    return make_plan(metric="seconds", direction="minimize", margin=LIMIT)


def sample(value: float | None, foreign: float = 0.0) -> Sample:
    """A sample of so many seconds; None failed. `foreign` is the share of the CPUs that others used."""
    shares = {"cpu_s": 1.0, "foreign_cpu_s": 10 * foreign, "steal_s": 0.0, "host_cpu_s": 10.0}
    resources = tuple(
        Resource(name=name, value=used, unit="s", source="", quality="exact") for name, used in shares.items()
    )
    if value is None:
        return Sample(state=State.FAILED_CONFIG, resources=resources)
    return Sample(state=State.OK, metrics={"seconds": value}, resources=resources)


def paired(base: np.ndarray | list[float | None], head: np.ndarray | list[float | None]) -> Confirmation:
    def samples() -> Iterator[PairedSample]:
        for pair, values in enumerate(zip(base, head, strict=True)):
            for order, (arm, value) in enumerate(zip(ARMS, values, strict=True)):
                yield PairedSample(attempt=0, pair=pair, arm=arm, order=order, sample=sample(value))

    return Confirmation(attempt=0, trial=-1, config={}, alpha=0.05, pairs=40, samples=tuple(samples()))


def simulated(plan: Plan, slowdown: float, sd: float, seed: int) -> GateVerdict:
    random = np.random.default_rng(seed)
    base, head = np.exp(random.normal(0, sd / np.sqrt(2), (2, 40)))
    return gated(paired(base, (1 + slowdown) * head), plan)


def answers(plan: Plan, slowdown: float, sd: float, count: int = 200) -> dict[Answer, float]:
    found = [simulated(plan, slowdown, sd, seed).answer for seed in range(count)]
    return {answer: found.count(answer) / count for answer in Answer}


@pytest.mark.parametrize("sd", [0.02, 0.05, 0.1])
def test_a_loss_as_large_as_the_limit_hardly_ever_passes(plan: Plan, sd: float) -> None:
    assert answers(plan, LIMIT, sd)[Answer.PASS] <= 0.025 + 2 * 0.011  # two standard errors of 200


@pytest.mark.parametrize("sd", [0.02, 0.05, 0.1])
def test_equal_code_fails_in_under_one_percent_of_rounds(plan: Plan, sd: float) -> None:
    assert answers(plan, 0.0, sd)[Answer.FAIL] < 0.01 + 2 * 0.007


def test_equal_code_passes_where_the_noise_allows_it(plan: Plan) -> None:
    assert answers(plan, 0.0, 0.03)[Answer.PASS] > 0.95


@pytest.mark.parametrize("sd", [0.02, 0.05])
def test_twice_the_limit_fails_and_never_passes(plan: Plan, sd: float) -> None:
    found = answers(plan, 2 * LIMIT, sd)
    assert found[Answer.FAIL] > 0.95
    assert found[Answer.PASS] == 0.0


def test_a_small_loss_that_is_surely_there_breaks_no_build(plan: Plan) -> None:
    assert answers(plan, 0.03, 0.02)[Answer.FAIL] < 0.01


def test_where_more_is_better_a_loss_is_less(make_plan: Callable[..., Plan]) -> None:
    plan = make_plan(metric="seconds", direction="maximize", margin=LIMIT)
    assert gated(paired([1.0] * 40, [0.8] * 40), plan).answer is Answer.FAIL
    assert gated(paired([1.0] * 40, [1.2] * 40), plan).answer is Answer.PASS


def test_before_the_first_look_nothing_is_decided(plan: Plan) -> None:
    assert gated(paired([], []), plan).answer is Answer.UNDECIDED
    assert gated(paired([1.0] * 9, [2.0] * 9), plan).answer is Answer.UNDECIDED


def test_equal_samples_pass_at_the_first_look(plan: Plan) -> None:
    found = gated(paired([1.0] * 40, [1.0] * 40), plan)
    assert (found.answer, found.pairs) == (Answer.PASS, 10)


def test_one_failure_in_the_head_alone_is_never_a_pass(plan: Plan) -> None:
    found = gated(paired([1.0] * 40, [0.5] * 39 + [None]), plan)
    assert found.answer is Answer.PASS  # the first look had answered before it
    found = gated(paired([1.0] * 40, [None] + [0.5] * 39), plan)
    assert found.answer is Answer.UNDECIDED
    assert found.reason == "in the head 1 of 40 samples failed, in the base none"


def test_a_head_that_always_fails_fails_the_gate(plan: Plan) -> None:
    assert gated(paired([1.0] * 40, [None] * 40), plan).answer is Answer.FAIL


def test_an_undecided_answer_says_how_many_more_pairs_would_settle_it(plan: Plan) -> None:
    found = next(
        found
        for seed in range(50)
        if (found := simulated(plan, 0.02, 0.1, seed)).answer is Answer.UNDECIDED and found.more_pairs
    )
    assert found.more_pairs > 0
    assert found.smallest > 0.02


def test_values_around_zero_need_a_limit_in_their_unit(make_plan: Callable[..., Plan]) -> None:
    relative = make_plan(metric="seconds", direction="minimize", margin=LIMIT)
    base, head = list(np.linspace(-1, 1, 40)), list(np.linspace(4, 6, 40))
    assert gated(paired(base, head), relative).answer is Answer.UNDECIDED
    absolute = make_plan(metric="seconds", direction="minimize", margin=LIMIT, absolute_margin=2.0)
    assert gated(paired(base, head), absolute).answer is Answer.FAIL
