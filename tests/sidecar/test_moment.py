from __future__ import annotations

import os
import subprocess

from autotune.sidecar import moment


def test_process_that_has_ended_does_not_live_and_a_zombie_has_ended() -> None:
    child = subprocess.Popen(["sleep", "100"])
    who = {"boot": moment.boot(), "pid": child.pid, "started": moment.started(child.pid)}
    assert moment.lives(who)
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert not moment.lives(who)
    child.wait()
    assert not moment.lives(who)


def test_younger_process_of_the_same_number_is_another_one() -> None:
    me = moment.me()
    assert moment.lives(me)
    assert not moment.lives({**me, "started": me["started"] - 1})
    assert not moment.lives({**me, "boot": "another"})
