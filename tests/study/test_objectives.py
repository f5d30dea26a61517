from __future__ import annotations

from pathlib import Path

import pytest

from autotune.model.study import Objective, Pick
from autotune.study.load import load, load_document

FILE = """
study: s
workload:
  workload: w
  command: [x, "{a}"]
  metrics:
    speed: {wall: true, direction: maximize}
    ratio: {resource: cpu_s, direction: maximize}
    memory: {resource: peak_memory_bytes, unit: MiB}
  parameters:
    a: {int: [0, 9], default: 0}
"""
THREE = (
    "objectives: [{metric: speed}, {metric: ratio}, {metric: memory, min_gain: 5%, min_difference: 0.5}]\n"
)


@pytest.fixture
def loaded(tmp_path):
    def make(text):
        path = tmp_path / "study.yaml"
        path.write_text(FILE + text)
        study = load(path, facts={})
        again = load_document(study.document, path=path, facts={})
        assert (again.objectives, again.pick, again.further) == (study.objectives, study.pick, study.further)
        return study

    return make


def test_one_objective_is_as_ever(loaded):
    study = loaded("objective: {metric: speed}\n")
    assert (study.objectives, study.further) == (("speed",), ())
    assert "objectives" not in study.document
    assert "pick" not in study.document


def test_several_have_directions_and_margins_of_their_own(loaded):
    study = loaded(THREE)
    assert study.objectives == ("speed", "ratio", "memory")
    assert study.directions == ("maximize", "maximize", "minimize")
    assert study.further[1] == Objective(metric="memory", min_gain=0.05, min_difference=0.5)
    assert [one.validation.min_gain for one in study.each] == [0.02, 0.02, 0.05]
    assert study.of("memory").validation.min_difference == 0.5
    assert study.of("memory").direction == "minimize"


def test_the_pick_is_the_knee_where_none_is_written(loaded):
    study = loaded(THREE)
    assert study.pick == Pick(kind="knee")
    assert study.document["pick"] == "knee"


@pytest.mark.parametrize(
    ("pick", "first", "kind"),
    [
        ("{weights: {speed: 2, ratio: 1, memory: 0.5}}", "speed", "weights"),
        ("{lexicographic: [ratio, memory, speed], within: 1%}", "ratio", "lexicographic"),
        ('{max: ratio, subject_to: ["speed >= 0.9 * baseline", "memory <= 64MiB"]}', "ratio", "bounded"),
        ('{min: memory, subject_to: ["speed >= baseline"]}', "memory", "bounded"),
    ],
)
def test_what_the_pick_names_first_leads(loaded, pick, first, kind):
    study = loaded(f"{THREE}pick: {pick}\n")
    assert (study.objective, study.pick.kind) == (first, kind)
    assert set(study.objectives) == {"speed", "ratio", "memory"}


def test_the_first_objectives_margin_is_the_validations(loaded):
    study = loaded(THREE + 'pick: {min: memory, subject_to: ["speed >= baseline"]}\n')
    assert (study.validation.min_gain, study.validation.min_difference) == (0.05, 0.5)
    assert [one.min_gain for one in study.further] == [0.02, 0.02]


def test_bounds_are_read_in_the_objectives_unit(loaded):
    study = loaded(THREE + 'pick: {max: speed, subject_to: ["memory <= 2GiB"]}\n')
    assert study.pick.subject_to[0].bound == 2048.0


ZSTD = """
study: zstd-front
workload: {workload}
objectives: [{{metric: speed}}, {{metric: ratio, min_gain: 0.5%}}]
pick: {pick}
limits: ["failures == 0"]
sampler: {{name: random, seed: 7}}
budget: {{trials: 40, wall: 420s}}
validate: {{pairs: 40, min_gain: 3%}}
"""


@pytest.mark.parametrize(
    ("pick", "objectives"),
    [
        ("knee", ("speed", "ratio")),
        ('{max: speed, subject_to: ["ratio >= 0.999 * baseline"]}', ("speed", "ratio")),
        ("{lexicographic: [ratio, speed], within: 1%}", ("ratio", "speed")),
    ],
)
def test_zstd_can_be_tuned_for_speed_and_ratio(tmp_path, pick, objectives):
    workload = Path(__file__).resolve().parents[2] / "workloads" / "zstd.yaml"
    path = tmp_path / "study.yaml"
    path.write_text(ZSTD.format(workload=workload, pick=pick))
    study = load(path, facts={"host.cpus": 2, "host.memory_mib": 4096})
    assert study.objectives == objectives
    assert {one.objective: one.validation.min_gain for one in study.each} == {"speed": 0.03, "ratio": 0.005}
