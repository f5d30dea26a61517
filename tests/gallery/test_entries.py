from __future__ import annotations

import os
import re

import pytest
from entries import ROOT, entries

from autotune.flow.host import settled
from autotune.study.load import load

FACTS = {"host.cpus": 2, "host.memory_mib": 4096}
ALL = entries()


@pytest.mark.parametrize("entry", ALL, ids=lambda e: e.name)
def test_every_system_has_a_study_whose_first_comment_names_its_command(entry):
    comments = [line for line in entry.path.read_text().splitlines() if line.startswith("#")]
    assert f"autotune run {entry.path.relative_to(ROOT)}" in " ".join(comments)


@pytest.mark.parametrize("entry", ALL, ids=lambda e: e.name)
def test_metrics_that_an_entry_names_are_those_of_its_study(entry):
    names = {metric.name for metric in load(entry.path, facts=FACTS, read=settled).workload.metrics}
    named = {name for name in (entry.throughput, entry.response_time) if name}
    work = set() if entry.work in {"count", "rate", "sample"} else {entry.work}
    assert named | work <= names


@pytest.mark.parametrize("entry", ALL, ids=lambda e: e.name)
def test_every_system_that_may_gain_is_measured_by_hand(entry):
    if entry.expect == "gain":
        assert os.access(entry.by_hand, os.X_OK)
        assert not re.search(r"\bautotune\s+(run|compare|bench)", entry.by_hand.read_text())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: a", "'title' is missing"),
        ("name: a\n    colour: red", "unknown key 'colour'"),
        (
            "name: a\n    title: t\n    group: g\n    expect: much\n    measures: throughput",
            "expect is 'much'",
        ),
    ],
)
def test_a_wrong_entry_is_named_with_what_is_wrong(tmp_path, text, said):
    (tmp_path / "gallery.yaml").write_text(f"gallery:\n  - {text}\n")
    with pytest.raises(SystemExit, match=said):
        entries(tmp_path / "gallery.yaml")


def test_a_system_that_is_listed_twice_is_refused(tmp_path):
    one = "  - {name: a, title: t, group: g, expect: none, measures: throughput}\n"
    (tmp_path / "gallery.yaml").write_text(f"gallery:\n{one}{one}")
    with pytest.raises(SystemExit, match="listed twice: a"):
        entries(tmp_path / "gallery.yaml")
