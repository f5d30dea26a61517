import os
import subprocess
import sys
import time

import pytest

from autotune.sidecar import processes
from autotune.sidecar.descriptors import Descriptors

PARENT = "import subprocess, sys; print(subprocess.Popen(['sleep', '60']).pid, flush=True); sys.stdin.read()"


@pytest.mark.parametrize("listed", [True, False])
def test_grandchildren_are_descendants(listed: bool, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: FBT001  a parameter of the test
    if not listed:
        monkeypatch.setattr(os, "access", lambda *_: False)
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        grandchild = int(parent.stdout.readline())
        assert {parent.pid, grandchild} <= set(processes.descendants(os.getpid()))
        os.kill(grandchild, 9)
        parent.kill()


THREADED = """
import subprocess, sys, threading
def second():
    print(subprocess.Popen(["sleep", "60"]).pid, flush=True)
    sys.stdin.read()
threading.Thread(target=second).start()
"""


def test_child_of_a_second_thread_is_found_also_when_the_lists_are_kept_open() -> None:
    files = Descriptors()
    with subprocess.Popen(
        [sys.executable, "-c", THREADED], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        grandchild = int(parent.stdout.readline())
        for _ in range(2):
            assert {parent.pid, grandchild} <= set(processes.descendants(os.getpid(), files))
        os.kill(grandchild, 9)
        parent.kill()
    files.close()


def test_kept_lists_of_children_show_who_came_and_who_went() -> None:
    files = Descriptors()
    before = processes.descendants(os.getpid(), files)
    with subprocess.Popen(["sleep", "60"]) as child:
        assert set(processes.descendants(os.getpid(), files)) - set(before) == {child.pid}
        child.kill()
    assert processes.descendants(os.getpid(), files) == before
    files.close()


def test_usage_without_cpu_is_else_the_same() -> None:
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(b"started")
        assert child.stdout.read(7) == b"started"
        time.sleep(0.1)  # until it waits for more
        files = Descriptors()
        whole, cheap = processes.usage(child.pid, files), processes.usage_but_cpu(child.pid, files)
        assert whole is not None
        assert cheap is not None
        # The two files count resident pages with different patience: per CPU, or summed up.
        assert cheap.rss_bytes == pytest.approx(whole.rss_bytes, abs=1 << 20)
        assert cheap == whole._replace(cpu_s=0.0, rss_bytes=cheap.rss_bytes)
        processes.forget(child.pid, files)
        child.kill()
    assert processes.usage_but_cpu(child.pid, Descriptors()) is None


def test_usage_of_a_running_process_is_positive() -> None:
    usage = processes.usage(os.getpid(), Descriptors())
    assert usage is not None
    assert usage.cpu_s > 0
    assert usage.rss_bytes > 1 << 20


def test_process_that_is_gone_has_no_usage_and_no_name() -> None:
    with subprocess.Popen(["true"]) as gone:
        gone.wait()
    assert processes.usage(gone.pid, Descriptors()) is None
    assert processes.name(gone.pid) == ""
    assert processes.descendants(gone.pid) == []


def test_zombie_has_no_name() -> None:
    child = subprocess.Popen(["true"])  # noqa: S607, RUF100  found on the path
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert processes.name(child.pid) == ""
    child.wait()


def test_peak_of_this_process_is_at_least_what_it_holds_now() -> None:
    usage = processes.usage(os.getpid(), Descriptors())
    assert usage is not None
    # Resident pages are counted per CPU: the two figures may differ by some of them.
    assert processes.own_peak_bytes() > 0.9 * usage.rss_bytes
