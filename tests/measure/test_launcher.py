import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from autotune.core.errors import WorkloadError
from autotune.measure.host import describe
from autotune.measure.launcher import Launcher
from autotune.measure.outcome import Outcome, Request

Run = Callable[..., Outcome]
Marked = Callable[[], list[int]]

FOUR_SHAPES = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
sleep = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(300)"
child = "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', %r]); time.sleep(300)" % sleep
subprocess.Popen([sys.executable, "-c", child])
subprocess.Popen([sys.executable, "-c", sleep], start_new_session=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(300)
    os._exit(0)
open("ready", "w").close()
time.sleep(300)
"""

HARNESS = """
import os, sys
from pathlib import Path
from autotune.measure.host import describe
from autotune.measure.launcher import Launcher
from autotune.measure.outcome import Request
argv = (sys.executable, "-c", sys.argv[1])
with Launcher() as launcher:
    launcher.run(Request(argv=argv, cwd=Path.cwd(), env=os.environ, timeout_s=60))
"""


def wait_for(condition: Callable[[], object]) -> None:
    """Returns when `condition` holds; fails where it never does."""
    for _ in range(2000):
        if condition():
            return
        time.sleep(0.01)
    pytest.fail("it never happened")


def test_timeout_leaves_no_survivor(run: Run, marked: Marked) -> None:
    outcome = run(FOUR_SHAPES, timeout_s=1.5)
    assert outcome.timed_out
    assert outcome.signal == "SIGKILL"
    assert marked() == []


def test_tree_that_goes_on_forking_is_outrun(run: Run, marked: Marked) -> None:
    forks = "\nimport os, time\nwhile True:\n    time.sleep(0.001)\n    if os.fork(): os._exit(0)"
    outcome = run(forks, timeout_s=1)
    assert outcome.leftovers or outcome.timed_out
    assert marked() == []


def test_killed_harness_leaves_no_process(tmp_path: Path, marker: str, marked: Marked) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HARNESS, FOUR_SHAPES],
        cwd=tmp_path,
        env={**os.environ, "MARKER": marker},
    ) as harness:
        wait_for((tmp_path / "ready").exists)
        harness.kill()
    wait_for(lambda: not marked())


def test_interrupt_kills_the_workload_first(run: Run, tmp_path: Path, marked: Marked) -> None:
    main = threading.main_thread().ident
    assert main is not None

    def interrupt() -> None:
        wait_for((tmp_path / "ready").exists)
        signal.pthread_kill(main, signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        run(FOUR_SHAPES)
    thread.join()
    assert marked() == []
    assert run("true").good


def test_daemon_that_holds_the_output_does_not_hang_the_sample(run: Run, marked: Marked) -> None:
    outcome = run("sh", "-c", "sleep 300 & echo done")
    assert outcome.good
    assert outcome.stdout.text == "done\n"
    assert [name.split()[0] for name in outcome.leftovers] == ["sleep"]
    assert marked() == []


def test_daemon_with_no_output_is_left_over_too(run: Run, marked: Marked) -> None:
    outcome = run("sh", "-c", "setsid sleep 300 >/dev/null 2>&1 & exit 0")
    assert outcome.good
    assert len(outcome.leftovers) == 1
    assert marked() == []


def test_child_that_ends_by_itself_is_no_leftover(run: Run) -> None:
    outcome = run("sh", "-c", "(sleep 0.02; echo late) & exit 0")
    assert outcome.leftovers == ()
    assert outcome.stdout.text == "late\n"


def test_flood_is_cut_and_memory_stays_flat(run: Run, launcher: Launcher) -> None:
    outcome = run("sh", "-c", "echo first; yes 0123456789 | head -c 200000000; echo; echo last")
    assert outcome.good
    assert outcome.stdout.total > 200_000_000
    assert len(outcome.stdout.head) == len(outcome.stdout.tail) == 64 * 1024
    assert outcome.stdout.text.startswith("first\n")
    assert outcome.stdout.text.endswith("last\n")
    assert "bytes left out" in outcome.stdout.text
    assert _peak_kib(launcher) < 15_000


def test_one_endless_line_is_cut(run: Run, launcher: Launcher) -> None:
    outcome = run("sh", "-c", "head -c 200000000 /dev/zero; head -c 20000000 /dev/zero >&2")
    assert (outcome.stdout.total, outcome.stderr.total) == (200_000_000, 20_000_000)
    assert _peak_kib(launcher) < 15_000


def test_flood_without_end_is_timed_out(run: Run, marked: Marked) -> None:
    outcome = run("yes", timeout_s=0.5)
    assert outcome.timed_out
    assert marked() == []


def test_bytes_that_are_no_text_are_kept_as_they_are(run: Run) -> None:
    outcome = run("sh", "-c", r"printf '\377\000\033[31mred'")
    assert outcome.stdout.head == b"\xff\x00\x1b[31mred"
    assert outcome.stdout.text == "�\x00\x1b[31mred"


@pytest.mark.parametrize("name", ["SIGSEGV", "SIGABRT", "SIGKILL"])
def test_signal_has_its_name(run: Run, name: str) -> None:
    outcome = run("sh", "-c", f"kill -{name.removeprefix('SIG')} $$")
    assert (outcome.signal, outcome.exit_code, outcome.timed_out) == (name, None, False)


def test_command_that_cannot_start_says_why(run: Run, tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("#!/bin/sh\n")
    (tmp_path / "garbage").write_bytes(b"\x00\x01")
    (tmp_path / "garbage").chmod(0o755)
    assert run("./missing").start_error == "No such file or directory: ./missing"
    assert run("no-such-binary-anywhere").start_error.startswith("No such file or directory")
    assert run("./plain").start_error.startswith("Permission denied")
    assert run("./garbage").start_error.startswith("Exec format error")
    assert "null byte" in run("echo", "a\0b").start_error
    assert run("true").good


def test_missing_working_directory_says_so(launcher: Launcher, tmp_path: Path) -> None:
    request = Request(argv=("true",), cwd=tmp_path / "gone", env={}, timeout_s=5)
    assert "gone" in launcher.run(request).start_error


def test_argument_arrives_verbatim(run: Run, tmp_path: Path) -> None:
    hostile = f"; touch {tmp_path}/planted $(id) `id` \n * \udce9"
    outcome = run("\nimport os, sys\nsys.stdout.buffer.write(os.fsencode(sys.argv[1]))", hostile)
    assert outcome.stdout.head == os.fsencode(hostile)
    assert not (tmp_path / "planted").exists()


def test_standard_input_is_empty(run: Run) -> None:
    assert run("cat").good


def test_cost_of_children_and_orphans_is_counted(run: Run) -> None:
    burn = "import time\nwhile time.process_time() < 0.15: pass"
    script = f"""
import os, subprocess, sys
subprocess.run([sys.executable, "-c", {burn!r}])
read, write = os.pipe()
if os.fork() == 0:
    if os.fork() == 0:
        os.close(read)
        exec({burn!r})
        os._exit(0)
    os._exit(0)
os.close(write)
os.read(read, 1)
"""
    used = run(script, monitor=True).used
    assert used.cpu_user_s + used.cpu_system_s > 0.29


def test_bytes_written_by_a_child_are_counted(run: Run, tmp_path: Path) -> None:
    outcome = run("sh", "-c", "dd if=/dev/zero of=file bs=65536 count=64 2>/dev/null")
    in_memory = describe(tmp_path)["filesystem"] == "tmpfs"
    assert outcome.used.written_bytes is not None
    assert outcome.used.written_bytes >= (0 if in_memory else 64 * 65536)


def test_series_follows_the_memory_of_the_tree(run: Run) -> None:
    outcome = run("\nimport time\nx = bytearray(50 << 20)\ntime.sleep(0.5)", monitor=True)
    columns = outcome.series.columns
    assert max(columns["rss_bytes"]) > 50 << 20
    assert {len(column) for column in columns.values()} == {len(outcome.series.seconds)}
    assert outcome.used.peak_bytes > outcome.used.floor_bytes


def test_launcher_killed_while_idle_is_replaced(run: Run, launcher: Launcher) -> None:
    assert run("true").good
    _kill(launcher)
    assert run("true").good


def test_launcher_killed_under_a_command_is_an_environment_failure_once(
    run: Run, launcher: Launcher, tmp_path: Path, marked: Marked
) -> None:
    def kill_when_started() -> threading.Thread:
        (tmp_path / "started").unlink(missing_ok=True)
        thread = threading.Thread(
            target=lambda: (wait_for((tmp_path / "started").exists), _kill(launcher)),
        )
        thread.start()
        return thread

    thread = kill_when_started()
    outcome = run("sh", "-c", "touch started; sleep 300")
    thread.join()
    assert "was killed" in outcome.start_error
    wait_for(lambda: not marked())
    thread = kill_when_started()
    with pytest.raises(WorkloadError, match="twice in a row"):
        run("sh", "-c", "touch started; sleep 300")
    thread.join()
    wait_for(lambda: not marked())
    assert run("true").good


def _kill(launcher: Launcher) -> None:
    assert launcher._process is not None
    launcher._process.popen.kill()


def _peak_kib(launcher: Launcher) -> int:
    assert launcher._process is not None
    status = Path(f"/proc/{launcher._process.popen.pid}/status").read_text(encoding="utf-8")
    return int(status.split("VmHWM:")[1].split()[0])
