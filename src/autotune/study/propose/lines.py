"""Numbers that stand behind a name, as in `speed: 12 MB/s`, or before a unit, as in `in 1.2 s`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from autotune.core.units import is_duration
from autotune.study.propose.found import Found, words
from autotune.study.propose.number import Token, flexible, group, tokens
from autotune.study.propose.place import Line, holds, lines
from autotune.study.propose.unit import is_rate, unit_in

_LABEL = re.compile(r"(?<![\w./-])(?:[^\W\d_]|\d+(?:th|%))[^:=,;|{}\n]{0,59}?[\"']?\s*[:=]\s*$")
_ALONE = re.compile(r"(?:[^\W\d_]|\d+(?:\.\d+)?%)[\w/%().-]*(?: [\w/%().-]+){0,3}\s+$")
_PERCENTILE = re.compile(r"(\d+)(?:\.\d+)?(?:th percentile|%(?:ile)?)")
_STATISTICS = {
    "avg", "average", "mean", "median", "min", "minimum", "max", "maximum", "sum", "total",
    "percentile", "stddev", "stdev", "count", "p50", "p90", "p95", "p99", "th", "50th", "90th",
    "95th", "99th",
}  # fmt: skip
_LONGEST_BEFORE = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    """A number with what the line says of it: `text` is what stands right before it."""

    line: Line
    token: Token
    label: str
    text: str


def in_lines(text: str) -> Iterator[Found]:
    """Every number with a name or a unit that one pattern finds again."""
    for line in lines(text):
        here = list(tokens(line.text))
        if len(here) > 1 and here[0].unit == "%" and not line.text[: here[0].start].strip():
            del here[0]  # the 99% of a percentile names the number behind it
        begin = 0
        for token in here:
            named = _named(line, token, begin, alone=len(here) == 1)
            if named is not None and (found := _found(named, text)):
                yield found
            begin = token.end


def _named(line: Line, token: Token, begin: int, *, alone: bool) -> _Named | None:
    before = line.text[begin : token.start]
    if token.scale and (not alone or begin):
        return None  # 56.2k may be 950 the next time, and nothing tells what a k is worth
    match = _LABEL.search(before)
    if match is None and alone and not line.text[token.end :].strip():
        match = _ALONE.fullmatch(before.lstrip()) and _ALONE.search(before)
    if match is not None:
        label = match[0].strip().rstrip(":= \"'")
        if " -" in label:  # options of a compiler
            return None
        return _Named(line=line, token=token, label=label, text=match[0])
    if not is_duration(token.unit) and not is_rate("", token.unit):
        return None
    near = before[-_LONGEST_BEFORE:].lstrip(",;()[] ") if begin or before.strip() else ""
    return _Named(line=line, token=token, label=_around(near, line.text, token), text=near)


def _around(near: str, line: str, token: Token) -> str:
    """What a number without a label may be called: the words before it, those after it, or its unit."""
    said = _telling(near)[-3:]
    if said and is_duration(token.unit) and near.endswith(" in "):
        said.append("time")  # `9 rows done in 3 s` counts no rows
    if not said and token.unit == "1/s":  # `total operations: 99 (33.0 per second)`
        said = [*_telling(line[: token.start])[-2:], "per s"]
    said = said or _telling(" ".join(words(line[token.end :])[:2]))
    return " ".join(said) or token.unit


def _telling(text: str) -> list[str]:
    return [word for word in words(text) if word not in {"in", "at", "of", "the"} and not word.isdigit()]


def _found(named: _Named, text: str) -> Found | None:
    token, section = named.token, named.line.section
    label = named.label
    general = bool(section) and (set(words(label)) <= _STATISTICS or bool(unit_in(section)))
    unit = token.unit or token.scale or unit_in(label) or (unit_in(section) if section else "")
    where = next((one for one in _patterns(named, text) if holds(one, text, named.line.at + token.start)), "")
    if not where:
        return None
    return Found(
        label=f"{_plain(section)} {_plain(label)}" if general else _plain(label),
        value=token.value,
        unit=unit,
        source="regex",
        where=where,
        carried=token.carried,
    )


def _patterns(named: _Named, text: str) -> Iterator[str]:
    """Patterns for it, the simplest first."""
    taken = group(named.token, named.line.text)
    joined = named.text.rstrip()[-1:] in {":", "="} or not named.text[-1:].isspace()
    blank = r"\s*" if joined else r"\s+"
    label = flexible(named.text) + (blank if named.text.strip() else "")
    yield label + taken if label else taken.replace(r"\S+ \S+", rf"\S+ {re.escape(named.token.unit)}")
    yield rf"^\s*{label}{taken}"
    if named.line.section and text.count(named.line.section) == 1:
        yield rf"{flexible(named.line.section)}(?:\n.*)*?\n\s*{label}{taken}"


def _plain(label: str) -> str:
    """A label without the unit in brackets, percentiles as they are called here."""
    plain = re.sub(r"\s*[(\[][^()\[\]]*[)\]]", "", label) or label
    return _PERCENTILE.sub(r"p\1", plain).rstrip(":")
