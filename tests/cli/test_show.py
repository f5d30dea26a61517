from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from autotune.cli.show import command
from autotune.core.strict_yaml import load

WORKLOAD = """\
workload: build
command: [make, "-j{jobs}"]
metrics: {seconds: {wall: true}}
parameters:
  jobs: {int: [1, 8], default: 2}
  arenas: {int: [1, 8], default: unset, apply: {env: ARENAS}, unit: "[red]"}
"""
STUDY = "study: first\nworkload: build.yaml\nobjective: {metric: seconds}\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "build.yaml").write_text(WORKLOAD)
    (tmp_path / "study.yaml").write_text(STUDY)
    return tmp_path


def shown(*arguments: object) -> str:
    done = CliRunner().invoke(command, list(map(str, arguments)), catch_exceptions=False)
    return done.output


def test_a_study_is_shown_as_a_table_of_its_parameters(folder):
    text = shown(folder / "study.yaml")
    assert "study first: minimize seconds, 60 trials" in text
    assert "int 1 to 8" in text
    assert "[red]" in text
    assert text.endswith("metrics: seconds\nevery key with its default: add --resolved\n")


@pytest.mark.parametrize("name", ["study.yaml", "build.yaml"])
def test_the_resolved_file_is_yaml_that_resolves_to_itself(folder, name):
    text = shown(folder / name, "--resolved")
    (folder / "again.yaml").write_text(text)
    assert shown(folder / "again.yaml", "--resolved") == text
    assert json.loads(shown(folder / name, "--json")) == load(text, "x").data


def test_an_override_is_shown(folder):
    assert "trials: 3" in shown(folder / "study.yaml", "--resolved", "--set", "budget.trials=3")


@pytest.mark.parametrize(
    ("pick", "told"),
    [
        ("", "pick knee"),
        ("pick: {weights: {seconds: 2, cpu: 1}}\n", "pick weights seconds 2, cpu 1"),
        ("pick: {lexicographic: [cpu, seconds], within: 2%}\n", "pick lexicographic cpu, seconds within 2%"),
        ("pick: {min: cpu, subject_to: [seconds <= 9]}\n", "pick min cpu subject to seconds <= 9"),
    ],
)
def test_several_objectives_are_shown_with_their_pick(folder, pick, told):
    (folder / "build.yaml").write_text(
        WORKLOAD.replace("wall: true}}", "wall: true}, cpu: {resource: cpu_s}}")
    )
    objectives = "objectives: [{metric: seconds}, {metric: cpu}]\n"
    (folder / "study.yaml").write_text(f"study: first\nworkload: build.yaml\n{objectives}{pick}")
    words = " ".join(shown(folder / "study.yaml").split())
    assert f"study first: minimize seconds, minimize cpu; {told}, 60 trials" in words
    resolved = shown(folder / "study.yaml", "--resolved")
    (folder / "again.yaml").write_text(resolved)
    assert shown(folder / "again.yaml", "--resolved") == resolved
