from __future__ import annotations

import pytest

from autotune.flow.estimate import expected
from autotune.study.load import load_document


def study(tmp_path, *, jobs=(1, 8), duration=None, more=False, **keys):
    second = {"load": {"int": [1, 9], "default": 1}} if more else {}
    workload = {
        "workload": "w",
        "command": ["make", "-j{jobs}", *(["-l{load}"] if more else [])],
        "metrics": {"seconds": {"wall": True}},
        "parameters": {"jobs": {"int": list(jobs), "default": 1}, **second},
        **({"duration": duration} if duration else {}),
    }
    document = {"study": "s", "workload": workload, "objective": {"metric": "seconds"}, **keys}
    return load_document(document, path=tmp_path / "s.yaml", facts={})


def test_samples_are_baseline_trials_blocks_warm_ups_and_pairs(tmp_path):
    found = expected(study(tmp_path, jobs=(1, 99), budget={"trials": 20}, validate={"pairs": 12}))
    blocks = 6 * 4
    assert (found.least_samples, found.most_samples) == (5 + 24 + blocks + 2 + 6, 5 + 24 + blocks + 2 + 28)
    assert found.least_s is None
    assert found.sentence() == "61 to 83 samples; how long one takes is not known before the first run"


def test_a_reduction_costs_blocks_of_every_parameter_and_the_pairs_of_a_test(tmp_path):
    rules = {"candidates": 1, "pairs": 12}
    whole = expected(study(tmp_path, jobs=(1, 99), more=True, budget={"trials": 20}, validate=rules))
    without = expected(
        study(tmp_path, jobs=(1, 99), more=True, budget={"trials": 20}, validate={**rules, "reduce": False})
    )
    assert whole.most_samples - without.most_samples == 8 * 3 + 2 * 12
    assert whole.least_samples == without.least_samples == 5 + 24 + 2 + 6


def test_repeats_and_a_plateau_widen_the_range(tmp_path):
    keys = {
        "budget": {"trials": 20, "plateau": {"trials": 10}},
        "repeats": {"min": 2, "max": 3, "until": "ci95 <= 3%"},
    }
    found = expected(study(tmp_path, jobs=(1, 99), **keys))
    assert (found.least_samples, found.most_samples) == (5 + 22 + 24 + 2 + 20, 5 + 64 + 24 + 2 + 96)


def test_a_small_space_ends_the_search_before_the_budget(tmp_path):
    assert expected(study(tmp_path)).most_samples == 5 + 8 + 24 + 2 + 96


def test_seconds_follow_from_earlier_samples_or_the_duration_within_the_wall_time(tmp_path):
    timed = study(
        tmp_path, duration="700ms", budget={"trials": 20, "wall": "60s"}, validate={"candidates": 1}
    )
    found = expected(timed)
    assert (found.least_s, found.most_s) == (pytest.approx(35), 60)
    assert found.sentence() == "35 to 111 samples, about 35 s to 60 s"
    assert expected(timed, 0.1).most_s == pytest.approx(11.1)
