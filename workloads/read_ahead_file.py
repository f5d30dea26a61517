"""The file that fio reads: `cold` makes it and takes it out of memory, `check` sees that all of it was read.

It is kept for the next run in /var/tmp/autotune-gallery-UID/read-ahead (128 MiB; remove it at will).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

SIZE = 128 << 20
TIMES = 8
"""How often a sample reads it, each time from the disk: all but the first into memory just given back."""

_BLOCK = 1 << 20


def main() -> str:
    """Runs one of the two commands; what is wrong, as text."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["cold", "check"])
    parser.add_argument("--below", type=Path, default=Path(), help="a folder on the disk to read")
    parser.add_argument("--data", type=Path, required=True, help="the sample's folder")
    args = parser.parse_args()
    return check(args.data) if args.what == "check" else cold(args.below, args.data)


def cold(below: Path, data: Path) -> str:
    """Puts a link `file` into `data` that leads to a file none of whose pages is in memory."""
    folder = own_folder(below) / "read-ahead"
    folder.mkdir(exist_ok=True)
    file = folder / "file"
    if not file.is_file() or file.stat().st_size != SIZE:
        made = folder / f"new-{os.getpid()}"
        with made.open("wb") as target:
            for _ in range(SIZE // _BLOCK):
                target.write(os.urandom(_BLOCK))  # nothing that a disk could compress or share
            os.fsync(target.fileno())
        made.replace(file)
    with file.open("rb") as source:
        os.posix_fadvise(source.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    (data / "file").symlink_to(file)
    return ""


def own_folder(below: Path) -> Path:
    """The gallery's folder of this user, that nobody else can write to."""
    folder = below / f"autotune-gallery-{os.geteuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        sys.exit(f"{folder} is not a folder of this user alone: remove it")
    return folder


def check(data: Path) -> str:
    """Whether fio has read every byte without an error."""
    told = json.loads((data / "fio.json").read_text(encoding="utf-8"))
    job = told["jobs"][0]
    if job["error"] or job["read"]["io_bytes"] != TIMES * SIZE:
        return f"fio read {job['read']['io_bytes']} of {TIMES * SIZE} bytes, error {job['error']}"
    return ""


if __name__ == "__main__":
    sys.exit(main() or 0)
