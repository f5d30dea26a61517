"""A study proposed for a command, from its words and its first run."""

from __future__ import annotations

import math
import os
import statistics
from collections.abc import Sequence
from pathlib import Path

from autotune.core.errors import UsageError
from autotune.flow.first_run import FirstRun
from autotune.measure import csv, document, pattern
from autotune.measure.host import facts
from autotune.measure.number import MetricError
from autotune.study.propose.found import Found
from autotune.study.propose.metrics import Proposed, metrics
from autotune.study.propose.name import study_name
from autotune.study.propose.options import command
from autotune.study.propose.shell import asked_of_shell, split
from autotune.study.propose.write import Proposal
from autotune.study.schema.fields import is_file_name


def words(text: str) -> list[str]:
    """The words of a command line; raises UsageError where it needs a shell, or is none."""
    if asked := asked_of_shell(text):
        raise UsageError(
            f"--from-command: '{asked}' is for a shell, and autotune starts programs without one. Write the "
            "line into a script, such as bench.sh, and tune that: --from-command 'sh bench.sh'"
        )
    try:
        found = split(text)
    except ValueError as error:
        raise UsageError(f"--from-command: {error}") from error
    if not all(word.isprintable() and "\ufffd" not in word for word in found):
        raise UsageError("--from-command: a word holds a sign that cannot be printed. Write it into a script")
    if not found or not found[0]:
        raise UsageError("--from-command: no command was given, as in --from-command 'sysbench cpu run'")
    return found


def named(name: str, argv: Sequence[str]) -> str:
    """The name of the study, by itself taken from the command; raises UsageError where it can be none."""
    chosen = name or study_name(argv)
    if not is_file_name(chosen):
        raise UsageError(f"--name: a name has 1 to 64 letters, digits, '.', '_' or '-', found '{name}'")
    return chosen


def proposal(argv: Sequence[str], run: FirstRun, *, name: str, folder: Path) -> Proposal:
    """What is proposed for `argv` after its first `run`, for a study file in `folder`."""
    return Proposal(
        name=name,
        argv=tuple(argv),
        command=command(argv, cpus=int(facts()["host.cpus"] or 1)),
        metrics=tuple(one for one in metrics(run.output, argv) if _read_again(one, run.output)),
        seconds=run.seconds,
        folder=os.path.relpath(Path.cwd(), folder),
        created=run.created,
        reset=not run.again,
    )


def _read_again(proposed: Proposed, output: str) -> bool:
    """Whether a sample would read the same number: what was guessed is tried by what measures."""
    one = proposed.found
    try:
        return math.isclose(_read(one, output), one.value, rel_tol=1e-9)
    except MetricError:
        return False


def _read(one: Found, output: str) -> float:
    if one.source == "json":
        return document.find(one.where, output)
    if one.source == "csv":
        return statistics.fmean(csv.column(one.where, output, one.unit))
    return pattern.find(one.where, output, one.unit)
