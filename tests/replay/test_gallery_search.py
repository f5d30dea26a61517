from __future__ import annotations

import gallery_search
import pytest

RESULTS = {
    "objective": {"metric": "s", "direction": "minimize"},
    "baseline": {
        "samples": [{"state": "ok", "metrics": {"s": 10.0}}, {"state": "failed_config", "metrics": {}}]
    },
    "verdict": {"result": "better", "margin": 0.02, "effect": {"estimate": 0.4, "relative": True}},
    "trials": [
        {"state": "ok", "violation": 0.0, "value": 9.0},
        {"state": "failed_config", "violation": 0.0, "value": None},
        {"state": "ok", "violation": 0.3, "value": 1.0},
        {"state": "ok", "violation": 0.0, "value": 6.1},
    ],
}


def test_a_trial_reaches_the_result_within_the_margin_and_the_limits():
    found = gallery_search.trials(RESULTS)

    assert found["gains"] == [0.1, None, None, 0.39]
    assert found["proven"] == pytest.approx(0.38)
    assert gallery_search.first(found["gains"], found["proven"]) == 4


def test_more_is_better_where_the_objective_says_so():
    more = {**RESULTS, "objective": {"metric": "s", "direction": "maximize"}}

    assert gallery_search.trials(more)["gains"][0] == pytest.approx(-0.1)


def test_what_was_not_proven_has_nothing_to_reach():
    undecided = {**RESULTS, "verdict": {**RESULTS["verdict"], "result": "undecided"}}

    assert gallery_search.trials(undecided)["proven"] is None


def test_a_search_that_did_not_get_there_costs_one_trial_more_than_it_had():
    kept = {
        "samplers": {
            "tpe": {
                "a": {"proven": 0.5, "gains": [0.1, 0.6]},
                "b": {"proven": 0.5, "gains": [0.1, 0.2, 0.3, 0.5]},
            },
            "auto": {"a": {"proven": None, "gains": [0.6, 0.6]}, "b": {"proven": None, "gains": [0.1]}},
        }
    }
    head, a, b, last = gallery_search.table(kept)

    assert head[-2:] == ["`tpe` in", "`auto` in"]
    assert (a[-2:], b[-2:]) == (["2", "1"], ["4", "not reached"])
    assert last[-1].startswith("0.50 [")
