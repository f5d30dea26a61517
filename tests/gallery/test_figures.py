from __future__ import annotations

import figures
import pytest


def system(name, *, proven=True, **shares):
    return {"name": name, "figures": shares, "verdict": {"proven": proven}}


def test_the_mean_over_systems_is_geometric():
    results = [system("a", throughput=2.0), system("b", throughput=8.0), system("c", cpu=0.5)]
    found = {one.goal.key: one for one in figures.overall(results)}
    assert found["throughput"].share == pytest.approx(4)
    assert found["throughput"].systems == ("a", "b")
    assert found["cpu"].share == pytest.approx(2)


def test_less_of_a_resource_is_more_work_for_the_same():
    shares = figures.shares(system("a", cpu=0.5, memory=2.0))
    assert shares["cpu"] == 2
    assert shares["efficiency"] == pytest.approx(1)


def test_what_is_not_proven_counts_as_unchanged():
    assert figures.shares(system("a", proven=False, throughput=3.0, cpu=0.1)) == {
        "throughput": 1.0,
        "cpu": 1.0,
        "efficiency": 1.0,
    }
    assert figures.slack([system("a", proven=False, throughput=3.0)]) == []


def test_there_is_no_interval_below_three_systems():
    assert figures.interval([2.0, 3.0]) == (None, None)
    low, high = figures.interval([1.5, 2.0, 3.0])
    assert 1.49 < low < 2.08 < high < 3.01
    assert figures.interval([1.5, 2.0, 3.0]) == (low, high)


def test_targets_are_met_on_their_own_side():
    goals = {goal.key: goal for goal in figures.GOALS}
    assert goals["throughput"].met(1.4)
    assert not goals["throughput"].met(1.39)
    assert goals["response_time"].met(0.7)
    assert not goals["response_time"].met(0.71)
    assert goals["cpu"].met(1.25)
