from __future__ import annotations

import pytest

from autotune.core import errors
from autotune.core.errors import ExitCode, FileError, InterruptedRunError, Problem


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.UsageError("x"), 2),
        (FileError([]), 2),
        (errors.WorkloadError("x"), 4),
        (errors.StorageError("x"), 6),
        (errors.BusyError("x"), 7),
        (InterruptedRunError("x"), 130),
        (InterruptedRunError("x", exit_code=ExitCode.TERMINATED), 143),
    ],
)
def test_each_error_has_its_exit_code(error, code):
    assert error.exit_code == code
    assert isinstance(error, errors.AutotuneError)


def test_a_file_error_says_each_problem_in_a_line_of_its_own():
    problems = [Problem(file="a.yaml", line=n, column=2, message="wrong") for n in (1, 3)]
    assert str(FileError(problems)) == "a.yaml:1:2: wrong\na.yaml:3:2: wrong"
