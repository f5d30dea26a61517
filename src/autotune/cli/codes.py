"""The exit code of each answer."""

from __future__ import annotations

from autotune.core.errors import ExitCode
from autotune.model.verdict import Result

_CODES = {
    Result.BETTER: ExitCode.GOOD,
    Result.EQUIVALENT: ExitCode.GOOD,
    Result.WORSE: ExitCode.WORSE,
    Result.UNDECIDED: ExitCode.UNDECIDED,
}


def code_of(result: Result) -> ExitCode:
    """The exit code that says which of the four answers it was."""
    return _CODES[result]
