from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autotune.judge.compare import compare
from autotune.model.verdict import Result

Make = Callable[..., Any]


@pytest.mark.parametrize(
    ("direction", "candidate", "start"),
    [
        ("maximize", 118.2, "tps is 18.2 % higher [+18.2 %, +18.2 %], 10 pairs"),
        ("minimize", 118.2, "tps is 18.2 % higher [+18.2 %, +18.2 %], 10 pairs"),
        ("minimize", 88.0, "tps is 12.0 % lower [-12.0 %, -12.0 %], 10 pairs"),
        ("maximize", 100.5, "tps stays within 2.0 % of the baseline: +0.5 % [+0.5 %, +0.5 %], 10 pairs"),
    ],
)
def test_changes_are_those_of_the_metric_itself(
    make_plan: Make, make_pairs: Make, *, direction: str, candidate: float, start: str
) -> None:
    found = compare(make_pairs([100] * 10, [candidate] * 10), make_plan(direction=direction))
    assert found.explanation.startswith(start)


def test_differences_are_written_as_plain_numbers(make_plan: Make, make_pairs: Make) -> None:
    found = compare(make_pairs([-1.0] * 10, [8.0] * 10), make_plan(absolute_margin=1.0))
    assert found.explanation == "tps is 9 higher [+9, +9], 10 pairs."


def test_the_first_look_is_named_before_it(make_plan: Make, make_pairs: Make) -> None:
    found = compare(make_pairs([100], [100]), make_plan())
    assert found.explanation == "tps is undecided after 1 pair: the first look is at 10."


def test_a_small_but_sure_difference_says_why_it_is_undecided(
    make_plan: Make, make_pairs: Make, noisy: Make
) -> None:
    pairs = make_pairs(noisy(40, sd=0.008), noisy(40, centre=101.7, sd=0.008, seed=1))
    found = compare(pairs, make_plan())
    assert found.result is Result.UNDECIDED
    assert "a difference that is not shown to reach the margin" in found.explanation


@pytest.mark.parametrize("sd", [0.001, 0.02, 0.04, 0.3])
def test_sameness_is_never_claimed(make_plan: Make, make_pairs: Make, noisy: Make, sd: float) -> None:
    found = compare(make_pairs(noisy(40, sd=sd), noisy(40, sd=sd, seed=1)), make_plan())
    assert not any(word in found.explanation for word in ("no regression", "no difference", "equivalent"))
    assert "would have been seen with 80 % power" in found.explanation


def test_broken_limit_is_named_with_its_figures(make_plan: Make, make_pairs: Make, make_limit: Make) -> None:
    arms = ([{"tps": 100.0, "p95": 10.0}] * 10, [{"tps": 120.0, "p95": 12.0}] * 10)
    found = compare(make_pairs(*arms), make_plan(limits=(make_limit("p95 <= 1.05 * baseline"),)))
    assert "the limit 'p95 <= 1.05 * baseline' is broken (1.2, bound 1.05)" in found.explanation


def test_huge_changes_stay_short(make_plan: Make, make_pairs: Make) -> None:
    found = compare(make_pairs(np.full(10, 1e-9), np.full(10, 1e9)), make_plan())
    assert found.explanation.startswith("tps is 1e+20 % higher")
