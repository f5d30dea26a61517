"""Values that the kernel shows as files: /proc/sys, /sys, control groups.

Address: `path`; with `choice`, the file lists all values and marks the one in force by brackets.
"""

from __future__ import annotations

import errno
import os
import re
import shlex
from collections.abc import Mapping
from typing import Any

_MARKED = re.compile(r"\[([^\]]*)\]")
_LARGEST = 1 << 16


def read(address: Mapping[str, Any]) -> str:
    """The value, each run of white space in it as one space; of a list of choices the marked one.

    Raises OSError where the file is not there or cannot be read.
    """
    descriptor = os.open(address["path"], os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        text = os.read(descriptor, _LARGEST).decode(errors="replace")
    finally:
        os.close(descriptor)
    if address.get("choice") and (marked := _MARKED.search(text)):
        return marked.group(1)
    return " ".join(text.split())


def write(address: Mapping[str, Any], value: str | None) -> None:
    """Writes the value by one system call, as the kernel asks for.

    Raises OSError where the kernel refuses it (EINVAL, EPERM, EROFS), and for None: such a value stays.
    """
    if value is None:
        raise OSError(errno.ENOENT, "the value was not there before, and cannot be taken away")
    descriptor = os.open(address["path"], os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        os.write(descriptor, f"{value}\n".encode())
    finally:
        os.close(descriptor)


def identity(address: Mapping[str, Any]) -> str:
    """Device and inode: a control group that was removed and made again is another one.

    Of /proc/sys and /sys, whose inodes are made on demand, it is empty.
    """
    path = str(address["path"])
    if not path.startswith("/sys/fs/cgroup/") and not address.get("group"):
        return ""
    status = os.stat(os.path.dirname(path))  # noqa: PTH116,PTH120  pathlib would add to the guardian's memory
    return f"{status.st_dev}:{status.st_ino}"


def by_hand(address: Mapping[str, Any], value: str | None) -> str:
    """The shell command that writes `value`."""
    return f"printf '%s\\n' {shlex.quote(value or '')} > {shlex.quote(str(address['path']))}"
