"""Blocks of configurations: what each adds, what may go, what the time left out."""

from __future__ import annotations

from dataclasses import replace
from math import inf, log, sqrt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotune.judge.contest import added, dispensable, drop_looks, estimate, failed, gain, spared
from autotune.judge.reduction import own_effects, taken_back
from autotune.judge.reserve import expected_pairs
from autotune.judge.undone import undone
from autotune.model.run import BlockSample, Confirmation, Contest, Entrant, RunRecord
from autotune.model.space import Apply, Parameter, Space
from autotune.model.study import Budget, Study, Validation
from autotune.model.trial import Sample, State, Trial
from autotune.model.verdict import Effect, Held, Result, Verdict
from autotune.model.workload import Metric, Workload

NAMES = ("a", "b", "c")
WINNER = dict.fromkeys(NAMES, 1)


def parameter(name: str) -> Parameter:
    return Parameter(name=name, kind="int", default=0, low=0, high=3, apply=Apply(actuator="argv"))


def make_study() -> Study:
    return Study(
        name="s",
        path=Path("s.yaml"),
        workload=Workload(
            name="w",
            driver="command",
            folder=Path(),
            metrics=(Metric(name="tps", source="wall", direction="maximize"),),
            space=Space(parameters=tuple(map(parameter, NAMES))),
        ),
        objective="tps",
        budget=Budget(trials=1, wall_s=60),
        validation=Validation(pairs=40, min_gain=0.02),
        baseline=dict.fromkeys(NAMES, 0),
    )


@pytest.fixture(scope="module")
def study() -> Study:
    return make_study()


def contest(*columns, stage="screen", blocks=None, number=0, without=None):
    """Entrants whose samples are the columns; None is a failed one."""
    without = without or [(), *((name,) for name in NAMES)]
    entrants = tuple(
        Entrant(trial=0, config={**WINNER, **dict.fromkeys(names, 0)}, without=names)
        for names, _ in zip(without, columns, strict=False)
    )
    samples = tuple(
        BlockSample(
            block=block,
            entrant=entrant,
            order=entrant,
            sample=Sample(state=State.FAILED_CONFIG)
            if value is None
            else Sample(state=State.OK, metrics={"tps": float(value)}),
        )
        for entrant, column in enumerate(columns)
        for block, value in enumerate(column)
    )
    return Contest(
        number=number,
        round=0,
        stage=stage,
        entrants=entrants,
        blocks=len(columns[0]) if blocks is None else blocks,
        samples=samples,
    )


def record(*contests, confirmations=()):
    return RunRecord(
        run="r",
        study="s",
        document={},
        host={},
        trials=(Trial(number=0, config=WINNER, origin="tpe", state=State.OK, value=1.0),),
        contests=contests,
        confirmations=confirmations,
    )


def verdict(**changes) -> Verdict:
    usual = {
        "metric": "tps",
        "result": Result.BETTER,
        "effect": Effect(estimate=0.3, low=0.2, high=0.4, level=0.97),
        "pairs": 10,
        "planned_pairs": 40,
        "margin": 0.02,
        "alpha": 0.05,
        "looks": (),
        "limits": (),
        "smallest": None,
        "more_pairs": None,
        "failures_baseline": 0,
        "failures_candidate": 0,
        "order_effect": None,
        "warnings": (),
        "explanation": "",
        "finished": True,
    }
    return Verdict(**{**usual, **changes})


def test_a_half_measured_block_does_not_count():
    whole = contest([100] * 8, [50] * 8)
    cut = replace(whole, samples=tuple(s for s in whole.samples if (s.block, s.entrant) != (5, 1)))
    assert cut.whole == 5
    assert len(cut.of(0)) == 5


def test_what_a_change_adds_is_the_winner_against_itself_without_it(study):
    found = contest([120] * 8, [100] * 8)
    assert added(study, found, 1).estimate == pytest.approx(0.2)
    assert gain(study, found, 1).estimate == pytest.approx(100 / 120 - 1)
    assert estimate(study, found, 1) == pytest.approx(-log(1.2))


def test_less_is_better_turns_the_sign(study):
    metric = Metric(name="tps", source="wall", direction="minimize")
    turned = replace(study, workload=replace(study.workload, metrics=(metric,)))
    assert added(turned, contest([80] * 8, [100] * 8), 1).estimate == pytest.approx(0.2)


def test_too_few_blocks_tell_nothing(study):
    few = contest([120] * 5, [100] * 5)
    assert added(study, few, 1) is None
    assert taken_back(study, record(few), 0) == ()
    assert estimate(study, contest([], [], blocks=8), 1) == -inf


def test_nothing_is_dispensable_that_fails_alone(study):
    failing = contest([100] * 8, [100] * 7 + [None])
    assert failed(failing, 1) == 1
    assert dispensable(study, failing) == ()
    assert spared(study, failing, 1, looked=(8,)) is Held.BROKEN


def test_the_least_missed_change_stands_first(study):
    steps = [1, -1, 1, -1, 1, -1, 1, -1]
    columns = [[100 + 0.1 * s + cost for s in steps] for cost in (0, -0.5, -0.1, -30)]
    assert dispensable(study, contest(*columns)) == (2, 1)


def test_a_single_dispensable_change_goes_by_its_screening_alone(study):
    assert taken_back(study, record(contest([100] * 8, [70] * 8, [80] * 8, [100] * 8)), 0) == ("c",)


def test_two_dispensable_changes_need_a_test_together(study):
    screen = contest([100] * 8, [70] * 8, [100] * 8, [100] * 8)
    assert taken_back(study, record(screen), 0) == ()
    together = contest([100] * 40, [100] * 40, stage="drop", number=1, without=[(), ("b", "c")])
    assert taken_back(study, record(screen, together), 0) == ("b", "c")
    needed = contest([100] * 40, [70] * 40, stage="drop", number=1, without=[(), ("b", "c")])
    assert taken_back(study, record(screen, needed), 0) == ()


def test_a_test_of_dropping_ends_at_its_first_look_that_tells(study):
    early = contest([100] * 10, [100] * 10, stage="drop", blocks=40)
    assert spared(study, early, 1, looked=drop_looks(early)) is Held.HELD
    worse = contest([100] * 10, [50] * 10, stage="drop", blocks=40)
    assert spared(study, worse, 1, looked=drop_looks(worse)) is Held.BROKEN
    between = contest([100] * 9, [100] * 9, stage="drop", blocks=40)
    assert spared(study, between, 1, looked=drop_looks(between)) is Held.UNSURE


def test_a_contest_without_blocks_says_nothing(study):
    none = contest([], [], stage="drop", blocks=0)
    assert drop_looks(none) == ()
    assert spared(study, none, 1, looked=()) is Held.UNSURE


@given(st.lists(st.floats(0.5, 2), min_size=8, max_size=8), st.floats(0.01, 100))
def test_the_scale_of_the_metric_changes_no_answer(values, scale):
    one = make_study()
    plain = contest([1.0] * 8, values)
    scaled = contest([scale] * 8, [scale * v for v in values])
    assert spared(one, plain, 1, looked=(8,)) is spared(one, scaled, 1, looked=(8,))


@pytest.mark.slow
@pytest.mark.parametrize("sd", [0.01, 0.03])
def test_a_change_worth_the_margin_is_rarely_taken_back(study, sd):
    random, count, wrong = np.random.default_rng(4), 1500, 0
    for _ in range(count):
        whole, without = np.exp(random.normal(0, sd / sqrt(2), (2, 40)))
        found = contest(whole, without / 1.02, stage="drop")
        wrong += spared(study, found, 1, looked=drop_looks(found)) is Held.HELD
    assert wrong / count <= 0.05 + 3 * sqrt(0.05 * 0.95 / count)


def test_a_single_change_has_the_verdicts_own_effect(study):
    one = Confirmation(attempt=0, trial=0, config={"a": 1, "b": 0, "c": 0}, alpha=0.04, pairs=40)
    found = verdict()
    assert own_effects(study, record(), one, found) == {"a": (found.effect, 10)}


def test_only_changes_that_are_in_the_profile_have_an_effect(study):
    screen = contest([100] * 8, [70] * 8, [80] * 8, [100] * 8)
    reduced = Confirmation(attempt=0, trial=0, config={"a": 1, "b": 1, "c": 0}, alpha=0.04, pairs=40)
    effects = own_effects(study, record(screen), reduced, verdict())
    assert list(effects) == ["a", "b"]
    assert effects["a"][0].estimate == pytest.approx(100 / 70 - 1)
    assert effects["a"][1] == 8


@pytest.mark.parametrize(
    ("contests", "config", "said"),
    [
        ([contest([1] * 4, [1] * 4, stage="select", blocks=6)], WINNER, ["4 of 6 blocks to choose"]),
        ([contest([], [], blocks=0)], WINNER, ["did not allow to measure what each change adds"]),
        ([contest([1] * 8, [1] * 8, [1] * 8)], WINNER, ["did not allow to test which changes"]),
        (
            [
                contest([1] * 8, [1] * 8, [1] * 8),
                contest([1] * 9, [1] * 9, stage="drop", number=1, blocks=20, without=[(), ("a", "b")]),
            ],
            WINNER,
            ["9 pairs to test whether a, b can be taken back"],
        ),
        ([contest([2] * 8, [1] * 8, [1] * 8, [1] * 8)], WINNER, []),
    ],
)
def test_what_the_time_did_not_allow_is_said(study, contests, config, said):
    one = Confirmation(attempt=0, trial=0, config=config, alpha=0.05, pairs=40)
    found = undone(study, record(*contests, confirmations=(one,)), one, verdict())
    assert len(found) == len(said)
    assert all(part in sentence for part, sentence in zip(said, found, strict=True))


def test_a_missing_second_chance_and_missing_pairs_are_said(study):
    reduced = Confirmation(attempt=0, trial=0, config={**WINNER, "b": 0}, alpha=0.04, pairs=40)
    open_ = verdict(result=Result.UNDECIDED, finished=False, pairs=20)
    found = undone(study, record(confirmations=(reduced,)), reduced, open_)
    assert ["20 of 40 pairs" in found[0], "second chance" in found[1]] == [True, True]


def test_without_a_bound_on_time_nothing_was_left_out_for_it(study):
    free = replace(study, budget=Budget(trials=1))
    one = Confirmation(attempt=0, trial=0, config=WINNER, alpha=0.05, pairs=40)
    assert undone(free, record(contest([], [], blocks=0)), one, verdict()) == ()


def selection(better: float, spread: float, blocks: int = 6):
    """The second entrant is better than the first by this logarithm, under noise of such a spread."""
    noise = np.random.default_rng(2).normal(0, spread, (2, blocks))
    columns = 100 * np.exp(noise + np.array([[0.0], [better]]))
    return contest(*columns, stage="select", without=[(), ()])


@pytest.mark.parametrize(("better", "spread", "pairs"), [(1.5, 0.1, 20), (0.1, 0.1, 30), (0.05, 0.1, 40)])
def test_a_gain_that_is_hard_to_tell_has_more_pairs_set_aside(study, better, spread, pairs):
    assert expected_pairs(study, selection(better, spread), 1, alpha=0.05) == pairs


def test_without_a_gain_worth_the_margin_all_pairs_are_set_aside(study):
    assert expected_pairs(study, selection(0.0, 0.001), 1, alpha=0.05) == 40


def test_a_selection_without_blocks_sets_aside_up_to_the_second_look(study):
    nothing = contest((), (), stage="select", blocks=0, without=[(), ()])
    assert expected_pairs(study, nothing, 1, alpha=0.05) == 20
