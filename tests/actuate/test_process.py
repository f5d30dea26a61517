from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autotune.actuate.process import Process
from autotune.core.errors import WorkloadError
from autotune.model.space import Apply
from autotune.sidecar import running
from autotune.sidecar.means import process as means

THREADS = """
import sys, threading, time
for _ in range(3):
    threading.Thread(target=time.sleep, args=(300,), daemon=True).start()
print("ready", flush=True)
time.sleep(300)
"""


@pytest.fixture
def child() -> Iterator[subprocess.Popen[str]]:
    """A process of four threads."""
    argv = (sys.executable, "-c", THREADS)
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        yield process
        process.kill()


@pytest.fixture
def pidfile(child, tmp_path: Path) -> Path:
    """The file with the child's number."""
    path = tmp_path / "child.pid"
    path.write_text(f"{child.pid}\n")
    return path


def address(pidfile: Path, attribute: str) -> dict[str, object]:
    apply = Apply(actuator="process", options={"name": attribute, "pidfile": pidfile.name})
    return dict(Process().target(apply, pidfile.parent).address)


def threads(pid: int) -> list[int]:
    return [int(entry.name) for entry in Path(f"/proc/{pid}/task").iterdir()]


@pytest.mark.needs("root")
@pytest.mark.parametrize(
    ("attribute", "values"),
    [
        ("affinity", ["0"]),
        ("nice", ["7", "-3"]),
        ("ionice", ["idle", "best-effort:6", "realtime:0", "none"]),
        ("policy", ["batch", "idle", "fifo:10", "rr:1", "other"]),
    ],
)
def test_every_thread_gets_the_value_and_gets_its_own_back(pidfile, attribute, values) -> None:
    place = address(pidfile, attribute)
    before = means.read(place)
    for value in values:
        means.write(place, value)
        assert means.read(place) == value
    means.write(place, before)
    assert means.read(place) == before


@pytest.mark.needs("root")
def test_threads_that_differ_are_restored_each_to_its_own_value(child, pidfile) -> None:
    place = address(pidfile, "nice")
    other = max(threads(child.pid))
    os.setpriority(os.PRIO_PROCESS, other, 5)
    before = means.read(place)
    assert before == f"0 {other}=5"
    means.write(place, "9")
    assert {os.getpriority(os.PRIO_PROCESS, tid) for tid in threads(child.pid)} == {9}
    means.write(place, before)
    assert means.read(place) == before
    subprocess.run(["sh", "-c", means.by_hand(place, f"3 {other}=4")], check=True, stdout=subprocess.DEVNULL)
    assert means.read(place) == f"3 {other}=4"


def test_a_process_that_is_gone_has_no_value_and_cannot_be_written(child, pidfile) -> None:
    place = address(pidfile, "affinity")
    assert means.identity(place) == f"{child.pid}:{place['start']}"
    child.kill()
    child.wait()
    assert means.read(place) is None
    with pytest.raises(ProcessLookupError, match="is gone"):
        means.write(place, "0")
    with pytest.raises(ProcessLookupError, match="is gone"):
        means.identity(place)


def test_a_zombie_is_gone(child, pidfile) -> None:
    place = address(pidfile, "affinity")
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert means.read(place) is None


def test_a_new_process_with_the_same_pid_is_another_one(pidfile) -> None:
    place = address(pidfile, "affinity")
    earlier = {**place, "start": int(str(place["start"])) - 1}
    assert means.read(earlier) is None
    with pytest.raises(ProcessLookupError):
        means.write(earlier, "0")


def test_a_pid_file_that_is_older_than_its_process_names_another_one(pidfile) -> None:
    os.utime(pidfile, (1, 1))
    with pytest.raises(WorkloadError, match="is younger than"):
        address(pidfile, "affinity")


@pytest.mark.parametrize("text", ["", "abc", "-5", "0", "1"])
def test_a_pid_file_without_a_number_of_a_process_is_refused(tmp_path, text) -> None:
    (tmp_path / "pid").write_text(text)
    with pytest.raises(WorkloadError, match="holds no number of a process"):
        address(tmp_path / "pid", "affinity")


@pytest.fixture
def called(tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts a process called only-one-here."""
    started: list[subprocess.Popen[bytes]] = []
    shutil.copy("/bin/sleep", tmp_path / "only-one-here")

    def start() -> subprocess.Popen[bytes]:
        process = subprocess.Popen([tmp_path / "only-one-here", "300"])
        started.append(process)
        while Path(f"/proc/{process.pid}/comm").read_text() != "only-one-here\n":
            pass  # the parent goes on a moment before the name is there
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_a_name_has_to_be_exact_and_of_one_process(called) -> None:
    one = called()
    assert running.named("only-one-here") == running.Running(one.pid, running.started(one.pid) or 0)
    with pytest.raises(ProcessLookupError, match="no process is called 'only-one'"):
        running.named("only-one")
    called()
    with pytest.raises(OSError, match="2 processes are called 'only-one-here'"):
        running.named("only-one-here")


def test_a_value_that_the_kernel_refuses_raises(pidfile) -> None:
    for attribute, value in {"affinity": "4095", "policy": "fifo:100", "ionice": "lazy", "nice": "x"}.items():
        if attribute != "nice" or os.geteuid() == 0:
            with pytest.raises(OSError, match=r"Invalid|is no value"):
                means.write(address(pidfile, attribute), value)


@pytest.mark.parametrize(
    ("options", "values", "message"),
    [
        ({"name": "nicer", "of": "x"}, (), "Did you mean 'nice'?"),
        ({"name": "nice"}, (), "needs one of 'pidfile'"),
        ({"name": "nice", "of": "x", "pidfile": "y"}, (), "needs one of 'pidfile'"),
        ({"name": "nice", "of": "x" * 16}, (), "longer than the 15 characters"),
        ({"name": "nice", "of": "x"}, (20,), "'20' is not a number from -20 to 19"),
        ({"name": "policy", "of": "x"}, ("fifo",), "'fifo' is not other, batch, idle, fifo:1 to 99"),
        ({"name": "ionice", "of": "x"}, (None,), "unset is not none, idle"),
        ({"name": "affinity", "of": "x"}, ("0-",), "'0-' is not CPUs such as 0-1,3"),
    ],
)
def test_what_makes_no_sense_is_told_before_anything_runs(
    parameter, workload, options, values, message
) -> None:
    one = parameter("p", "process", options=options, values=values)
    assert re.search(re.escape(message), Process().problem(one, workload(one)))


def test_cpus_are_written_as_the_kernel_lists_them() -> None:
    apply = Apply(actuator="process", options={"name": "affinity"})
    assert Process().text(apply, "3,0,1,2,7") == "0-3,7"
    assert Process().text(apply, 1) == "1"
