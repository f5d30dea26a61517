"""Whoever asks a command to stop is heard."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap

import pytest

DEAF = """
import os, signal, sys, time
from autotune import cli

class Deaf:
    def __del__(self):
        os.kill(os.getpid(), {number})
        time.sleep(0.01)  # here the handler raises, and Python drops it

def main(**_):
    Deaf()
    time.sleep(20)

cli.program.main = main
cli.main()
"""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_that_falls_into_a_destructor_still_stops_without_a_traceback(number, code):
    script = textwrap.dedent(DEAF).format(number=int(number))
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=15, check=False
    )
    assert done.returncode == code
    assert "Exception ignored" not in done.stderr
    assert "Traceback" not in done.stderr


def test_other_failures_of_a_destructor_are_still_told():
    script = """
        from autotune import cli
        class Bad:
            def __del__(self):
                raise ValueError("told")
        cli.program.main = lambda **_: Bad() and None
        cli.main()
        """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        capture_output=True,
        text=True,
        timeout=15,
        check=False,
    )
    assert "told" in done.stderr
