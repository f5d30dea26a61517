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
