"""The text of a proposed study, with every guess marked where it stands."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from autotune.core.units import show_seconds
from autotune.study.propose.budget import spending
from autotune.study.propose.metrics import WALL, Proposed
from autotune.study.propose.options import Command, Option, escaped

FILL_IN = "FILL IN"
"""What a study without a parameter is marked with."""

_ENVIRONMENT = (
    "# Variables of the environment that often matter; take the # away where the program minds one:",
    "# MALLOC_ARENA_MAX: {int: [1, 8], default: unset, apply: {env: MALLOC_ARENA_MAX}}",
    "# OMP_NUM_THREADS: {int: [1, 8], default: unset, apply: {env: OMP_NUM_THREADS}}",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """All that a study is written from; `seconds` is what the first run took.

    `created` are the files that it left; with `reset` a second run beside them failed.
    """

    name: str
    argv: tuple[str, ...]
    command: Command
    metrics: tuple[Proposed, ...]
    seconds: float
    folder: str = "."
    created: tuple[str, ...] = ()
    reset: bool = False


def text(proposal: Proposal) -> str:
    """The study as YAML."""
    return "\n".join((*_head(proposal), *_workload(proposal), *_study(proposal), ""))


def short(value: float) -> str:
    """A number with six digits or so, and never with an exponent where a person reads one like it."""
    return f"{value:.0f}" if 1e5 <= abs(value) < 1e12 else f"{value:.6g}"


def objective(proposal: Proposal) -> tuple[str, str]:
    """The metric to improve, and why this one."""
    if not proposal.metrics:
        return WALL, "the command prints no number that tells of its work, so the time that it takes is left"
    best = proposal.metrics[0]
    rank = "the most promising" if proposal.metrics[1:] else "the only number that tells of the work"
    return best.name, f"guessed as {rank}: {best.why}"


def levels(proposal: Proposal) -> list[str]:
    """Parameters whose least value is the fastest, where nothing is measured but the time."""
    options = proposal.command.options if objective(proposal)[0] == WALL else ()
    return [option.name for option in options if option.is_level]


def _head(proposal: Proposal) -> Iterator[str]:
    yield f"# Which values make this better?  {_line(shlex.join(proposal.argv))}"
    yield "# Made by autotune init --from-command after one run. Correct what is marked as guessed."
    if not proposal.command.options:
        yield f"# {FILL_IN}: no parameter was found. See 'parameters' below; autotune bench runs already."


def _workload(proposal: Proposal) -> Iterator[str]:
    name = _double(proposal.name)
    yield from (f"study: {name}", "workload:", f"  workload: {name}")
    if proposal.folder != ".":
        yield f"  folder: {_double(proposal.folder)}"
    yield "  # The words as they are, without a shell; standard input is empty. {name} is a parameter."
    yield f"  command: {_listed(proposal.command.words)}"
    took, longest = show_seconds(proposal.seconds), spending(proposal.seconds).timeout_s
    yield f"  timeout: {longest}s  # the first run took {took}"
    yield from (f"  {line}" for line in (*_reset(proposal), *_metrics(proposal), *_parameters(proposal)))


def _reset(proposal: Proposal) -> Iterator[str]:
    if not proposal.created:
        yield "# reset: {command: [...]}   # brings changed data back before each sample, not measured"
    else:
        command = _listed(["rm", "-f", "--", *map(escaped, proposal.created)])
        told = "a second run beside it failed" if proposal.reset else "take the # away if it matters"
        yield f"# The first run left {_line(', '.join(proposal.created))} behind; {told}."
        yield f"{'' if proposal.reset else '# '}reset: {{command: {command}}}"
    yield "# check: {command: [...]}   # its exit code says whether the answer is right"


def _metrics(proposal: Proposal) -> Iterator[str]:
    yield "# Guessed from what the first run printed: with what it was, and why this direction."
    yield "# A configuration under which one of them is missing fails, so take out what is of no use."
    yield "metrics:"
    for one in proposal.metrics:
        yield f"  {one.name}:"
        yield f"    {one.found.source}: {_quoted(one.found.where)}"
        if one.found.source == "csv":
            yield "    reduce: mean  # of all rows"
        if one.found.unit:
            yield f"    unit: {_quoted(one.found.unit)}"
        yield f"    direction: {one.direction}  # was {short(one.found.value)}; {one.why}"
    yield f"  {WALL}: {{wall: true, unit: s, direction: minimize}}  # was {proposal.seconds:.3g}"


def _parameters(proposal: Proposal) -> Iterator[str]:
    found = proposal.command
    if found.options:
        yield "# Guessed from the command line's numbers: are the bounds right, is the work the same?"
        yield "parameters:"
        yield from (f"  {_parameter(option)}" for option in found.options)
    else:
        yield from _fill_in()
    for left in found.amounts:
        yield f"  # {_line(left)} stays as it is: it seems to say how long or how much is measured."
    if found.loose:
        numbers = _line(", ".join(found.loose), 30)
        yield f"  # Numbers without an option stay too: {numbers}. Write {{name}} in place of one."
    yield from (f"  {line}" for line in _ENVIRONMENT)


def _parameter(option: Option) -> str:
    log = ", log: true" if option.log else ""
    domain = f"int: [{option.low}, {option.high}]{log}, default: {option.default}"
    return f"{option.name}: {{{domain}}}  # guessed from {_line(option.text)}{option.note}"


def _fill_in() -> Iterator[str]:
    yield f"# {FILL_IN} at least one parameter: no option of the command line has a number to tune. Write"
    yield "# one into 'command', with {name} in place of its value, and its values here, such as:"
    yield '#   threads: {int: [1, 8], default: 1}                 # command: [..., "--threads={threads}"]'
    yield '#   mode: {choice: [fast, small], default: fast}       # command: [..., "{mode}"]'
    yield "parameters: {}  # take the {} away, and write them below"


def _study(proposal: Proposal) -> Iterator[str]:
    plan = spending(proposal.seconds)
    metric, why = objective(proposal)
    yield f"objective: {{metric: {metric}}}  # {why}"
    yield "# What must not get worse for it, as in 'p95_ms <= 1.05 * baseline':"
    for level in levels(proposal):
        yield f"# {level} trades quality or size for time: measure those (a script can print them) and bound"
        yield "# them here, as in 'size <= 1.01 * baseline', or the least of it is proven as the best."
    yield 'limits: ["failures == 0"]'
    yield f"budget: {{trials: {plan.trials}, wall: {plan.wall_min}m}}"
    yield f"validate: {{candidates: {plan.candidates}, pairs: {plan.pairs}, min_gain: 2%}}"


def _quoted(text: str) -> str:
    """Text as YAML takes it literally, or escaped where a sign has no plain form."""
    return "'" + text.replace("'", "''") + "'" if text.isprintable() else _double(text)


def _listed(words: Iterable[str]) -> str:
    return f"[{', '.join(map(_double, words))}]"


def _double(text: str) -> str:
    """Text in double quotes; JSON would write what is beyond 16 bits in halves, which YAML does not take."""
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(sign if sign.isprintable() else f"\\U{ord(sign):08x}" for sign in quoted)


def _line(text: str, longest: int = 80) -> str:
    """Text of others as part of a comment: one printable line."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    return plain if len(plain) <= longest else f"{plain[: longest - 3]}..."
