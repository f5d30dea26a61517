"""The folder of a started service: its own, its user's, gone with the run."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from autotune.core.errors import WorkloadError
from autotune.sidecar.running import Running, started

_NAME = re.compile(r"autotune-(\d+)-(\d+)-.*")
_ON_DISK = "/var/tmp"  # noqa: S108  made by mkdtemp; /tmp may be memory, where a write costs nothing


def parent() -> Path:
    """Where the folders are made: TMPDIR, or else where temporary files are on a disk."""
    return Path(os.environ.get("TMPDIR") or _ON_DISK)


class Place:
    """A new folder with `data`, which belongs to `user` (empty: this process's own), and the service's `log`.

    Folders that dead processes of the same user left behind are removed first. Raises WorkloadError where it
    cannot be made.
    """

    def __init__(self, user: str) -> None:
        self.user = user if os.geteuid() == 0 else ""
        where = parent()
        _sweep(where)
        try:
            own = f"autotune-{os.getpid()}-{started(os.getpid())}-"
            self.folder = Path(tempfile.mkdtemp(prefix=own, dir=where)).resolve()
            self.folder.chmod(0o711)  # its user passes through to the data, nobody lists what is here
            self.log.touch(mode=0o600)
        except OSError as error:
            raise WorkloadError(f"no folder for the service can be made in {where}: {error}.") from error
        self.data = self.folder / "data"
        self.empty()

    @property
    def log(self) -> Path:
        """The file that takes what the service prints."""
        return self.folder / "log"

    @property
    def prepared(self) -> Path:
        """The data as the preparation left them, where a reset copies them."""
        return self.folder / "prepared"

    def empty(self) -> None:
        """Makes `data` an empty folder."""
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(mode=0o700)
        self.give(self.data)

    def give(self, path: Path) -> None:
        """Makes `path`, with all below it, the service's user's own."""
        if not self.user:
            return
        entry = pwd.getpwnam(self.user)
        os.chown(path, entry.pw_uid, entry.pw_gid)
        for where, folders, files in os.walk(path):
            for name in (*folders, *files):
                os.chown(Path(where, name), entry.pw_uid, entry.pw_gid, follow_symlinks=False)

    def install(self, source: Path, name: str) -> None:
        """Copies a rendered file into the data, under its name, for the service's user alone.

        By a rename: what lies there already, a link perhaps, is replaced and never written through.
        """
        new = self.folder / f"new-{name}"
        shutil.copyfile(source, new)
        new.chmod(0o600)
        self.give(new)
        new.replace(self.data / name)

    def as_user(self, argv: tuple[str, ...]) -> tuple[str, ...]:
        """`argv` as the service's user runs it; setpriv becomes the program itself, with the same pid."""
        if not self.user:
            return argv
        return ("setpriv", f"--reuid={self.user}", "--regid", _group(self.user), "--init-groups", "--", *argv)

    def close(self) -> None:
        """Removes the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _group(user: str) -> str:
    return str(pwd.getpwnam(user).pw_gid)


def _sweep(where: Path) -> None:
    """Removes what dead processes left: a folder's name holds the pid of its owner, and when that started."""
    with suppress(OSError):
        for entry in os.scandir(where):
            found = _NAME.fullmatch(entry.name)
            if found is None or entry.is_symlink() or entry.stat().st_uid != os.geteuid():
                continue
            if not Running(int(found[1]), int(found[2])).alive:
                shutil.rmtree(entry.path, ignore_errors=True)
