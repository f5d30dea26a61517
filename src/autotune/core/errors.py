"""Every way a command can end badly, each with its exit code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum


class ExitCode(IntEnum):
    """The one table of exit codes, for every command."""

    GOOD = 0
    WORSE = 1
    USAGE = 2
    UNDECIDED = 3
    WORKLOAD = 4
    NOT_RESTORED = 5
    STORAGE = 6
    BUSY = 7
    REFUSED = 8
    INTERRUPTED = 130
    TERMINATED = 143


class AutotuneError(Exception):
    """A failure that the user can act on; its text says what happened and what to do next."""

    exit_code = ExitCode.USAGE


class UsageError(AutotuneError):
    """A command line or a request that makes no sense as written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One mistake in a file: where it stands, what is wrong, what was perhaps meant."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class FileError(AutotuneError):
    """A file that cannot be used, with every problem found in it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class WorkloadError(AutotuneError):
    """The workload or its environment fails: a missing binary, a failing baseline."""

    exit_code = ExitCode.WORKLOAD


class NotRestoredError(AutotuneError):
    """Something is left on this machine that could not be undone; no further work is begun on it."""

    exit_code = ExitCode.NOT_RESTORED


class StorageError(AutotuneError):
    """The store cannot be read or written; what is on disk was left as it is."""

    exit_code = ExitCode.STORAGE


class BusyError(AutotuneError):
    """Another process holds what this command needs."""

    exit_code = ExitCode.BUSY


class RefusedError(AutotuneError):
    """The safety rules forbid it; nothing was changed."""

    exit_code = ExitCode.REFUSED


class InterruptedRunError(AutotuneError):
    """The user or the system asked to stop; all finished work is saved."""

    def __init__(self, message: str, *, exit_code: ExitCode = ExitCode.INTERRUPTED) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class TerminatedError(KeyboardInterrupt):
    """SIGTERM or a closed terminal: unwinds as Ctrl-C does, ends with its own exit code."""

    exit_code = ExitCode.TERMINATED
