from __future__ import annotations

import pytest

from autotune.model.study import Abort
from autotune.study.load import load_document

SECONDS = "study: s\nworkload: build.yaml\nobjective: {metric: seconds}\n"
WALL = ("objective.metric=seconds", "abort.beyond=3")


def test_nothing_is_aborted_unless_the_study_says_so(study):
    found = study()
    assert found.abort is None
    assert "abort" not in found.document


def test_abort_is_read_from_the_file_and_from_the_command_line(study):
    assert study("", overrides=WALL).abort == Abort(beyond=3.0)
    assert study("abort: {beyond: 1.5}\n", overrides=WALL[:1]).abort == Abort(beyond=1.5)


def test_recorded_study_knows_when_it_aborts(study, facts):
    found = study("", overrides=WALL)
    assert load_document(found.document, path=found.path, facts=facts).abort == found.abort


@pytest.mark.parametrize("metric", ["{wall: true}", "{wall: true, unit: ms}", "{resource: wall_s}"])
def test_wall_time_can_be_aborted_in_whatever_way_it_is_said(study, metric):
    assert study("", overrides=(*WALL, f"workload.metrics.seconds={metric}")).abort


@pytest.mark.parametrize(
    ("metric", "why"),
    [
        ("ops", "it is to be maximised"),
        ("p95_ms", "its source (regex) tells nothing before the sample has ended"),
        ("cpu", "its source (resource) tells nothing before the sample has ended"),
        ("idle", "it is to be maximised"),
    ],
)
def test_objective_of_which_time_tells_nothing_is_refused_with_those_that_can_be(problems, metric, why):
    more = (
        "workload.metrics.cpu={resource: cpu_s}",
        "workload.metrics.idle={wall: true, direction: maximize}",
    )
    text = SECONDS.replace("seconds", metric) + "abort: {beyond: 3}\n"
    (found,) = problems(text, overrides=more)
    assert found == (
        f"study.yaml:4:1: '{metric}' cannot be aborted: {why}. Only an objective that grows while the "
        "sample runs can be: one that is minimised and is the sample's wall time "
        "('wall: true' or 'resource: wall_s')"
    )


def test_several_objectives_are_refused(problems):
    both = "objectives: [{metric: seconds}, {metric: ops}]"
    several = SECONDS.replace("objective: {metric: seconds}", both)
    (found,) = problems(f"{several}abort: {{beyond: 3}}\n")
    assert found.startswith("study.yaml:4:1: several objectives cannot be aborted: the others would have no")


@pytest.mark.parametrize("beyond", ["1", "0", "-2", "1001", "'3'", "true", "3x", "[3]"])
def test_factor_that_makes_no_sense_is_refused(problems, beyond):
    (found,) = problems(f"{SECONDS}abort: {{beyond: {beyond}}}\n")
    assert "expected a number above 1, at most 1000, such as 3; found" in found
    assert found.startswith("study.yaml:4:")


def test_factor_has_to_be_there(problems):
    (found,) = problems(f"{SECONDS}abort: {{}}\n")
    assert "key 'beyond' is missing" in found


def test_unknown_metric_is_told_once(problems):
    (found,) = problems(SECONDS.replace("seconds", "secnods") + "abort: {beyond: 3}\n")
    assert "secnods" in found
