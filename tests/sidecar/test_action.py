from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from autotune.sidecar import action

SERVER = """
import os, signal, socket, sys, time
port, pidfile, life = int(sys.argv[1]), sys.argv[2], float(sys.argv[3])
reloads = []
signal.signal(signal.SIGHUP, lambda *_: open(pidfile + ".reloaded", "a").write("x"))
listener = socket.create_server(("127.0.0.1", port))
open(pidfile, "w").write(str(os.getpid()))
signal.setitimer(signal.ITIMER_REAL, life)
while True:
    listener.accept()[0].close()
"""
STOP = "import os, signal, sys; os.kill(int(open(sys.argv[1]).read()), signal.SIGTERM)"

Make = Callable[..., dict[str, Any]]


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Make]:
    """Describes a small server that lives for `life` seconds; what is started is ended afterwards."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    pidfile = tmp_path / "pid"

    def made(*, life: float = 300, within_s: float = 20, **changes: Any) -> dict[str, Any]:
        start = [sys.executable, "-c", SERVER, str(port), str(pidfile), str(life)]
        plain = {"kind": "commands", "name": "tiny", "folder": str(tmp_path), "start": start, "reload": []}
        stop = [sys.executable, "-c", STOP, str(pidfile)]
        ready = {"tcp": f"127.0.0.1:{port}", "within_s": within_s}
        log = str(tmp_path / "log")
        return {**plain, "stop": stop, "pidfile": str(pidfile), "ready": ready, "log": log, **changes}

    yield made
    if pidfile.exists():
        with suppress(ProcessLookupError):
            os.kill(int(pidfile.read_text()), signal.SIGKILL)


def pid(service: dict[str, Any]) -> int:
    return int(Path(service["pidfile"]).read_text())


def test_a_restart_starts_what_did_not_run_and_replaces_what_did(service: Make) -> None:
    one = service()
    action.perform(one, "restart")
    first = pid(one)
    action.perform(one, "restart")
    assert pid(one) != first


def test_a_started_service_has_a_session_of_its_own_and_none_of_our_files(service: Make) -> None:
    one = service()
    action.perform(one, "restart")
    assert os.getsid(pid(one)) == pid(one)
    files = {str(link.readlink()) for link in Path(f"/proc/{pid(one)}/fd").iterdir()}
    assert not [name for name in files if name.startswith("pipe:")]
    assert {"/dev/null", one["log"]} <= files


def test_a_started_service_outlives_who_started_it(service: Make) -> None:
    one = service()
    code = f"from autotune.sidecar import action; action.perform({one!r}, 'restart')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=True)
    assert done.stdout == b""
    assert Path(f"/proc/{pid(one)}").exists()


def test_a_signal_reaches_the_process_of_the_pid_file(service: Make) -> None:
    one = service(signal="HUP")
    action.perform(one, "restart")
    action.perform(one, "reload")
    assert Path(one["pidfile"] + ".reloaded").exists()


def test_a_signal_never_reaches_a_younger_process_of_the_same_number(service: Make) -> None:
    one = service(signal="HUP")
    action.perform(one, "restart")
    os.utime(one["pidfile"], (1, 1))
    with pytest.raises(ProcessLookupError, match="is another one"):
        action.perform(one, "reload")
    assert not Path(one["pidfile"] + ".reloaded").exists()


def test_a_service_that_is_gone_at_once_has_not_started(service: Make, monkeypatch) -> None:
    monkeypatch.setattr(action, "_SETTLE_S", 1.5)
    # On a busy machine it may be gone before it is first looked at.
    with pytest.raises(OSError, match=r"service 'tiny' (was gone again at once after restart|ended with)"):
        action.perform(service(life=0.7), "restart")


def test_a_start_that_fails_is_told_at_once_with_its_last_words(service: Make) -> None:
    one = service(start=["sh", "-c", "echo no such cluster >&2; exit 3"])
    begin = time.monotonic()
    with pytest.raises(OSError, match="ended with 3 when it was started: no such cluster"):
        action.perform(one, "restart")
    assert time.monotonic() - begin < one["ready"]["within_s"]


def test_a_service_that_does_not_work_in_time_is_a_failure(service: Make) -> None:
    with pytest.raises(TimeoutError, match=r"does not work after 0\.3 s"):
        action.perform(service(start=["true"], within_s=0.3), "restart")


def test_a_stop_that_does_not_stop_is_a_failure(service: Make) -> None:
    action.perform(service(), "restart")
    with pytest.raises(TimeoutError, match=r"still works 0\.3 s after it was stopped"):
        action.perform(service(stop=["true"], within_s=0.3), "restart")


def test_a_daemon_that_a_command_leaves_behind_holds_nothing_up(service: Make) -> None:
    action.perform(service(), "restart")
    action.perform(service(reload=["sh", "-c", "sleep 2 & exit 0"]), "reload")


def test_a_command_can_say_whether_it_works(service: Make, tmp_path: Path) -> None:
    ready = {"command": ["test", "-e", "there"], "within_s": 0.3}
    with pytest.raises(TimeoutError):
        action.perform(service(reload=["true"], ready=ready), "reload")
    (tmp_path / "there").touch()
    action.perform(service(reload=["true"], ready=ready), "reload")


@pytest.mark.parametrize("what", ["reload", "restart"])
def test_what_a_service_has_no_command_for_is_told(what: str) -> None:
    with pytest.raises(OSError, match=f"cannot be {what}ed"):
        action.perform({"kind": "commands"}, what)


@pytest.fixture
def systemctl(tmp_path: Path, monkeypatch) -> Path:
    """A systemctl that notes what it is asked; it fails for `reload` of broken.service."""
    tool, notes = tmp_path / "systemctl", tmp_path / "notes"
    tool.write_text(f'#!/bin/sh\necho "$@" >> {notes}\ntest "$2 $3" != "reload broken.service"\n')
    tool.chmod(0o755)
    monkeypatch.setattr(action.tools, "resolve", lambda name, **_: str(tool) if name == "systemctl" else name)
    return notes


def test_a_unit_is_told_by_systemd_and_has_to_be_active(systemctl: Path) -> None:
    action.perform({"kind": "unit", "unit": "db.service"}, "restart")
    assert systemctl.read_text().splitlines()[:3] == [
        "reset-failed db.service",
        "--no-ask-password restart db.service",
        "is-active --quiet db.service",
    ]
    with pytest.raises(OSError, match="systemctl: exit code 1"):
        action.perform({"kind": "unit", "unit": "broken.service"}, "reload")


def test_the_same_by_hand_is_one_line_for_a_shell(service: Make) -> None:
    assert action.by_hand({"kind": "unit", "unit": "db.service"}, "reload") == "systemctl reload db.service"
    one = service(signal="HUP")
    action.perform(one, "restart")
    subprocess.run(["sh", "-c", action.by_hand(one, "reload")], check=True)
    assert "kill -HUP" in action.by_hand(one, "reload")
    assert action.by_hand(service(reload=["a b"]), "reload").endswith("&& 'a b'")
