from __future__ import annotations

import pytest

from autotune.flow.estimate import expected
from autotune.study.load import load_document


def study(tmp_path, *, jobs=(1, 8), duration=None, **keys):
    workload = {
        "workload": "w",
        "command": ["make", "-j{jobs}"],
        "metrics": {"seconds": {"wall": True}},
        "parameters": {"jobs": {"int": list(jobs), "default": 1}},
        **({"duration": duration} if duration else {}),
    }
    document = {"study": "s", "workload": workload, "objective": {"metric": "seconds"}, **keys}
    return load_document(document, path=tmp_path / "s.yaml", facts={})


def test_samples_are_baseline_trials_warm_ups_and_pairs(tmp_path):
    found = expected(study(tmp_path, jobs=(1, 99), budget={"trials": 20}, validate={"pairs": 12}))
    assert (found.least_samples, found.most_samples) == (5 + 24 + 2 + 6, 5 + 24 + 2 + 28)
    assert found.least_s is None
    assert found.sentence() == "37 to 59 samples; how long one takes is not known before the first run"


def test_repeats_and_a_plateau_widen_the_range(tmp_path):
    keys = {
        "budget": {"trials": 20, "plateau": {"trials": 10}},
        "repeats": {"min": 2, "max": 3, "until": "ci95 <= 3%"},
    }
    found = expected(study(tmp_path, jobs=(1, 99), **keys))
    assert (found.least_samples, found.most_samples) == (5 + 22 + 2 + 20, 5 + 64 + 2 + 96)


def test_a_small_space_ends_the_search_before_the_budget(tmp_path):
    assert expected(study(tmp_path)).most_samples == 5 + 8 + 2 + 96


def test_seconds_follow_from_earlier_samples_or_the_duration_within_the_wall_time(tmp_path):
    timed = study(tmp_path, duration="700ms", budget={"trials": 20, "wall": "60s"})
    found = expected(timed)
    assert (found.least_s, found.most_s) == (pytest.approx(35), 60)
    assert found.sentence() == "35 to 111 samples, about 35 s to 60 s"
    assert expected(timed, 0.1).most_s == pytest.approx(11.1)
