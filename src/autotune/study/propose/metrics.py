"""Which numbers of an output become metrics, and which one the objective."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from autotune.core.units import is_duration
from autotune.model.workload import Direction
from autotune.study.propose.columns import in_columns
from autotune.study.propose.document import in_document
from autotune.study.propose.found import Found, words
from autotune.study.propose.kind import is_binary
from autotune.study.propose.lines import in_lines
from autotune.study.propose.table import in_tables
from autotune.study.propose.unit import direction, is_rate

MOST = 8
"""Metrics that a reader still looks at."""

WALL = "seconds"

_USELESS = {
    "version", "pid", "port", "seed", "threads", "cpus", "cores", "limit", "date", "year", "ram",
    "cache", "freq", "mhz", "ghz", "warmup", "connections", "jobs", "workers", "dict", "interval",
    "sockets", "block", "id", "build", "built", "release", "timestamp", "epoch", "pagesize",
}  # fmt: skip
"""Words of what a program was told, or of the machine that it ran on."""

_MEASURES = {
    "throughput", "rate", "rating", "speed", "score", "qps", "tps", "rps", "ops", "iops",
    "bandwidth", "performance",
}  # fmt: skip
_WORK = {"requests", "events", "transactions", "operations", "ops", "queries"}
_MIDDLES = {"avg", "avr", "average", "mean", "median", "p50", "p90", "p95", "p99", "percentile"}
_EDGES = {"min", "minimum", "max", "maximum", "sum", "stdev", "stddev", "deviation", "first"}
_SUMMARIES = {"tot", "total", "avg", "avr", "average", "mean", "overall", "median", "summary", "all"}
_LEAST = 15
_LITERAL = re.compile(r"(?<![\w{.\[])\d+(?![\w}.\]])")
"""A number in a pattern: where a parameter is told it, the pattern finds nothing under another value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A metric under its own `name`; `why` says why it improves in this direction."""

    name: str
    found: Found
    direction: Direction
    why: str
    worth: float


def metrics(text: str, argv: Sequence[str]) -> tuple[Proposed, ...]:
    """The metrics that `text`, the output of `argv`, offers, the most promising first.

    Numbers that stand in the command line as well are what the program was told, and patterns that name one
    would find nothing under another value.
    """
    if is_binary(text):
        return ()
    told = {float(word) for word in _numbers(argv)}
    found = in_document(text) or in_columns(text) or (*in_tables(text), *in_lines(text))
    ranked = sorted(
        ((_worth(one, told, place), one) for place, one in enumerate(_each_once(found))),
        key=lambda pair: -pair[0],
    )
    return _named([(worth, one) for worth, one in ranked if worth > _LEAST][:MOST])


def _each_once(found: Iterable[Found]) -> list[Found]:
    """Without what another pattern has found at the same place already, in the order of the output."""
    return list({(one.source, one.where): one for one in found}.values())


def _worth(one: Found, told: Collection[float], place: int) -> float:
    """How likely it is what a person wants to improve: rates before times before the rest."""
    said = set(words(one.label))
    rests_on_told = any(float(number) in told for number in _LITERAL.findall(one.where))
    if said & _USELESS or rests_on_told or (one.value in told and not is_rate(one.label, one.unit)):
        return 0.0
    if is_rate(one.label, one.unit):
        worth = 100.0
    elif is_duration(one.unit) or said & {"latency", "time", "elapsed", "duration"}:
        worth = 60.0 + 10 * bool(said & _MIDDLES)
    else:
        worth = 30.0 if one.unit else 20.0
    worth += 15 * bool(said & _MEASURES) + 2 * bool(said & _WORK) + 5 * bool(said & _SUMMARIES)
    worth -= 35 * bool(said & _EDGES) + 10 * (one.unit == "%") + 60 * (one.value == 0)
    return worth + 0.01 * min(place, 90)  # of equals the last: summaries stand at the end


def _named(ranked: Sequence[tuple[float, Found]]) -> tuple[Proposed, ...]:
    taken = {WALL, "failures"}
    proposed = []
    for worth, one in ranked:
        name = next(n for n in _names(one) if n not in taken)
        taken.add(name)
        way, why = direction(one.label, one.unit)
        proposed.append(Proposed(name=name, found=one, direction=way, why=why, worth=worth))
    return tuple(proposed)


def _names(one: Found) -> Iterable[str]:
    yield one.name
    yield from (f"{one.name}_{number}" for number in range(2, 1000))


def _numbers(argv: Sequence[str]) -> Iterable[str]:
    for word in argv[1:]:
        tail = (
            word.rpartition("=")[2].lstrip("-").lstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
        )
        if tail.replace(".", "", 1).isdecimal():
            yield tail
