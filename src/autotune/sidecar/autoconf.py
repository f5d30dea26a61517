"""What ALTER SYSTEM wrote, in its own file, for a PostgreSQL server that does not start any more."""

from __future__ import annotations

import errno
import os
import re

FILE = "postgresql.auto.conf"
_CONTROL = "global/pg_control"
_IDENTIFIER_BYTES = 8
_LINE = re.compile(r"\s*([A-Za-z_][\w$.]*)\s*=\s*'((?:[^'\\]|''|\\.)*)'\s*$")
_ESCAPED = re.compile(r"''|\\(.)")


def cluster(data: str) -> str:
    """The number of the cluster in the folder `data`, as pg_control_system() tells it.

    SOURCE: PostgreSQL, ControlFileData (catalog/pg_control.h): the file begins with it. Raises OSError.
    """
    descriptor = os.open(f"{data}/{_CONTROL}", os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        return str(int.from_bytes(os.read(descriptor, _IDENTIFIER_BYTES), "little"))
    finally:
        os.close(descriptor)


def running(data: str) -> bool:
    """Whether a server holds the folder, as far as its pid file tells."""
    try:
        with open(f"{data}/postmaster.pid", encoding="ascii") as file:  # noqa: PTH123  pathlib's memory
            os.kill(int(file.readline()), 0)
    except PermissionError:
        return True
    except (OSError, ValueError):
        return False
    return True


def get(data: str, name: str) -> str | None:
    """What the file says of the variable; raises OSError."""
    found = [match[2] for line in _lines(data) if (match := _LINE.match(line)) and match[1].lower() == name]
    return _ESCAPED.sub(lambda part: part[1] or "'", found[-1]) if found else None


def put(data: str, name: str, value: str | None) -> None:
    """Sets or takes away the variable and replaces the file, owner and mode kept; raises OSError."""
    kept = [line for line in _lines(data) if not ((match := _LINE.match(line)) and match[1].lower() == name)]
    if value is not None:
        if "\n" in value:
            raise OSError(errno.EINVAL, "a value for ALTER SYSTEM holds no newline")
        doubled = value.replace("\\", "\\\\").replace("'", "''")
        kept.append(f"{name} = '{doubled}'\n")
    _replace(f"{data}/{FILE}", "".join(kept))


def _lines(data: str) -> list[str]:
    with open(f"{data}/{FILE}", encoding="utf-8", errors="surrogateescape") as file:  # noqa: PTH123  as above
        return file.readlines()


def _replace(path: str, text: str) -> None:
    status, new = os.stat(path), f"{path}.autotune"  # noqa: PTH116  as above
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        os.write(descriptor, text.encode(errors="surrogateescape"))
        if (status.st_uid, status.st_gid) != (os.geteuid(), os.getegid()):
            os.fchown(descriptor, status.st_uid, status.st_gid)
        os.fchmod(descriptor, status.st_mode & 0o777)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    os.replace(new, path)  # noqa: PTH105  as above
    folder = os.open(os.path.dirname(path), os.O_RDONLY | os.O_CLOEXEC)  # noqa: PTH120  as above
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
