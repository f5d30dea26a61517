"""Known work against what is reported of it, by each kind of control group that is here, and by none.

CPU time and bytes are compared, never wall time: the machine may be busy. What version 2's memory and pids
controllers say is tested against fake trees (tests/sidecar/test_figures.py) where they are not here.
"""

import os
import runpy
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autotune.measure.detached import detached
from autotune.measure.host import describe
from autotune.measure.launcher import Launcher
from autotune.measure.outcome import Outcome, Request
from autotune.measure.resources import resources
from autotune.model.trial import Resource
from autotune.sidecar import layout

MIB = 1 << 20
KINDS = [kind for kind in ("auto", "v1", "v2") if layout.find(kind).places]

Measure = Callable[[str], Outcome]

SCENARIOS = runpy.run_path(str(Path(__file__).parents[2] / "benchmarks" / "accuracy.py"))["SCENARIOS"]


@pytest.fixture(params=[*KINDS, "none"])
def kind(request: pytest.FixtureRequest) -> str:
    """The control groups that may be used."""
    return str(request.param)


@pytest.fixture
def measured(kind: str, tmp_path: Path) -> Iterator[Measure]:
    """Runs Python code and gives its outcome."""
    with Launcher(kind) as launcher:  # type: ignore[arg-type]

        def run(code: str) -> Outcome:
            argv = (sys.executable, "-c", code)
            outcome = launcher.run(
                Request(argv=argv, cwd=tmp_path, env=os.environ, timeout_s=120, monitor=True)
            )
            assert outcome.good, outcome.stderr.text
            return outcome

        yield run


def figures(outcome: Outcome) -> dict[str, Resource]:
    """The resources by name."""
    return {resource.name: resource for resource in resources(outcome)}


def value(outcome: Outcome, name: str) -> float:
    """A figure that has to be known."""
    found = figures(outcome)[name].value
    assert found is not None
    return found


def test_second_of_burning_is_a_second(measured: Measure) -> None:
    outcome = measured(SCENARIOS["burn"])
    assert value(outcome, "cpu_s") == pytest.approx(1.0, rel=0.05)
    assert outcome.series.columns["cpu_s"][-1] == pytest.approx(1.0, abs=0.3)


def test_short_children_are_all_counted(measured: Measure) -> None:
    outcome = measured(SCENARIOS["short_children"])
    told = float(outcome.stdout.text)
    assert value(outcome, "cpu_s") == pytest.approx(told, rel=0.1)


def test_daemon_is_counted(measured: Measure) -> None:
    assert value(measured(SCENARIOS["daemon"]), "cpu_s") == pytest.approx(1.0, rel=0.08)


def test_child_that_nobody_waits_for_is_counted_by_its_group_and_named(measured: Measure, kind: str) -> None:
    outcome = measured(SCENARIOS["detached"])
    if kind == "none":
        assert value(outcome, "cpu_s") < 0.5
        assert detached(outcome) == ""
    else:
        assert value(outcome, "cpu_s") == pytest.approx(1.0, rel=0.08)
        assert detached(outcome).startswith("detached children used 1.0")
        assert figures(outcome)["cpu_s"].source == "control group"
        assert figures(outcome)["written_bytes"].quality == "floor"
        assert figures(outcome)["peak_process_bytes"].quality == "floor"


def test_shared_memory_is_counted_once(measured: Measure) -> None:
    outcome = measured(SCENARIOS["shared"])
    assert value(outcome, "peak_memory_bytes") == pytest.approx(308 * MIB, rel=0.1)
    assert value(outcome, "peak_pss_bytes") == pytest.approx(308 * MIB, rel=0.1)
    assert max(outcome.series.columns["rss_bytes"]) > 500 * MIB
    if outcome.room.group_peak_bytes is not None:
        assert value(outcome, "peak_anonymous_bytes") == pytest.approx(306 * MIB, rel=0.1)


def test_page_cache_is_no_memory_of_the_workload(measured: Measure, tmp_path: Path) -> None:
    outcome = measured(SCENARIOS["write"])
    assert value(outcome, "peak_memory_bytes") < 40 * MIB
    if describe(tmp_path)["filesystem"] != "tmpfs":
        assert value(outcome, "written_bytes") == pytest.approx(200 * MIB, rel=0.05)
    if outcome.room.group_peak_bytes is not None:
        assert value(outcome, "peak_group_bytes") > 150 * MIB
        assert "page cache" in figures(outcome)["peak_group_bytes"].source


def test_cached_read_is_no_reading_from_storage(measured: Measure) -> None:
    measured(SCENARIOS["write"])
    outcome = measured(SCENARIOS["read"])
    assert value(outcome, "read_bytes") < 1 * MIB
    assert value(outcome, "peak_memory_bytes") < 40 * MIB


def test_peak_of_processes_is_counted(measured: Measure) -> None:
    code = (
        "import subprocess\nc = [subprocess.Popen(['sleep', '0.5']) for _ in range(5)]\n[p.wait() for p in c]"
    )
    assert value(measured(code), "peak_processes") == 6
    assert value(measured("import time; time.sleep(0.2)"), "peak_processes") == 1


@pytest.mark.parametrize("threads", range(5))
def test_each_thread_beside_the_main_one_is_one_task_more(measured: Measure, threads: int) -> None:
    code = (
        "import threading, time\n"
        f"for _ in range({threads}): threading.Thread(target=time.sleep, args=(0.4,)).start()\n"
        "time.sleep(0.4)"
    )
    outcome = measured(code)
    if outcome.room.peak_processes is not None:
        assert value(outcome, "peak_processes") == 1 + threads
