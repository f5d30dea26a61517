"""Bounds, environment, network and collectors of a workload, and what is said of mistakes in them."""

from __future__ import annotations

import pytest

from autotune.model.confine import Confine
from autotune.study.load import load_workload

WORKLOAD = """\
workload: w
command: [run, "{jobs}"]
metrics: {seconds: {wall: true}}
parameters: {jobs: {int: [1, 4], default: 1}}
"""


def read(folder, more, facts):
    (folder / "w.yaml").write_text(WORKLOAD + more)
    return load_workload(folder / "w.yaml", facts=facts)


def test_nothing_is_bounded_unless_asked_for(folder, facts):
    made = read(folder, "", facts)
    assert made.confine == Confine()
    assert (made.network, made.environment, made.pad_environment, made.collectors) == (
        "host",
        None,
        False,
        (),
    )


def test_every_bound_is_read_with_its_unit(folder, facts):
    more = (
        "confine: {memory: 512MiB, pids: 64, idle: 10s, file_size: 1GiB, cpus: [0], nice: 5}\n"
        "network: own\nenvironment: [PATH, HOME]\npad_environment: true\ncollectors: [gpu]\n"
    )
    made = read(folder, more, facts)
    assert made.confine == Confine(
        memory_bytes=512 << 20, pids=64, idle_s=10, file_size_bytes=1 << 30, cpus=(0,), nice=5
    )
    assert (made.network, made.environment, made.pad_environment) == ("own", ("PATH", "HOME"), True)
    assert made.collectors == ("gpu",)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("confine: {memory: 512}", "expected a size such as 64MiB, found 512 without a unit. Did you mean"),
        ("confine: {pids: 1}", "pids: expected at least 2, found 1"),
        ("confine: {memory: 1KiB}", "no program starts in 1KiB: 1MiB is the least"),
        ("confine: {cpus: [0, 4000]}", "CPU 4000 is not among those that may be used here: "),
        ("confine: {nice: -5}", "nice: expected at least 0, found -5"),
        ("confine: {idle: 0s}", "above zero, found '0s'"),
        ("confine: {memroy: 1MiB}", "unknown key 'memroy'"),
        ("network: mine", "network: expected one of host, own; found 'mine'"),
        ("environment: [A-B]", "expected the name of an environment variable"),
        ("collectors: [gpuu]", "collector 'gpuu' is not installed. Known: gpu. Did you mean 'gpu'?"),
    ],
)
def test_mistake_is_named_at_its_place(problems, more, message):
    found = problems(WORKLOAD + more, name="w.yaml")
    assert len(found) == 1
    assert "w.yaml:5:" in found[0] or found[0].startswith("5:")
    assert message in found[0]
