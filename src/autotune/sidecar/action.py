"""Reloads or restarts a service, and waits until it works; standard library only, as the guardian needs it.

A description is plain data: `kind` is unit or commands; a unit has its `unit`, commands are the argv lists
`start`, `stop`, `reload`, and `signal` with `pidfile`. All else may be left out: `name`, `folder` to run
commands in, `log` for a started service's output, and `ready` with `tcp` as HOST:PORT or `command`, and
`within_s`.
"""

from __future__ import annotations

import errno
import os
import shlex
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from autotune.sidecar import running, tools

_PAUSE_S = 0.05
_SETTLE_S = 0.5
"""A service that is gone again within this time has not started."""

_LONGEST_PROBE_S = 5.0
_WITHIN_S = 30.0
_LAST_WORDS = 1000

_started: list[subprocess.Popen[bytes]] = []
"""Services that are our children; they are in sessions of their own and outlive us."""


def perform(action: Mapping[str, Any], what: str) -> None:
    """Brings the service to read its values again: `what` is reload or restart.

    Raises OSError with what the service's commands said, TimeoutError where it does not work in time, and
    ConnectionError where it worked and was gone again at once.
    """
    _started[:] = [process for process in _started if process.poll() is None]
    process = {"unit": _unit, "commands": _commands}[action["kind"]](action, what)
    _until_ready(action, process)
    time.sleep(_SETTLE_S)
    if not _healthy(action) or _failed(process):
        raise ConnectionError(errno.ECONNRESET, f"{_name(action)} was gone again at once after {what}")


def by_hand(action: Mapping[str, Any], what: str) -> str:
    """The shell command by which a person does the same."""
    if action["kind"] == "unit":
        return f"systemctl {what} {shlex.quote(action['unit'])}"
    into = f"cd {shlex.quote(action['folder'])} && " if action.get("folder") else ""
    if what == "restart":
        return f"{into}{shlex.join(action.get('stop', ()))}; {shlex.join(action.get('start', ()))}"
    if action.get("reload"):
        return into + shlex.join(action["reload"])
    return f'kill -{action.get("signal", "HUP")} "$(head -n 1 {shlex.quote(action.get("pidfile", ""))})"'


def _unit(action: Mapping[str, Any], what: str) -> None:
    systemctl = tools.resolve("systemctl")
    if what == "restart":
        # Tuning restarts more often than systemd allows a service that crashes.
        _run(action, (systemctl, "reset-failed", action["unit"]), may_fail=True)
    _run(action, (systemctl, "--no-ask-password", what, action["unit"]))


def _commands(action: Mapping[str, Any], what: str) -> subprocess.Popen[bytes] | None:
    if what == "restart":
        if not action.get("start") or not action.get("stop"):
            raise OSError(errno.EINVAL, f"{_name(action)} has no start and stop: it cannot be restarted")
        _stop(action)
        return _start(action)
    if action.get("reload"):
        _run(action, _absolute(action["reload"]))
    elif action.get("signal"):
        _signal(action)
    else:
        raise OSError(errno.EINVAL, f"{_name(action)} has no reload and no signal: it cannot be reloaded")
    return None


def _stop(action: Mapping[str, Any]) -> None:
    """Runs `stop`, and waits until nobody answers any more; a service that did not run may refuse to stop."""
    said = _run(action, _absolute(action["stop"]), may_fail=True)
    if not _has_probe(action):
        if said:
            raise OSError(errno.EIO, said)
        return
    end = time.monotonic() + _within(action)
    while _healthy(action):
        if time.monotonic() > end:
            told = f": {said}" if said else ""
            message = f"{_name(action)} still works {_within(action):g} s after it was stopped{told}"
            raise TimeoutError(errno.ETIMEDOUT, message)
        time.sleep(_PAUSE_S)


def _start(action: Mapping[str, Any]) -> subprocess.Popen[bytes]:
    """Starts the service in a session of its own, with none of our files: it outlives us."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW
    log = os.open(action["log"], flags, 0o600) if action.get("log") else os.open(os.devnull, os.O_WRONLY)
    try:
        process = subprocess.Popen(  # noqa: S603  an argv list and no shell
            _absolute(action["start"]),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=tools.service_environment(),
            cwd=action.get("folder", "/"),
            start_new_session=True,
        )
    finally:
        os.close(log)
    _started.append(process)
    return process


def _signal(action: Mapping[str, Any]) -> None:
    number = getattr(signal, f"SIG{action['signal'].removeprefix('SIG')}", None)
    if not isinstance(number, signal.Signals):
        raise OSError(errno.EINVAL, f"there is no signal '{action['signal']}'")
    one = running.of_pidfile(action["pidfile"])
    # A descriptor of the process: its number cannot go to another one between the look and the signal.
    descriptor = os.pidfd_open(one.pid)
    try:
        if not one.alive:
            raise ProcessLookupError(errno.ESRCH, f"process {one.pid} of {action['pidfile']} is gone")
        signal.pidfd_send_signal(descriptor, number)
    finally:
        os.close(descriptor)


def _until_ready(action: Mapping[str, Any], process: subprocess.Popen[bytes] | None) -> None:
    end = time.monotonic() + _within(action)
    while not _healthy(action):
        if _failed(process):
            code = process.returncode if process else 0
            raise OSError(errno.EIO, f"{_name(action)} ended with {code} when it was started{_log(action)}")
        if time.monotonic() > end:
            message = f"{_name(action)} does not work after {_within(action):g} s{_log(action)}"
            raise TimeoutError(errno.ETIMEDOUT, message)
        time.sleep(_PAUSE_S)


def _failed(process: subprocess.Popen[bytes] | None) -> bool:
    """Whether the start failed; one that ended well has left a daemon behind."""
    return process is not None and process.poll() not in {None, 0}


def _has_probe(action: Mapping[str, Any]) -> bool:
    return bool(action.get("ready", {}).get("tcp") or action.get("ready", {}).get("command"))


def _healthy(action: Mapping[str, Any]) -> bool:
    """Whether the service works as far as `ready` can tell; without it a unit has to be active."""
    ready = action.get("ready", {})
    if ready.get("tcp"):
        return _answers(ready["tcp"])
    if ready.get("command"):
        return _succeeds(action, _absolute(ready["command"]))
    if action["kind"] == "unit":
        return _succeeds(action, (tools.resolve("systemctl"), "is-active", "--quiet", action["unit"]))
    return True


def _answers(place: str) -> bool:
    host, _, port = place.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_LONGEST_PROBE_S).close()
    except OSError:
        return False
    return True


def _succeeds(action: Mapping[str, Any], argv: tuple[str, ...]) -> bool:
    try:
        _run(action, argv, timeout_s=min(_LONGEST_PROBE_S, _within(action)))
    except OSError:
        return False
    return True


def _run(
    action: Mapping[str, Any],
    argv: tuple[str, ...],
    *,
    may_fail: bool = False,
    timeout_s: float | None = None,
) -> str:
    """What a command that failed said, where it may fail; else raises it."""
    limit_s = timeout_s or _within(action)
    try:
        tools.run(
            argv, environment=tools.service_environment(), timeout_s=limit_s, folder=action.get("folder", "/")
        )
    except OSError as error:
        if not may_fail:
            raise
        return str(error.strerror)
    return ""


def _absolute(argv: list[str]) -> tuple[str, ...]:
    return (tools.resolve(argv[0], local=True), *argv[1:])


def _within(action: Mapping[str, Any]) -> float:
    return float(action.get("ready", {}).get("within_s", _WITHIN_S))


def _name(action: Mapping[str, Any]) -> str:
    return f"service '{action.get('name') or action.get('unit')}'"


def _log(action: Mapping[str, Any]) -> str:
    if not action.get("log"):
        return ""
    with suppress(OSError), open(action["log"], "rb") as file:  # noqa: PTH123  pathlib's memory
        file.seek(max(0, os.fstat(file.fileno()).st_size - _LAST_WORDS))
        return f": {file.read().decode(errors='replace').strip()}"
    return ""
