"""Parameters that a command line shows: its options with whole numbers."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from autotune.model.workload import PLACEHOLDERS
from autotune.study.propose.found import identifier

_ASSIGNED = re.compile(r"(?P<head>-{0,2}(?P<name>[A-Za-z][\w.-]*)=)(?P<number>\d+)")
_ATTACHED = re.compile(r"(?P<head>-(?P<name>[A-Za-z]{1,3}))(?P<number>\d+)")
_BARE = re.compile(r"(?P<head>-(?P<name>))(?P<number>[1-9])")
_OPTION = re.compile(r"-{1,2}(?P<name>[A-Za-z][\w.-]*)")
_AMOUNTS = {
    "time", "seconds", "duration", "timeout", "warmup", "runtime", "iterations", "iteration",
    "runs", "repeat", "repeats", "loops", "count", "seed", "port", "events", "requests", "max_time",
    "max_requests", "warmup_time", "report_interval", "interval", "samples", "rounds", "trials",
    "test_time", "time_limit", "run_time", "min_time", "verbose", "verbosity", "rand_seed",
    "numjobs_seed", "reps", "n_iter",
}  # fmt: skip
"""Options that say how long or how much is measured: other values measure other work."""

_CREWS = {
    "threads", "thread", "jobs", "job", "workers", "worker", "procs", "processes", "cpus", "cores",
    "parallel", "multi", "concurrency", "connections", "clients", "j", "t", "T", "p", "P", "c",
    "mmt", "num_threads", "n_jobs", "nproc",
}  # fmt: skip
_LEVELS = {"level", "mx", "compression_level", "quality", "effort"}
_LOG_FROM = 64
_LARGEST = 2**40


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """An option whose number becomes the parameter `name`: its bounds, and its present value."""

    name: str
    text: str
    low: int
    high: int
    default: int

    @property
    def log(self) -> bool:
        """Whether its range is that wide that it is searched on a logarithmic scale."""
        return self.low > 0 and self.default >= _LOG_FROM


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """The words with placeholders, the parameters in them, and options that were left as they are."""

    words: tuple[str, ...]
    options: tuple[Option, ...] = ()
    amounts: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()


def command(argv: Sequence[str], *, cpus: int) -> Command:
    """What of `argv` can be tuned; `cpus` bounds the number of threads and the like."""
    words = [escaped(argv[0])]
    options: list[Option] = []
    amounts: list[str] = []
    loose: list[str] = []
    for before, word in pairwise(argv):
        head, name, number = _split(before, word)
        if not number:
            words.append(escaped(word))
            if word.isdecimal():
                loose.append(word)
            continue
        own = _own_name(name, [option.name for option in options])
        text = f"{before} {word}" if not head else word
        if own in _AMOUNTS or name in _AMOUNTS or int(number) > _LARGEST:
            words.append(escaped(word))
            amounts.append(text)
            continue
        low, high = _domain(name, own, int(number), cpus)
        words.append(f"{escaped(head)}{{{own}}}")
        options.append(Option(name=own, text=text, low=low, high=high, default=int(number)))
    return Command(words=tuple(words), options=tuple(options), amounts=tuple(amounts), loose=tuple(loose))


def _split(before: str, word: str) -> tuple[str, str, str]:
    """What stands before the number of an option, the option's name, and the number; empty: none is there."""
    for pattern in (_ASSIGNED, _ATTACHED, _BARE):
        if match := pattern.fullmatch(word):
            return match["head"], match["name"] or "level", _plain(match["number"])
    option = _OPTION.fullmatch(before)
    if option and word.isdecimal():
        return "", option["name"], _plain(word)
    return "", "", ""


def _plain(number: str) -> str:
    """The number, or nothing where it would be written in another way again (007)."""
    return number if number.isascii() and number == str(int(number)) else ""


def escaped(word: str) -> str:
    """A word whose braces stand for themselves."""
    return word.replace("{", "{{").replace("}", "}}")


def _own_name(name: str, taken: Collection[str]) -> str:
    """A parameter's name that is no placeholder and not `taken`; capitals stay, -t and -T are two."""
    plain = name if re.fullmatch(r"[A-Za-z_]\w*", name) else identifier(name)
    return next(
        n for n in _candidates(plain) if n not in {*PLACEHOLDERS, "host", "unset", "current"} | set(taken)
    )


def _candidates(name: str) -> Iterator[str]:
    yield name
    yield f"{name}_"
    yield from (f"{name}_{number}" for number in range(2, 1000))


def _domain(name: str, own: str, value: int, cpus: int) -> tuple[int, int]:
    """Bounds around the present value: what is near enough to make sense, wide enough to matter."""
    if (name in _LEVELS or own in _LEVELS) and value <= 9:
        return min(1, value), 9
    if name in _CREWS or own in _CREWS:
        return min(1, value), max(2 * cpus, 2 * value)
    wide = 4 if value >= _LOG_FROM else 2
    return (value // wide if value > 4 else min(1, value)), max(wide * value, 8)
