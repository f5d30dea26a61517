"""A git repository: which commit a name means, and a working tree of it that is gone afterwards."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from autotune.core.errors import UsageError, WorkloadError

_NO_HOOKS = ("-c", "core.hooksPath=/dev/null")
"""What is checked out to be measured starts nothing by itself."""

_SHORT = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """A commit: its whole hash, its subject, and its time (ISO 8601)."""

    sha: str
    subject: str
    time: str

    @property
    def short(self) -> str:
        """The first ten digits."""
        return self.sha[:_SHORT]


@dataclass(frozen=True, slots=True)
class Repository:
    """The repository whose working tree is at `root`."""

    root: Path

    @classmethod
    def around(cls, path: Path) -> Self:
        """The one that `path` lies in; raises UsageError where there is none, or no git."""
        folder = path if path.is_dir() else path.parent
        told = _git(folder, "rev-parse", "--show-toplevel")
        if told.returncode:
            raise UsageError(f"{path} is in no git repository: {_last(told)}")
        return cls(Path(told.stdout.strip()))

    def commit(self, name: str) -> Commit:
        """What `name` (a branch, a tag, a hash, HEAD~1) means here.

        Raises UsageError where it means nothing; in a shallow clone that says how to fetch it.
        """
        told = _git(self.root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        if told.returncode:
            raise UsageError(f"'{name}' is no commit of {self.root}.{self._advice(name)}")
        sha = told.stdout.strip()
        shown = _git(self.root, "show", "--no-patch", "--format=%cI%n%s", sha).stdout
        time, _, subject = shown.partition("\n")
        return Commit(sha=sha, subject=subject.strip(), time=time)

    def _advice(self, name: str) -> str:
        if _git(self.root, "rev-parse", "--is-shallow-repository").stdout.strip() != "true":
            return " `git branch --all` and `git log` name those there are; `git fetch` brings new ones."
        remote, slash, branch = name.partition("/")
        if slash and remote in _git(self.root, "remote").stdout.split():
            how = f"git fetch --depth=1 {remote} +refs/heads/{branch}:refs/remotes/{remote}/{branch}"
        elif name.startswith("HEAD"):
            how = "git fetch --deepen=50"
        else:
            how = f"git fetch --depth=1 origin {name}:{name}"
        return f" This clone is shallow, so it may only be missing here. Fetch it: {how}"

    def changed(self) -> tuple[str, ...]:
        """Files of the working tree that differ from its commit, those git does not know as well."""
        told = _git(self.root, "status", "--porcelain", "-z", "--no-renames")
        return tuple(entry[3:] for entry in told.stdout.split("\0") if entry)

    def differs(self, commit: Commit, path: Path) -> bool:
        """Whether the file at `path` is another one in `commit`, or not there."""
        return bool(_git(self.root, "diff", "--quiet", commit.sha, "--", str(path)).returncode)

    def files(self, commit: Commit, folder: Path) -> tuple[Path, ...]:
        """The files that `folder`, of this working tree, holds in `commit`."""
        place = folder.resolve().relative_to(self.root.resolve())
        told = _git(self.root, "ls-tree", "-z", "--name-only", commit.sha, "--", f"{place}/")
        return tuple(folder / Path(name).name for name in told.stdout.split("\0") if name)

    @contextmanager
    def tree(self, commit: Commit, folder: Path) -> Iterator[Path]:
        """A working tree of `commit` in `folder`, which must not be there yet; removed at the end.

        No hooks run, and submodules stay empty. Raises WorkloadError where git cannot make it.
        """
        _git(self.root, "worktree", "prune")  # of those whose process was killed
        told = _git(self.root, *_NO_HOOKS, "worktree", "add", "--quiet", "--detach", str(folder), commit.sha)
        if told.returncode:
            raise WorkloadError(f"git cannot check out {commit.short}: {_last(told)}")
        try:
            yield folder
        finally:
            _git(self.root, "worktree", "remove", "--force", "--force", str(folder))


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What git answers; it asks nobody for anything, and looks at no other repository than `folder`'s."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        return subprocess.run(  # noqa: S603  words of our own, no shell
            ["git", "-C", str(folder), *arguments],  # noqa: S607  as PATH has it
            env={**own, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="surrogateescape",
            check=False,
        )
    except FileNotFoundError as error:
        raise UsageError("a base is a commit, and git is not installed. Install git.") from error


def _last(told: subprocess.CompletedProcess[str]) -> str:
    lines = told.stderr.strip().splitlines()
    return lines[-1].removeprefix("fatal: ") if lines else f"git ended with {told.returncode}"
