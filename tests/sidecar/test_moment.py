from __future__ import annotations

import os
import subprocess

from autotune.sidecar import moment


def test_start_of_a_process_is_known_until_it_has_ended_and_a_zombie_has_ended() -> None:
    child = subprocess.Popen(["sleep", "100"])
    began = moment.started(child.pid)
    assert 0 < began == moment.started(child.pid)
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert moment.started(child.pid) == 0
    child.wait()
    assert moment.started(child.pid) == 0


def test_this_process_is_named_with_boot_and_start() -> None:
    me = moment.me()
    assert (me["pid"], me["started"]) == (os.getpid(), moment.started(os.getpid()))
    assert me["boot"] == moment.boot() != ""
