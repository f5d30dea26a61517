"""A folder for the samples of one `bench`, gone when it ends, however it ends."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from autotune.core.errors import BusyError, StorageError
from autotune.core.files import locked

_PREFIX = "autotune-"
_LOCK = "lock"


@contextmanager
def scratch(reports: Path) -> Iterator[Path]:
    """An empty folder below `reports`, on the same file system as those of studies.

    What a killed `bench` left there is removed first. Raises StorageError where no folder can be made.
    """
    home = reports / ".bench"
    made = not reports.exists()
    try:
        home.mkdir(parents=True, exist_ok=True)
        _sweep(home)
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=home))
    except OSError as error:
        raise StorageError(f"{home} cannot be used: {error.strerror}. Choose another --reports.") from error
    try:
        with locked(folder / _LOCK, what=str(folder)):
            yield folder / "samples"
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):  # not empty: of another that runs now
            home.rmdir()
            if made:
                reports.rmdir()


def _sweep(home: Path) -> None:
    """Removes the folders whose process is gone: nobody holds their lock."""
    for folder in home.glob(f"{_PREFIX}*"):
        if not (folder / _LOCK).exists():
            continue  # being made now, or nothing of ours
        with suppress(BusyError, StorageError), locked(folder / _LOCK, what=str(folder)):
            shutil.rmtree(folder, ignore_errors=True)
