import subprocess

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
