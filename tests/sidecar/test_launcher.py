import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Sidecar = subprocess.Popen[bytes]
Line = Callable[..., bytes]
Marked = Callable[[], list[int]]


def ask(sidecar: Sidecar, line: bytes) -> list[dict[str, Any]]:
    """All that the launcher answers to one request."""
    assert sidecar.stdin is not None
    assert sidecar.stdout is not None
    sidecar.stdin.write(line)
    answers = [json.loads(sidecar.stdout.readline())]
    if "started" in answers[0]:
        answers.append(json.loads(sidecar.stdout.readline()))
    return answers


def wait_for(condition: Callable[[], object]) -> None:
    """Returns when `condition` holds; fails where it never does."""
    for _ in range(2000):
        if condition():
            return
        time.sleep(0.01)
    pytest.fail("it never happened")


def test_answer_tells_status_times_and_output(sidecar: Sidecar, request_line: Line) -> None:
    started, answer = ask(sidecar, request_line("sh", "-c", "echo out; echo err >&2; exit 3"))
    assert started["started"] > 0
    assert os.waitstatus_to_exitcode(answer["status"]) == 3
    assert answer["wall_ns"] > 0
    assert (answer["stdout"]["total"], answer["stderr"]["total"]) == (4, 4)


def test_launcher_stays_small(sidecar: Sidecar, request_line: Line) -> None:
    ask(sidecar, request_line("true", monitor=True))
    status = Path(f"/proc/{sidecar.pid}/status").read_text(encoding="utf-8")
    peak_kib = int(status.split("VmHWM:")[1].split()[0])
    assert peak_kib < 15_000


@pytest.mark.parametrize("how", ["hang up", "SIGTERM", "SIGINT", "SIGHUP"])
def test_end_of_the_launcher_ends_all_it_started(
    how: str,
    sidecar: Sidecar,
    request_line: Line,
    four_shapes: tuple[tuple[str, ...], Path],
    marked: Marked,
) -> None:
    argv, ready = four_shapes
    assert sidecar.stdin is not None
    sidecar.stdin.write(request_line(*argv))
    wait_for(ready.exists)
    assert len(marked()) >= 5
    if how == "hang up":
        sidecar.stdin.close()
    else:
        sidecar.send_signal(signal.Signals[how])
    sidecar.wait()
    assert marked() == []


def test_workload_does_not_inherit_ignored_signals(sidecar: Sidecar, request_line: Line) -> None:
    _, answer = ask(sidecar, request_line("sh", "-c", "kill -TERM $$; sleep 60"))
    assert os.waitstatus_to_exitcode(answer["status"]) == -signal.SIGTERM


def test_core_dumps_are_off(sidecar: Sidecar, request_line: Line) -> None:
    _, answer = ask(sidecar, request_line("sh", "-c", "test $(ulimit -c) = 0"))
    assert answer["status"] == 0


def test_command_line_that_is_too_long_is_a_start_error(sidecar: Sidecar, request_line: Line) -> None:
    (answer,) = ask(sidecar, request_line("true", "x" * 3_000_000))
    assert "too long" in answer["start_error"]
