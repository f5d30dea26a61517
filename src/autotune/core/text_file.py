"""A text file read whole, within a limit."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

from autotune.core.errors import FileError, Problem


def read_text(path: Path, *, largest: int) -> str:
    """The UTF-8 text of a regular file of at most `largest` bytes, without a byte order mark.

    Raises FileError where the file is missing, no regular file, too large or not UTF-8.
    """
    try:
        if path.exists() and not path.is_file():
            _refuse(path, "is not a regular file; a text file is needed")
        with path.open("rb") as file:
            content = file.read(largest + 1)
    except (OSError, ValueError) as error:
        _refuse(path, f"cannot be read: {getattr(error, 'strerror', None) or error}")
    if len(content) > largest:
        _refuse(path, f"is larger than {largest // 1024} KiB")
    return text_of(content, path)


def text_of(content: bytes, path: Path) -> str:
    """The UTF-8 text that `content` spells, without a byte order mark; `path` is where it was read.

    Raises FileError, with the place of the first wrong byte.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        found = error.object[error.start]
        _refuse(path, f"is not UTF-8 text: found byte 0x{found:02x}", line, column)


def _refuse(path: Path, message: str, line: int = 1, column: int = 1) -> NoReturn:
    raise FileError([Problem(file=str(path), line=line, column=column, message=message)])
