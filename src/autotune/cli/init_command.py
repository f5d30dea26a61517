"""What `autotune init --from-command` does, and what it tells."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import click

from autotune.core.errors import UsageError
from autotune.core.files import write_new
from autotune.core.redact import printable
from autotune.core.units import UnitError, duration_s
from autotune.flow.first_run import FirstRun, first_run
from autotune.flow.propose import named, proposal, words
from autotune.measure.launcher import Launcher
from autotune.report.columns import columns
from autotune.study.propose.budget import spending
from autotune.study.propose.kind import is_binary
from autotune.study.propose.metrics import WALL
from autotune.study.propose.write import FILL_IN, Proposal, levels, objective, short, text

_QUICK_MIN = 5
_SHORT_S = 0.03
_DECIMAL_COMMA = re.compile(r"(?<![\w.,])\d+,\d{1,2} ?(?:[A-Za-zµ]+|%)")


def from_command(line: str, *, out: Path, name: str, timeout: str, launcher: Launcher, as_json: bool) -> None:
    """Runs the command once and writes a study for it; UsageError or WorkloadError: nothing is written."""
    argv = words(line)
    name = named(name, argv)
    if out.exists():
        raise UsageError(f"{out} is there already, and is not overwritten. Choose another file with --out")
    try:
        timeout_s = duration_s(timeout)
    except UnitError as error:
        raise UsageError(f"--timeout: {error}") from error
    click.echo(f"running once: {printable(shlex.join(argv))}", err=True)
    run = first_run(argv, timeout_s=timeout_s, launcher=launcher)
    made = proposal(argv, run, name=name, folder=out.absolute().parent)
    write_new(out, text(made))
    if as_json:
        click.echo(json.dumps(_data(made, out), allow_nan=False))
    else:
        click.echo("\n".join(_told(made, run, out)))


def _told(made: Proposal, run: FirstRun, out: Path) -> list[str]:
    goal, why = objective(made)
    plan = spending(made.seconds)
    cells = [("metric", "value", "unit", "direction", "")]
    cells += [(m.name, short(m.found.value), m.found.unit, m.direction, "") for m in made.metrics]
    cells.append((WALL, f"{made.seconds:.3g}", "s", "minimize", ""))
    marked = [(*cell[:4], "the objective" if cell[0] == goal else "") for cell in cells]
    lines = [columns(marked, right={1}), "", f"objective   {goal}: {why}"]
    lines += [_parameters(made, out), *_notes(made, run)]
    lines.append(
        f"budget      about {plan.wall_min} min, {plan.trials} trials and {plan.pairs} pairs at most"
    )
    if plan.wall_min > _QUICK_MIN:
        lines.append(f"note: one run takes {made.seconds:.0f} s. A shorter one answers sooner")
    lines += ["", f"wrote {out}; what was guessed says so there"]
    quoted = shlex.quote(str(out))
    lines.append(f"next  autotune bench {quoted} --runs 3")
    lines.append(
        f"then  autotune run {quoted}" + ("" if made.command.options else f"   # after the {FILL_IN}")
    )
    return [printable(line) for part in lines for line in part.split("\n")]


def _parameters(made: Proposal, out: Path) -> str:
    found = [f"{o.name} {o.low} to {o.high} (now {o.default})" for o in made.command.options]
    if found:
        return f"parameters  {', '.join(found)}"
    line = next(n for n, text_line in enumerate(text(made).splitlines(), 1) if "parameters: {}" in text_line)
    return (
        f"parameters  {FILL_IN}: no option of the command line has a whole number that could be tuned.\n"
        f"            Write what is to be tuned into {out}, line {line}; examples stand above it"
    )


def _notes(made: Proposal, run: FirstRun) -> list[str]:
    found = []
    if run.on_stderr:
        found.append(
            "note: it prints on standard error alone, and metrics are read from standard output. "
            "A script can redirect it: 2>&1"
        )
    elif not run.output.strip() and not run.created:
        found.append("note: it printed nothing. Does it read standard input? That is empty")
    if is_binary(run.output):
        found.append("note: it prints binary data, so the time that it takes is all that is measured")
    elif comma := _DECIMAL_COMMA.search(run.output):
        found.append(
            f"note: numbers such as '{comma[0]}' are not read, for a comma may mean thousands. "
            "A script can set LC_ALL=C for decimal points"
        )
    if traded := levels(made):
        found.append(
            f"note: {', '.join(traded)}: without a limit on quality or size, the least is proven as "
            "the best. See 'limits' in the file"
        )
    if made.seconds < _SHORT_S:
        found.append(
            f"note: one run takes {1000 * made.seconds:.1f} ms, much of it to start a process. "
            "More work in one run shows more"
        )
    if made.reset:
        found.append(
            f"note: it failed beside what it had left ({', '.join(made.created)}), which 'reset' removes"
        )
    return found


def _data(made: Proposal, out: Path) -> dict[str, Any]:
    return {
        "schema": "autotune.init/1",
        "file": str(out),
        "objective": objective(made)[0],
        "metrics": [
            {"name": m.name, "value": m.found.value, "unit": m.found.unit, "direction": m.direction}
            for m in made.metrics
        ],
        "parameters": [
            {"name": o.name, "low": o.low, "high": o.high, "default": o.default} for o in made.command.options
        ],
        "seconds": made.seconds,
    }
