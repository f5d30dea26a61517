"""A command run for the first time, to see what it prints and how long it takes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autotune.core.errors import WorkloadError
from autotune.core.redact import printable
from autotune.flow.bench_target import from_command
from autotune.flow.needs import refuse_missing
from autotune.measure.ending import failure
from autotune.measure.launcher import Launcher
from autotune.measure.outcome import Outcome, Request

_LINES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstRun:
    """What it printed on standard output, what it took, and the files that it left in the folder.

    `again`: it ran well once more with those files there. `on_stderr`: standard output had nothing.
    """

    output: str
    seconds: float
    created: tuple[str, ...] = ()
    again: bool = True
    on_stderr: bool = False


def first_run(argv: Sequence[str], *, timeout_s: float, launcher: Launcher) -> FirstRun:
    """The command run once in the current folder; once more where it left new files there.

    Raises WorkloadError where it is not here, fails, or does not end in time.
    """
    refuse_missing(from_command(argv, timeout_s=timeout_s).workload)
    before = set(os.listdir())  # noqa: PTH208  names are wanted
    outcome = _run(argv, timeout_s, launcher)
    if failed := failure(outcome, timeout_s):
        raise WorkloadError(_hopeless(argv, failed[1], outcome))
    created = tuple(sorted(set(os.listdir()) - before))  # noqa: PTH208  as above
    again = not created or failure(_run(argv, timeout_s, launcher), timeout_s) is None
    output = outcome.stdout.text
    return FirstRun(
        output=output,
        seconds=outcome.wall_s,
        created=created,
        again=again,
        on_stderr=not output.strip() and bool(outcome.stderr.text.strip()),
    )


def _run(argv: Sequence[str], timeout_s: float, launcher: Launcher) -> Outcome:
    return launcher.run(Request(argv=tuple(argv), cwd=Path.cwd(), env=dict(os.environ), timeout_s=timeout_s))


def _hopeless(argv: Sequence[str], reason: str, outcome: Outcome) -> str:
    said = (outcome.stderr.text.strip() or outcome.stdout.text.strip()).splitlines()[-_LINES:]
    hint = "Make the command run by itself first: without a terminal, with nothing to read on standard input."
    if outcome.timed_out:
        hint = "Give it less to do, a way to end by itself, or more time with --timeout."
    tail = "".join(f"\n  | {printable(line)}" for line in said)
    return (
        f"'{printable(argv[0])}' did not run well, and nothing was written: {printable(reason)}{tail}\n{hint}"
    )
