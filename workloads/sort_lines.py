"""What is sorted: `lines` makes the file once, `check` looks at the sorted one.

400,000 lines of ASCII, 24 MB, the same on every machine. They are kept for the next run in
/var/tmp/autotune-gallery-UID/sort (remove it at will).
"""

from __future__ import annotations

import argparse
import os
import random
import sys
from pathlib import Path

LINES = 400_000


def main() -> str:
    """Runs one of the two commands; what is wrong, as text."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["lines", "check"])
    parser.add_argument("--data", type=Path, required=True, help="the sample's folder")
    args = parser.parse_args()
    return check(args.data) if args.what == "check" else lines(args.data)


def lines(data: Path) -> str:
    """Puts a link `lines` into `data` that leads to the file; it is in memory when this returns."""
    folder = own_folder() / "sort"
    folder.mkdir(exist_ok=True)
    file = folder / "lines"
    if not file.is_file():
        rng = random.Random(1)
        words = ["".join(rng.choices("etaoinshrdlucmfw", k=rng.randint(3, 10))) for _ in range(3000)]
        made = folder / f"new-{os.getpid()}"
        with made.open("w", encoding="ascii") as target:
            for _ in range(LINES):
                name = f"{rng.choice(words)}.{rng.choice(words)}"
                target.write(f"{name},{rng.randrange(10**7):07d},{' '.join(rng.choices(words, k=5))}\n")
        made.replace(file)
    file.read_bytes()
    (data / "lines").symlink_to(file)
    return ""


def own_folder() -> Path:
    """The gallery's folder of this user, that nobody else can write to."""
    folder = Path("/var/tmp") / f"autotune-gallery-{os.geteuid()}"  # noqa: S108  its owner is checked
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        sys.exit(f"{folder} is not a folder of this user alone: remove it")
    return folder


def check(data: Path) -> str:
    """Whether the same lines are there, in the order of their bytes."""
    given = (data / "lines").read_bytes().splitlines()
    given.sort()
    return "" if (data / "sorted").read_bytes().splitlines() == given else "not the same lines in order"


if __name__ == "__main__":
    sys.exit(main() or 0)
