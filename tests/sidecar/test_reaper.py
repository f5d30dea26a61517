import os
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from autotune.sidecar import processes
from autotune.sidecar.reaper import Reaper


def test_process_that_no_kill_ends_is_given_up_after_a_while() -> None:
    killed: list[int] = []

    def fake(pid: int, _signal: int) -> None:
        """A fake kill, which a process that hangs in the kernel does not hear."""
        killed.append(pid)

    with subprocess.Popen(["sleep", "60"]) as child:
        assert child.pid in Reaper(child.pid, kill=fake, patience_s=0.05).end_all()
        assert child.pid in killed
        child.kill()


def test_what_was_reaped_is_summed_up() -> None:
    with subprocess.Popen(["sh", "-c", "exit 3"]) as child:
        reaper = Reaper(child.pid)
        assert reaper.end_all() == []
        child.returncode = 0
    answer = reaper.answer()
    assert answer["minor_faults"] > 0
    assert answer["read_bytes"] is not None


def test_bytes_moved_are_those_that_the_kernel_told_of_the_zombie(tmp_path: Path) -> None:
    with suppress(ChildProcessError):  # what other tests have left to end by itself is not to be counted
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    script = 'head -c 100001 /dev/zero > "$0/a"; (head -c 5000 /dev/zero > "$0/b"); exec cat "$0/a" > "$0/c"'
    with subprocess.Popen(["sh", "-c", script, tmp_path]) as child:
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        lines = Path(f"/proc/{child.pid}/io").read_text(encoding="utf-8").splitlines()
        told = {name: int(value) for name, value in (line.split(": ") for line in lines)}
        reaper = Reaper(child.pid)
        reaper.collect()
        child.returncode = 0
    answer = reaper.answer()
    assert (answer["read_bytes"], answer["written_bytes"]) == (told["read_bytes"], told["write_bytes"])
    assert answer["written_bytes"] >= 200_000


def test_bytes_that_the_kernel_does_not_count_are_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "storage_is_counted", lambda: False)
    answer = Reaper(0).answer()
    assert (answer["read_bytes"], answer["written_bytes"]) == (None, None)
