"""Requests to stop while the machine is being restored."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator

import pytest

from autotune.actuate.uninterrupted import uninterrupted


def told(_text: str) -> None:
    """Listens to nothing."""


class StopError(Exception):
    """What a handler of this process raises."""


@pytest.fixture(params=[signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def number(request) -> Iterator[int]:
    """A signal whose handler raises StopError."""

    def stop(*_: object) -> None:
        raise StopError

    before = signal.signal(request.param, stop)
    yield request.param
    signal.signal(request.param, before)


def test_row_3_ten_requests_are_heard_after_the_work(number):
    notes, done = [], []
    with pytest.raises(StopError), uninterrupted(notes.append):
        for _ in range(10):
            os.kill(os.getpid(), number)
            done.append(number)
    assert len(done) == 10
    assert notes == ["the machine is being restored first; this cannot be interrupted"]


def test_row_11_message_to_a_terminal_that_is_gone_stops_no_work():
    def broken(_text: str) -> None:
        raise OSError(5, "Input/output error")

    done = []
    with pytest.raises(KeyboardInterrupt), uninterrupted(broken):
        os.kill(os.getpid(), signal.SIGINT)
        done.append(1)
    assert done == [1]


def test_handlers_are_as_before():
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    with uninterrupted(told):
        assert signal.getsignal(signal.SIGINT) not in before
    assert [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)] == before


def test_other_threads_work_without_hearing_signals():
    done = []

    def work() -> None:
        with uninterrupted(told):
            done.append(1)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [1]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_rows_2_and_4_asked_to_stop_a_harness_leaves_a_restored_machine(state, value, held, harness, number):
    """SIGINT unwinds it; the others, which this one does not catch, end it at once: the guardian restores."""
    one = value("one", "60")
    process = harness(state, [(one, "10")])
    guardian = int(process.stdout.readline())
    process.send_signal(number)
    assert process.wait(timeout=60) == -number
    while os.path.exists(f"/proc/{guardian}"):  # noqa: PTH110
        time.sleep(0.01)
    assert held(one) == "60"
    assert not (state / "wal").exists()


SLOW = """
import os, signal, sys, time
from pathlib import Path
from autotune.actuate.session import opened
from autotune.model.target import Target
from autotune.sidecar.means import kernel

state, path, again = sys.argv[1:]
real = kernel.write

def slow(address, value):
    if value == "60":
        print("restoring", flush=True)
        sys.stdin.readline()
    real(address, value)

kernel.write = slow
targets = [Target(key=n, means="kernel", address={"path": f"{path}/{n}"}) for n in ("one", "two")]
with opened(Path(state), kind="trial", note=lambda t: print(t, flush=True)) as session:
    session.bring([(target, "10") for target in targets])
    print("changed", flush=True)
    signal.raise_signal(signal.SIGINT)
"""


def test_row_3_sigint_while_a_value_is_written_back_waits_for_all_of_them(state, value, held, tmp_path):
    one, two = value("one", "60"), value("two", "60")
    process = subprocess.Popen(
        (os.sys.executable, "-c", SLOW, str(state), str(tmp_path), "0"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    lines = [process.stdout.readline(), process.stdout.readline()]
    for _ in range(10):
        process.send_signal(signal.SIGINT)
    rest, _ = process.communicate("\n\n", timeout=60)
    assert [line.strip() for line in lines] == ["changed", "restoring"]
    assert rest.splitlines() == [
        "the machine is being restored first; this cannot be interrupted",
        "restoring",
    ]
    assert process.returncode == -2
    assert (held(one), held(two)) == ("60", "60")
    assert not (state / "wal").exists()
