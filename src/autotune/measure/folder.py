"""The folder that a sample has for itself."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection
from pathlib import Path

from autotune.core.errors import WorkloadError


def discard(folder: Path) -> None:
    """Removes a sample's folder, also where the workload took away the rights to it."""
    shutil.rmtree(folder, ignore_errors=True)
    if not folder.is_dir():
        return
    folder.chmod(0o700)
    for where, below, _ in os.walk(folder):
        for path in (Path(where, name) for name in below):
            if not path.is_symlink():
                path.chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)


def make_fresh(folder: Path, rendered: Collection[str]) -> None:
    """Makes the folder with an empty `data` in it; WorkloadError for what is there and not `rendered`."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    strange = sorted({entry.name for entry in folder.iterdir()} - set(rendered))
    if strange:
        raise WorkloadError(
            f"{folder} already holds '{strange[0]}': every sample needs a folder of its own. Remove it."
        )
    (folder / "data").mkdir(mode=0o700)
