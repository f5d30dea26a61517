"""What goes wrong around a sample leaves no process, no group and no wrong figure."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autotune.core.errors import ExitCode, NotRestoredError
from autotune.measure.launcher import Launcher
from autotune.measure.outcome import Outcome, Request
from autotune.measure.process import Process
from autotune.model.trial import Sample, State
from autotune.model.workload import Workload
from autotune.sidecar import layout

Take = Callable[..., Sample]
MakeWorkload = Callable[..., Workload]
Marked = Callable[[], list[int]]

SURVIVORS = Path(__file__).parents[2] / "benchmarks" / "survivors.py"
TREE = "setsid sleep 300 & (setsid sleep 300 &); touch started; sleep 300"
needs_groups = pytest.mark.skipif(not layout.find().places, reason="no control group can be made here")


def wait_for(condition: Callable[[], object]) -> None:
    """Returns when `condition` holds; fails where it never does."""
    for _ in range(3000):
        if condition():
            return
        time.sleep(0.01)
    pytest.fail("it never happened")


def groups() -> list[Path]:
    """Groups of samples that are there now."""
    return [path for place in layout.find().places for path in Path(place.parent).glob("autotune-[0-9]*")]


@pytest.mark.parametrize(
    "kind", [pytest.param("auto"), pytest.param("none"), pytest.param("v1", marks=pytest.mark.slow)]
)
def test_no_process_survives_its_sample(kind: str) -> None:
    command = [sys.executable, SURVIVORS, "--rounds", "1", "--groups", kind]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert f"8 kills, 0 survivors, control groups: {kind}" in done.stdout, done.stdout + done.stderr


@needs_groups
def test_launcher_killed_under_a_tree_is_cleaned_after_by_the_next(
    launcher: Launcher, marker: str, marked: Marked, tmp_path: Path
) -> None:
    environment = {**os.environ, "MARKER": marker}
    request = Request(argv=("sh", "-c", TREE), cwd=tmp_path, env=environment, timeout_s=60)

    def kill() -> None:
        wait_for((tmp_path / "started").exists)
        assert launcher._process is not None
        launcher._process.popen.kill()

    thread = threading.Thread(target=kill)
    thread.start()
    assert "was killed" in launcher.run(request).start_error
    thread.join()
    wait_for(lambda: not marked())


@needs_groups
def test_harness_and_launcher_killed_together_are_cleaned_after_by_the_next_run(
    marker: str, marked: Marked, tmp_path: Path
) -> None:
    code = (
        "import os\nfrom pathlib import Path\nfrom autotune.measure.launcher import Launcher\n"
        "from autotune.measure.outcome import Request\n"
        "with Launcher() as launcher:\n"
        f"    argv = ('sh', '-c', {TREE!r})\n"
        "    launcher.run(Request(argv=argv, cwd=Path.cwd(), env=os.environ, timeout_s=60))\n"
    )
    environment = {**os.environ, "MARKER": marker}
    with subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path, env=environment) as harness:
        wait_for((tmp_path / "started").exists)
        children = Path(f"/proc/{harness.pid}/task/{harness.pid}/children").read_text().split()
        harness.send_signal(signal.SIGSTOP)
        os.kill(int(children[0]), signal.SIGKILL)
        harness.kill()
    assert marked() != []
    with Launcher() as following:
        assert following.run(
            Request(argv=("true",), cwd=tmp_path, env=os.environ, timeout_s=60, monitor=True)
        ).good
    assert marked() == []


@needs_groups
def test_nothing_is_left_of_a_groups_folder(sample: Take, workload: MakeWorkload, launcher: Launcher) -> None:
    sample(workload("setsid sleep 300 & echo ops=5"))
    assert launcher._process is not None
    mine = f"autotune-{launcher._process.popen.pid}-"
    assert [path for path in groups() if path.name.startswith(mine)] == []


def test_launcher_that_was_stopped_makes_the_sample_the_environments_failure(
    sample: Take, workload: MakeWorkload, launcher: Launcher, tmp_path: Path
) -> None:
    def stop() -> None:
        wait_for((tmp_path / "started").exists)
        assert launcher._process is not None
        launcher._process.popen.send_signal(signal.SIGSTOP)
        time.sleep(3)
        launcher._process.popen.send_signal(signal.SIGCONT)

    thread = threading.Thread(target=stop)
    thread.start()
    taken = sample(workload("touch started; sleep 1; echo ops=5"))
    thread.join()
    assert taken.state is State.FAILED_ENVIRONMENT
    assert taken.reason.startswith("suspended for ")


@pytest.mark.slow
def test_launcher_that_its_workload_stops_is_woken_and_ends_the_sample(
    sample: Take, workload: MakeWorkload, marked: Marked
) -> None:
    taken = sample(workload("kill -STOP $PPID; sleep 300", timeout_s=0.5))
    assert taken.state is State.FAILED_ENVIRONMENT
    assert taken.reason.startswith("suspended for 1")
    assert "does the workload send SIGSTOP to its parent?" in taken.reason
    assert marked() == []
    assert sample(workload()).state is State.OK


def test_harness_that_was_stopped_makes_the_sample_the_environments_failure(
    sample: Take, workload: MakeWorkload, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive = Process.receive

    def late(process: Process, timeout_s: float) -> dict[str, Any] | None:
        """Takes its turn three seconds late, as a stopped process does."""
        answer = receive(process, timeout_s)
        time.sleep(3)
        return answer

    assert sample(workload()).state is State.OK
    monkeypatch.setattr(Process, "receive", late)
    taken = sample(workload())
    assert taken.state is State.FAILED_ENVIRONMENT
    assert taken.reason.startswith("suspended for 3.")


def test_process_that_cannot_be_killed_ends_the_run_with_exit_code_5(
    workload: MakeWorkload, sample: Take
) -> None:
    class Fake(Launcher):
        """A fake launcher that meets a process which hangs in the kernel."""

        def run(self, request: Request) -> Outcome:
            del request
            return Outcome(exit_code=0, survivors=(4242,))

    with pytest.raises(NotRestoredError, match="SIGKILL does not end: 4242") as caught:
        sample(workload(), launcher=Fake())
    assert caught.value.exit_code == ExitCode.NOT_RESTORED


def test_sample_of_a_group_that_disappears_is_still_answered(
    sample: Take, workload: MakeWorkload, launcher: Launcher, tmp_path: Path
) -> None:
    def take_away() -> None:
        wait_for((tmp_path / "started").exists)
        assert launcher._process is not None
        home = {place.controller: place.home for place in layout.find().places}
        for path in groups():
            if (
                path.name.startswith(f"autotune-{launcher._process.popen.pid}-")
                and str(path.parent) in home.values()
            ):
                for pid in (path / "cgroup.procs").read_text().split():
                    (path.parent / "cgroup.procs").write_text(pid)
                path.rmdir()

    thread = threading.Thread(target=take_away)
    thread.start()
    taken = sample(workload("touch started; sleep 1; echo ops=5"))
    thread.join()
    assert taken.state is State.OK
    assert next(r for r in taken.resources if r.name == "cpu_s").value is not None


def test_where_memory_runs_out_the_workload_dies_before_who_measures_it(
    sample: Take, workload: MakeWorkload
) -> None:
    lower = "echo -500 > /proc/self/oom_score_adj"  # which some machines refuse even to root
    allowed = subprocess.run(["sh", "-c", lower], check=False, capture_output=True).returncode == 0
    own = "for i in $(seq 500); do grep -qx 500 /proc/$$/oom_score_adj && break; sleep 0.01; done"
    taken = sample(workload(f"{own}; cat /proc/$$/oom_score_adj /proc/$PPID/oom_score_adj"))
    victim, launcher = map(int, taken.output.split()[1:])
    assert victim == 500
    assert (launcher == -500) if allowed else (launcher < victim)
