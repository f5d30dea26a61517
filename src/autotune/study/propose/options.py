"""Parameters that a command line shows: its options with whole numbers."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from autotune.model.workload import PLACEHOLDERS
from autotune.study.propose.found import identifier, words

_ASSIGNED = re.compile(r"(?P<head>-{0,2}(?P<name>[A-Za-z][\w.-]*)=)(?P<number>\d+)")
_ATTACHED = re.compile(r"(?P<head>-(?P<name>[A-Za-z]{1,3}))(?P<number>\d+)")
_BARE = re.compile(r"(?P<head>-(?P<name>))(?P<number>[1-9])")
_OPTION = re.compile(r"-{1,2}(?P<name>[A-Za-z][\w.-]*)")
_AMOUNTS = {
    "time", "seconds", "duration", "timeout", "warmup", "runtime", "interval", "seed", "port",
    "iterations", "iteration", "iter", "runs", "repeat", "repeats", "reps", "loops", "rounds",
    "samples", "trials", "count", "number", "num", "n", "total", "bytes", "size", "block",
    "blocks", "rows", "records", "requests", "events", "operations", "ops", "transactions",
    "queries", "items", "entries", "keys", "files", "lines", "length", "len", "scale", "md",
    "dict", "verbose", "verbosity",
}  # fmt: skip
"""Words of options that say how long or how much is measured: other values measure other work."""

_HOLDERS = {
    "buffer", "buffers", "cache", "batch", "chunk", "page", "pool", "heap", "stack", "queue", "window",
}  # fmt: skip
"""What a program keeps the work in: its size and number are worth tuning."""

_CREWS = {
    "threads", "thread", "jobs", "job", "workers", "worker", "procs", "processes", "cpus", "cores",
    "parallel", "multi", "concurrency", "connections", "clients", "j", "t", "T", "p", "P", "c",
    "mmt", "num_threads", "n_jobs", "nproc", "numjobs",
}  # fmt: skip
_LEVELS = {"level", "mx", "compression", "compression_level", "quality", "effort"}
_LOG_FROM = 64
_EXPONENT_FROM = 12
"""An unknown -x13 may be an exponent: its double is out of reach."""

_LARGEST = 2**40


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """An option whose number becomes the parameter `name`: its bounds, and its present value."""

    name: str
    text: str
    low: int
    high: int
    default: int
    note: str = ""

    @property
    def is_level(self) -> bool:
        """Whether it says how much effort goes into a result that is better or smaller for it."""
        return self.name in _LEVELS

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
    filled = [escaped(argv[0])]
    options: list[Option] = []
    amounts: list[str] = []
    loose: list[str] = []
    for before, word in pairwise(argv):
        head, name, number = _split(before, word)
        if not number:
            filled.append(escaped(word))
            if word.isdecimal():
                loose.append(word)
            continue
        own = _own_name(name, [option.name for option in options])
        text = f"{before} {word}" if not head else word
        if _is_amount(name) or int(number) > _LARGEST:
            filled.append(escaped(word))
            amounts.append(text)
            continue
        filled.append(f"{escaped(head)}{{{own}}}")
        near = _ATTACHED.fullmatch(word) is not None and _may_be_exponent(name, int(number))
        low, high = _near(int(number)) if near else _domain(name, own, int(number), cpus)
        note = "; perhaps an exponent, so at most a quarter away" if near else ""
        options.append(Option(name=own, text=text, low=low, high=high, default=int(number), note=note))
    return Command(words=tuple(filled), options=tuple(options), amounts=tuple(amounts), loose=tuple(loose))


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


def _is_amount(name: str) -> bool:
    said = set(words(name))
    return bool(said & _AMOUNTS) and not said & (_HOLDERS | _CREWS)


def _may_be_exponent(name: str, value: int) -> bool:
    return value > _EXPONENT_FROM and name not in _CREWS | _LEVELS


def _near(value: int) -> tuple[int, int]:
    return value - value // 4, value + value // 4


def _domain(name: str, own: str, value: int, cpus: int) -> tuple[int, int]:
    """Bounds around the present value: what is near enough to make sense, wide enough to matter."""
    if (name in _LEVELS or own in _LEVELS) and value <= 9:
        return min(1, value), 9
    if name in _CREWS or own in _CREWS:
        return min(1, value), max(2 * cpus, 2 * value)
    wide = 4 if value >= _LOG_FROM else 2
    return (value // wide if value > 4 else min(1, value)), max(wide * value, 8)
