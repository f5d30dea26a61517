"""The program that is measured: `build` compiles it once for each set of flags, `check` looks at its answer.

python gcc_flags_build.py build --data DIR --profile=false -O2 -march=native        the flags are gcc's

Programs are kept for the next run in /var/tmp/autotune-gallery-UID/gcc-flags (remove it at will).
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

SOURCE = Path(__file__).with_name("gcc_flags_picture.c")
REFERENCE = ("-O0",)
"""How the program is compiled whose answer counts as right."""


def main() -> str:
    """Runs one of the two commands; what is wrong, as text."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("what", choices=["build", "check"])
    parser.add_argument("--data", type=Path, required=True, help="the sample's folder")
    parser.add_argument("--profile", choices=["true", "false"], default="false")
    args, flags = parser.parse_known_args()
    if args.what == "check":
        return check(args.data)
    (args.data / "program").symlink_to(program(flags, profile=args.profile == "true"))
    return ""


def program(flags: Sequence[str], *, profile: bool = False) -> Path:
    """The program compiled with `flags`; with `profile`, by what a run of it with those flags has shown."""
    version = subprocess.run(["gcc", "--version"], check=True, capture_output=True).stdout  # noqa: S607
    name = hashlib.sha256(repr((version, SOURCE.read_bytes(), *flags, profile)).encode()).hexdigest()[:16]
    kept = own_folder() / "gcc-flags"
    kept.mkdir(exist_ok=True)
    if not (kept / name).is_file():
        with tempfile.TemporaryDirectory(dir=kept) as place:
            made = Path(place) / "program"
            if profile:
                compiled(made, *flags, "-fprofile-generate", f"-fprofile-dir={place}")
                subprocess.run([made, os.devnull], check=True)  # noqa: S603  what was just compiled
            seen = ("-fprofile-use", f"-fprofile-dir={place}", "-Wno-missing-profile") if profile else ()
            compiled(made, *flags, *seen)
            shutil.move(made, kept / name)
    return kept / name


def compiled(target: Path, *flags: str) -> None:
    """Compiles and links the source into `target`; raises CalledProcessError."""
    # In the target's folder, where the compiler looks for what a run has shown.
    command = ["gcc", "-w", *flags, str(SOURCE.absolute()), "-o", target.name, "-lm"]
    subprocess.run(command, check=True, cwd=target.parent)  # noqa: S603  no shell


def own_folder() -> Path:
    """The gallery's folder of this user, that nobody else can write to."""
    folder = Path("/var/tmp") / f"autotune-gallery-{os.geteuid()}"  # noqa: S108  its owner is checked
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        sys.exit(f"{folder} is not a folder of this user alone: remove it")
    return folder


def check(data: Path) -> str:
    """Whether the program has answered as it does without optimisation."""
    expected = own_folder() / "gcc-flags" / f"{program(REFERENCE).name}.answer"
    if not expected.is_file():
        made = expected.with_suffix(f".{os.getpid()}")
        subprocess.run([program(REFERENCE), made], check=True)  # noqa: S603
        made.replace(expected)
    same = expected.read_bytes() == (data / "answer").read_bytes()
    return "" if same else "another answer than without optimisation"


if __name__ == "__main__":
    sys.exit(main() or 0)
