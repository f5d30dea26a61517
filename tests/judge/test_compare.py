from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from math import isfinite
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotune.judge.compare import Pair, Plan, compare
from autotune.model.study import Limit
from autotune.model.verdict import Held, Result, Verdict

Make = Callable[..., Any]
MIRROR = {Result.BETTER: Result.WORSE, Result.WORSE: Result.BETTER}
columns = st.lists(
    st.tuples(st.integers(80, 125).map(float), st.integers(80, 125).map(float)), min_size=1, max_size=24
)


def numbers(value: Any) -> list[float]:
    """Every number anywhere in a verdict."""
    if isinstance(value, dict):
        return [x for part in value.values() for x in numbers(part)]
    if isinstance(value, list | tuple):
        return [x for part in value for x in numbers(part)]
    return [value] if isinstance(value, float) else []


def judge(make_plan: Make, make_pairs: Make, baseline: Any, candidate: Any, **plan: Any) -> Verdict:
    return compare(make_pairs(list(baseline), list(candidate)), make_plan(**plan))


@pytest.mark.parametrize(
    ("direction", "ratio", "result"),
    [
        ("maximize", 1.18, Result.BETTER),
        ("maximize", 0.85, Result.WORSE),
        ("minimize", 1.18, Result.WORSE),
        ("minimize", 0.85, Result.BETTER),
    ],
)
def test_a_plain_effect_is_seen_at_the_first_look(
    make_plan: Make, make_pairs: Make, noisy: Make, *, direction: str, ratio: float, result: Result
) -> None:
    found = judge(
        make_plan, make_pairs, noisy(40), noisy(40, centre=100 * ratio, seed=1), direction=direction
    )
    assert found.result is result
    assert found.finished
    assert [look.pairs for look in found.looks] == [10]
    assert found.more_pairs is None


@pytest.mark.parametrize(("direction", "ratio"), [("maximize", 1.18), ("minimize", 0.82)])
def test_effect_is_the_change_in_words(
    make_plan: Make, make_pairs: Make, direction: str, ratio: float
) -> None:
    found = judge(make_plan, make_pairs, [100] * 10, [100 * ratio] * 10, direction=direction)
    assert found.effect is not None
    assert found.effect.estimate == pytest.approx(0.18)
    assert found.effect.low <= found.effect.estimate <= found.effect.high


@pytest.mark.parametrize("constant", [100.0, 0.0, -5.0])
def test_constant_equal_samples_are_equivalent(make_plan: Make, make_pairs: Make, constant: float) -> None:
    found = judge(make_plan, make_pairs, [constant] * 10, [constant] * 10)
    assert found.result is Result.EQUIVALENT
    assert found.finished
    assert found.looks[0].p_value == 1.0


def test_a_constant_difference_below_the_margin_is_equivalent(make_plan: Make, make_pairs: Make) -> None:
    assert judge(make_plan, make_pairs, [100] * 10, [101] * 10).result is Result.EQUIVALENT


def test_equal_noise_ends_equivalent_or_undecided_with_its_power_said(
    make_plan: Make, make_pairs: Make, noisy: Make
) -> None:
    found = judge(make_plan, make_pairs, noisy(40, sd=0.05), noisy(40, sd=0.05, seed=1))
    assert found.result is Result.UNDECIDED
    assert found.finished
    assert found.smallest is not None
    assert found.smallest > found.margin
    assert "80 % power" in found.explanation
    assert "more pairs would decide" in found.explanation


@pytest.mark.parametrize("count", [0, 1, 5, 9])
def test_before_the_first_look_all_is_open(make_plan: Make, make_pairs: Make, count: int) -> None:
    found = judge(make_plan, make_pairs, [100] * count, [200] * count)
    assert found.result is Result.UNDECIDED
    assert not found.finished
    assert found.effect is None
    assert found.looks == ()


@pytest.mark.parametrize("pairs", [1, 3, 5])
def test_fewer_than_six_pairs_decide_nothing_and_are_used_up(
    make_plan: Make, make_pairs: Make, pairs: int
) -> None:
    found = judge(make_plan, make_pairs, [100] * pairs, [200] * pairs, pairs=pairs)
    assert found.result is Result.UNDECIDED
    assert found.finished
    assert "plan at least 6" in found.warnings[0]


def test_six_pairs_on_one_side_decide(make_plan: Make, make_pairs: Make) -> None:
    found = judge(make_plan, make_pairs, [100] * 6, [120, 121, 122, 123, 124, 125], pairs=6)
    assert found.result is Result.BETTER


def test_pairs_between_looks_and_beyond_the_plan_are_not_used(make_plan: Make, make_pairs: Make) -> None:
    calm, wild = [100.0, 101.0, 99.0, 100.0, 130.0] * 2, [500.0] * 9
    ten = judge(make_plan, make_pairs, [100] * 10, calm)
    assert judge(make_plan, make_pairs, [100] * 19, calm + wild) == ten
    used_up = judge(make_plan, make_pairs, [100] * 10, calm, pairs=10)
    assert judge(make_plan, make_pairs, [100] * 19, calm + wild, pairs=10) == used_up


def test_a_real_difference_below_the_margin_is_never_better(
    make_plan: Make, make_pairs: Make, noisy: Make
) -> None:
    found = judge(
        make_plan, make_pairs, noisy(40, sd=0.005), noisy(40, centre=101.6, sd=0.005, seed=1), margin=0.02
    )
    assert found.result in {Result.UNDECIDED, Result.EQUIVALENT}


def test_an_early_answer_stands_while_a_limit_needs_more(
    make_plan: Make, make_pairs: Make, make_limit: Make, noisy: Make
) -> None:
    def arm(tps: Any, p95: Any) -> list[dict[str, float]]:
        return [{"tps": a, "p95": b} for a, b in zip(tps, p95, strict=True)]

    baseline = arm(noisy(20), noisy(20, centre=10, seed=2))
    candidate = arm([*noisy(10, centre=130), *noisy(10, centre=60)], noisy(20, centre=10.5, seed=3))
    plan = make_plan(limits=(make_limit("p95 <= 1.05 * baseline"),))
    found = compare(make_pairs(baseline, candidate), plan)
    assert found.result is Result.UNDECIDED
    assert not found.finished
    assert found.effect is not None
    assert found.effect.estimate > 0.2
    assert found.more_pairs is None or found.more_pairs > 0
    assert "10 pairs" in found.explanation
    assert "neither held nor broken" in found.explanation
    assert any("no longer reaches the margin" in text for text in found.warnings)


@pytest.mark.parametrize(
    ("text", "p95", "result", "held"),
    [
        ("p95 <= 1.05 * baseline", 10.0, Result.BETTER, Held.HELD),
        ("p95 <= 1.05 * baseline", 13.0, Result.WORSE, Held.BROKEN),
        ("p95 <= 1.05 * baseline", 10.5, Result.UNDECIDED, Held.UNSURE),
    ],
)
def test_a_better_objective_needs_its_limits(
    make_plan: Make,
    make_pairs: Make,
    make_limit: Make,
    noisy: Make,
    *,
    text: str,
    p95: float,
    result: Result,
    held: Held,
) -> None:
    baseline = [{"tps": 100.0, "p95": x} for x in noisy(40, centre=10)]
    candidate = [{"tps": 120.0, "p95": x} for x in noisy(40, centre=p95, seed=1)]
    found = compare(make_pairs(baseline, candidate), make_plan(limits=(make_limit(text),)))
    assert (found.result, found.limits[0].held) == (result, held)
    assert found.proven == (result is Result.BETTER)
    assert found.finished
    assert text in found.explanation


def test_a_failed_candidate_breaks_failures_at_once(
    make_plan: Make, make_pairs: Make, make_limit: Make
) -> None:
    limits = (make_limit("failures == 0"),)
    found = judge(make_plan, make_pairs, [100] * 3, [200, None, 200], limits=limits)
    assert found.result is Result.WORSE
    assert found.failures_candidate == 1


def test_failures_of_the_candidate_alone_are_never_better_nor_equivalent(
    make_plan: Make, make_pairs: Make
) -> None:
    for candidate in (150, 100):
        found = judge(make_plan, make_pairs, [100] * 40, [candidate] * 39 + [None])
        assert found.result is Result.UNDECIDED
        assert "candidate alone" in found.explanation


def test_failures_of_both_arms_leave_a_clear_gain_better(make_plan: Make, make_pairs: Make) -> None:
    found = judge(make_plan, make_pairs, [None, *[100] * 39], [150, None, *[150] * 38])
    assert found.result is Result.BETTER
    assert (found.failures_baseline, found.failures_candidate) == (1, 1)
    assert any("failed" in text for text in found.warnings)


def test_a_candidate_that_always_fails_is_worse(make_plan: Make, make_pairs: Make) -> None:
    assert judge(make_plan, make_pairs, [100] * 10, [None] * 10).result is Result.WORSE


def test_all_failed_is_undecided(make_plan: Make, make_pairs: Make) -> None:
    found = judge(make_plan, make_pairs, [None] * 40, [None] * 40)
    assert found.result is Result.UNDECIDED
    assert found.finished


def test_pairs_that_both_failed_do_not_make_equivalent(make_plan: Make, make_pairs: Make) -> None:
    found = judge(make_plan, make_pairs, [None] * 32 + [100] * 8, [None] * 32 + [150] * 8)
    assert found.result is Result.UNDECIDED


def test_differences_without_a_margin_of_their_own_are_undecided(make_plan: Make, make_pairs: Make) -> None:
    found = judge(make_plan, make_pairs, [-1, -2] * 5, [8, 9] * 5)
    assert found.result is Result.UNDECIDED
    assert found.finished
    assert found.effect is not None
    assert not found.effect.relative
    assert any("values of 0 or less" in text for text in found.warnings)


def test_differences_are_judged_by_the_absolute_margin(make_plan: Make, make_pairs: Make) -> None:
    found = judge(make_plan, make_pairs, [-1, -2] * 5, [8, 9] * 5, absolute_margin=1.0)
    assert found.result is Result.BETTER
    assert found.margin == 1.0
    assert judge(make_plan, make_pairs, [-1] * 10, [8] * 10, absolute_margin=20.0).result is (
        Result.EQUIVALENT
    )


def test_quantised_samples_are_compared(make_plan: Make, make_pairs: Make) -> None:
    found = judge(make_plan, make_pairs, [10, 20] * 20, [20, 30] * 20)
    assert found.result is Result.BETTER


def test_two_groups_of_samples_are_named(make_plan: Make, make_pairs: Make, noisy: Make) -> None:
    candidate = noisy(40, sd=0.01, seed=1) * np.tile([1.0, 1.0, 2.0, 2.0], 10)
    found = judge(make_plan, make_pairs, noisy(40, sd=0.01), candidate)
    assert any("candidate falls into two groups" in text for text in found.warnings)


def test_an_order_effect_is_shown_with_a_warning(make_plan: Make, make_pairs: Make, noisy: Make) -> None:
    candidate = noisy(40, sd=0.01, seed=1) * np.tile([1.06, 0.97], 20)
    found = judge(make_plan, make_pairs, noisy(40, sd=0.01), candidate)
    assert found.order_effect == pytest.approx(0.09, abs=0.02)
    assert any("began with the baseline" in text for text in found.warnings)


def test_huge_ratios_and_failures_give_finite_numbers(make_plan: Make, make_pairs: Make) -> None:
    found = judge(make_plan, make_pairs, [1e-200] * 39 + [None], [1e200] * 39 + [None])
    assert found.result is Result.BETTER
    assert all(isfinite(x) for x in numbers(asdict(found)))


@given(columns)
def test_swapping_the_arms_mirrors_the_verdict(
    make_plan: Make, make_pairs: Make, values: list[tuple[float, float]]
) -> None:
    one, other = zip(*values, strict=True)
    there = judge(make_plan, make_pairs, one, other, pairs=24)
    back = judge(make_plan, make_pairs, other, one, pairs=24)
    assert back.result is MIRROR.get(there.result, there.result)
    assert back.looks == there.looks
    assert (back.finished, back.smallest, back.more_pairs) == (
        there.finished,
        there.smallest,
        there.more_pairs,
    )


@given(columns, st.sampled_from([1e-6, 0.1, 3.0, 1e9]))
def test_scaling_both_arms_changes_nothing(
    make_plan: Make, make_pairs: Make, values: list[tuple[float, float]], factor: float
) -> None:
    one, other = np.array(values).T
    plain = judge(make_plan, make_pairs, one, other, pairs=24)
    scaled = judge(make_plan, make_pairs, one * factor, other * factor, pairs=24)
    assert (plain.result, plain.looks, plain.finished) == (scaled.result, scaled.looks, scaled.finished)
    assert numbers(asdict(plain)) == pytest.approx(numbers(asdict(scaled)), abs=1e-9)


@given(columns)
def test_better_and_worse_only_where_interval_and_test_agree(
    make_plan: Make, make_pairs: Make, values: list[tuple[float, float]]
) -> None:
    one, other = zip(*values, strict=True)
    found = judge(make_plan, make_pairs, one, other, pairs=len(values))
    if found.effect is not None:
        assert found.effect.low <= found.effect.estimate <= found.effect.high
    if found.result in MIRROR:
        assert found.effect is not None
        assert not found.effect.low <= 0 <= found.effect.high
        assert found.looks[-1].p_value <= found.looks[-1].alpha


arms = st.lists(
    st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True), st.just(0.0)), max_size=40
)


@given(one=arms, other=arms, planned=st.integers(1, 40))
def test_no_numbers_at_all_crash_it(
    make_plan: Make, make_pairs: Make, make_limit: Make, *, one: Any, other: Any, planned: int
) -> None:
    count = min(len(one), len(other))
    limits: tuple[Limit, ...] = (make_limit("tps <= 1.05 * baseline"), make_limit("tps >= 0"))
    pairs: list[Pair] = make_pairs(one[:count], other[:count])
    plan: Plan = make_plan(pairs=planned, limits=limits)
    found = compare(pairs, plan)
    assert found.explanation.endswith(".")
