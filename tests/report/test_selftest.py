from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from autotune.judge.doubts import Modes
from autotune.judge.drift import Drift
from autotune.judge.selftest import SelfTest
from autotune.model.verdict import Result, Verdict
from autotune.model.workload import Metric
from autotune.report.selftest import findings, next_step, title

LAT = Metric(name="lat", source="regex", where="x", unit="ms")
VERDICT = Verdict(
    metric="lat",
    result=Result.EQUIVALENT,
    effect=None,
    pairs=40,
    planned_pairs=40,
    margin=0.02,
    alpha=0.05,
    looks=(),
    limits=(),
    smallest=None,
    more_pairs=None,
    failures_baseline=0,
    failures_candidate=0,
    order_effect=None,
    warnings=(),
    explanation="",
    finished=True,
)
FOUND = SelfTest(
    pairs=40,
    relative=True,
    middle=12.5,
    sd=0.031,
    floor=0.0094,
    smallest=0.0162,
    needed={0.01: 95_000, 0.02: 1_234},
    order_effect=0.002,
    order_matters=False,
    level_drift=None,
    difference_drifts=False,
    modes=None,
    verdict=VERDICT,
)


@pytest.fixture
def line() -> Callable[..., str]:
    """The line of one finding, its columns apart by one space."""

    def find(name: str, **changed: object) -> str:
        lines = findings(replace(FOUND, **changed), LAT).splitlines()
        return " ".join(next(text for text in lines if text.startswith(name)).split())

    return find


def test_each_figure_says_what_it_means(line: Callable[..., str]) -> None:
    assert title("w", LAT, FOUND) == "w against itself: 40 pairs, lat 12.5 ms (median)"
    assert line("pair sd").startswith("pair sd 3.1 % how far two neighbouring samples")
    assert line("floor").startswith("floor 0.94 % 95 of 100 comparisons of a configuration with itself (40")
    assert line("smallest").startswith("smallest 1.6 % change that 40 pairs show with 80 % power")
    assert line("pairs for 1 %").startswith("pairs for 1 % > 10,000 to find such a change")
    assert line("pairs for 2 %") == "pairs for 2 % 1,234"


def test_differences_are_told_in_the_metrics_unit(line: Callable[..., str]) -> None:
    absolute = {"relative": False, "needed": {}, "floor": 0.5}
    assert line("floor", **absolute).startswith("floor 0.5 ms ")
    assert line("order", **absolute).startswith("order no matter 0.002 ms by which arm")


def test_doubts_are_told_where_there_are_some(line: Callable[..., str]) -> None:
    assert line("order").startswith("order no matter +0.2 % by which arm comes first, no more than chance")
    assert "reset the state before each sample" in line("order", order_matters=True)
    assert line("order", order_effect=None).startswith("order ?")
    assert line("drift").startswith("drift none")
    assert "within a pair changed" in line("drift", difference_drifts=True)
    drift = Drift(metric="lat", change=-2.0, share=-0.16, p_value=0.001, samples=80)
    assert "changed by -16.0 % over the test" in line("drift", level_drift=drift)
    assert "changed by -2 ms over the test" in line("drift", level_drift=replace(drift, share=None))
    assert line("groups").startswith("groups one")
    groups = Modes(10.0, 50, 20.0, 30)
    assert "50 samples around 10 ms, 30 around 20 ms" in line("groups", modes=groups)


@pytest.mark.parametrize("result", [Result.BETTER, Result.WORSE])
def test_a_configuration_that_differs_from_itself_is_a_false_alarm(
    line: Callable[..., str], result: Result
) -> None:
    assert f"verdict {result} FALSE ALARM" in line("verdict", verdict=replace(VERDICT, result=result))
    assert line("verdict").startswith("verdict equivalent rightly")
    undecided = replace(VERDICT, result=Result.UNDECIDED)
    assert line("verdict", verdict=undecided).startswith("verdict undecided no false alarm")


def test_next_step_says_what_follows_for_the_margin() -> None:
    sizes = {"floor": "3 %", "margin": "2 %"}
    assert "raises no margin" in next_step(built_in=True, raised=True, **sizes)[0]
    assert next_step(built_in=False, raised=True, **sizes)[0].startswith("margin   3 % from now on")
    assert next_step(built_in=False, raised=False, **sizes)[0].startswith("margin   2 % as before")
