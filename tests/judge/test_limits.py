from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autotune.judge.compare import Pair, Plan
from autotune.judge.limits import judge_limit
from autotune.model.study import Limit
from autotune.model.verdict import Held, LimitVerdict

Judge = Callable[[str, Any, Any], LimitVerdict]


@pytest.fixture
def judge(
    make_limit: Callable[[str], Limit],
    make_pairs: Callable[..., list[Pair]],
    make_plan: Callable[..., Plan],
) -> Judge:
    """The verdict on a limit over `p95`, from the two columns of it."""

    def judged(text: str, baseline: Any, candidate: Any) -> LimitVerdict:
        arms = [[None if v is None else {"p95": float(v)} for v in arm] for arm in (baseline, candidate)]
        return judge_limit(make_limit(text), make_pairs(*arms), make_plan()).verdict

    return judged


@pytest.mark.parametrize(
    ("text", "ratio", "held"),
    [
        ("p95 <= 1.05 * baseline", 1.0, Held.HELD),
        ("p95 <= 1.05 * baseline", 1.05, Held.UNSURE),
        ("p95 <= 1.05 * baseline", 1.2, Held.BROKEN),
        ("p95 >= 0.9 * baseline", 1.0, Held.HELD),
        ("p95 >= 0.9 * baseline", 0.8, Held.BROKEN),
        ("p95 <= 0.5 * baseline", 0.4, Held.HELD),
    ],
)
def test_relative_limit_is_judged_on_the_pairs(
    judge: Judge, noisy: Callable[..., np.ndarray], text: str, ratio: float, held: Held
) -> None:
    found = judge(text, noisy(40), noisy(40, centre=100 * ratio, seed=1))
    assert found.held is held
    assert found.seen == pytest.approx(ratio, rel=0.02)


def test_worst_lies_between_what_was_seen_and_a_held_bound(
    judge: Judge, noisy: Callable[..., np.ndarray]
) -> None:
    found = judge("p95 <= 1.05 * baseline", noisy(40), noisy(40, seed=1))
    assert found.seen < found.worst <= found.bound == 1.05


@pytest.mark.parametrize(
    ("text", "centre", "held"),
    [
        ("p95 <= 20", 10.0, Held.HELD),
        ("p95 <= 20", 20.0, Held.UNSURE),
        ("p95 <= 20", 30.0, Held.BROKEN),
        ("p95 >= 20", 30.0, Held.HELD),
        ("p95 <= -1", 30.0, Held.BROKEN),
    ],
)
def test_absolute_limit_is_judged_on_the_candidate_alone(
    judge: Judge, noisy: Callable[..., np.ndarray], text: str, centre: float, held: Held
) -> None:
    found = judge(text, np.full(40, 1e6), noisy(40, centre=centre))
    assert found.held is held
    assert found.seen == pytest.approx(centre, rel=0.03)


def test_a_bound_that_is_just_kept_by_constant_samples_holds(judge: Judge) -> None:
    assert judge("p95 <= 1 * baseline", [7] * 40, [7] * 40).held is Held.HELD
    assert judge("p95 <= 7", [7] * 40, [7] * 40).held is Held.HELD


def test_metric_of_zeros_keeps_a_relative_limit(judge: Judge) -> None:
    found = judge("p95 <= 1.05 * baseline", [0] * 40, [0] * 40)
    assert (found.held, found.seen, found.bound) == (Held.HELD, 0, 0)


def test_relative_limit_on_values_of_zero_or_less_compares_the_distance(judge: Judge) -> None:
    found = judge("p95 <= 2 * baseline", [0, 1] * 20, [1, 6] * 20)
    assert found.held is Held.BROKEN
    assert 1 <= found.seen <= 4


@pytest.mark.parametrize("text", ["p95 <= 1.05 * baseline", "p95 <= 20"])
def test_failures_of_the_candidate_break_a_limit(judge: Judge, text: str) -> None:
    assert judge(text, [10] * 40, [None] * 40).held is Held.BROKEN


@pytest.mark.parametrize("count", [0, 1, 9])
def test_before_the_first_look_a_limit_is_unsure(judge: Judge, count: int) -> None:
    assert judge("p95 <= 20", [10] * count, [10] * count).held is Held.UNSURE


def test_nothing_is_held_by_pairs_that_both_failed(judge: Judge) -> None:
    found = judge("p95 <= 1.05 * baseline", [None] * 36 + [10] * 4, [None] * 36 + [10] * 4)
    assert found.held is Held.UNSURE


def test_held_at_an_early_look_stands(judge: Judge) -> None:
    early = [10.0] * 10
    assert judge("p95 <= 20", [10] * 40, early + [30.0] * 30).held is Held.HELD


@pytest.mark.parametrize(
    ("text", "baseline", "candidate", "held"),
    [
        ("failures == 0", [1, 1, 1], [1, None, 1], Held.BROKEN),
        ("failures == 0", [1, None, 1], [1, 1, 1], Held.HELD),
        ("failures <= 2", [1, 1, 1], [None, None, 1], Held.HELD),
        ("failures <= 1 * baseline", [None, 1, 1], [None, 1, 1], Held.HELD),
        ("failures <= 1 * baseline", [None, 1, 1], [None, None, 1], Held.BROKEN),
    ],
)
def test_failures_are_counted_without_waiting_for_a_look(
    judge: Judge, text: str, baseline: Any, candidate: Any, held: Held
) -> None:
    assert judge(text, baseline, candidate).held is held
