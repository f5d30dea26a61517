"""Tools of other programs, run without a shell, from fixed places and in a clean environment."""

from __future__ import annotations

import errno
import os
import select
import signal
import subprocess
from collections.abc import Mapping, Sequence
from glob import glob
from typing import Any

_PLACES = ("/usr/sbin", "/usr/bin", "/sbin", "/bin")
_POSTGRES = "/usr/lib/postgresql/*/bin"
_LOCAL = ("/usr/local/sbin", "/usr/local/bin")

_KEPT = frozenset({
    "HOME", "LOGNAME", "TZ", "USER",
    "REDISCLI_AUTH", "MYSQL_HOST", "MYSQL_PWD", "MYSQL_TCP_PORT", "MYSQL_UNIX_PORT",
})  # fmt: skip
"""Variables that a client may see, besides those of PostgreSQL's library (PG...): passwords come this way."""

_HIJACKED = ("LD_", "PYTHON", "PERL", "BASH_", "GCONV_", "GLIBC_")
"""Beginnings of variables by which others could bring code of theirs into a program."""

_LONGEST_MESSAGE = 2000
_LARGEST = 1 << 20


def resolve(tool: str, *, local: bool = False) -> str:
    """The absolute path of `tool`, whatever PATH says; with `local` also from /usr/local.

    Raises OSError where it is in none of the fixed places: not FileNotFoundError, which would say that the
    value is gone that the tool leads to.
    """
    if "/" in tool:
        return tool
    for place in _places(local=local):
        path = f"{place}/{tool}"
        if os.access(path, os.X_OK):
            return path
    raise OSError(errno.ENOPKG, f"there is no '{tool}' in {':'.join(_places(local=local))}")


def _places(*, local: bool) -> tuple[str, ...]:
    newest_first = sorted(glob(_POSTGRES), reverse=True)  # noqa: PTH207  pathlib would add to the guardian's memory
    # Debian's /usr/bin/psql is a script that looks for these first.
    return (*(_LOCAL if local else ()), *newest_first, *_PLACES)


def client_environment() -> dict[str, str]:
    """What a client of a service sees: the places of programs, who it is for, and its own password."""
    kept = {name: text for name, text in os.environ.items() if name in _KEPT or name.startswith("PG")}
    return {**kept, "PATH": ":".join(_places(local=False)), "LC_ALL": "C.UTF-8", "PGCLIENTENCODING": "UTF8"}


def service_environment() -> dict[str, str]:
    """The environment without what brings foreign code into a program, and with fixed places of programs."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith(_HIJACKED)}
    kept.pop("ENV", None)  # sh reads the file that it names
    return {**kept, "PATH": ":".join(_places(local=True))}


def ask(argv: Sequence[str], *, timeout_s: float, user: str = "") -> str:
    """The standard output of a client, run as system user `user` where one is named.

    Raises OSError with what it said where it fails, TimeoutError where it takes longer than `timeout_s`.
    """
    return run(
        (resolve(argv[0]), *argv[1:]), environment=client_environment(), timeout_s=timeout_s, user=user
    )


def run(
    argv: Sequence[str],
    *,
    environment: Mapping[str, str],
    timeout_s: float,
    user: str = "",
    folder: str = "/",
) -> str:
    """The standard output of `argv`, whose first element is an absolute path; errors as of `ask`."""
    name = os.path.basename(argv[0])  # noqa: PTH119  as above
    # Files in memory and no pipes, which a daemon that the program leaves behind would keep open.
    output, said = (os.memfd_create(which) for which in ("output", "said"))
    try:
        with subprocess.Popen(  # noqa: S603  an argv list and no shell
            tuple(argv),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=said,
            env=dict(environment),
            cwd=folder,
            start_new_session=True,
            **_rights(user),
        ) as process:
            code = _wait(process, name, timeout_s)
        if code:
            message = (_text(said) or _text(output)).strip()[:_LONGEST_MESSAGE]
            raise OSError(errno.EIO, f"{name}: {message or f'exit code {code}'}")
        return _text(output)
    finally:
        os.close(output)
        os.close(said)


def _wait(process: subprocess.Popen[bytes], name: str, timeout_s: float) -> int:
    """Its exit code. By a descriptor: `wait` with a time-out looks 20 times a second only."""
    descriptor = os.pidfd_open(process.pid)
    try:
        ended, _, _ = select.select((descriptor,), (), (), timeout_s)
    finally:
        os.close(descriptor)
    if not ended:
        os.killpg(process.pid, signal.SIGKILL)
        raise TimeoutError(errno.ETIMEDOUT, f"{name} gave no answer within {timeout_s:g} s")
    return process.wait()


def _text(descriptor: int) -> str:
    return os.pread(descriptor, _LARGEST, 0).decode(errors="replace")


def _rights(user: str) -> dict[str, Any]:
    if not user:
        return {}
    import pwd  # noqa: PLC0415  few clients need it

    try:
        entry = pwd.getpwnam(user)
    except KeyError as error:
        raise OSError(errno.EINVAL, f"this machine has no user '{user}'") from error
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": os.getgrouplist(user, entry.pw_gid)}
