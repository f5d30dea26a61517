"""Numbers in tables: rows with a name, columns whose heads stand above them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from autotune.study.propose.found import Found
from autotune.study.propose.number import Token, flexible, group, tokens
from autotune.study.propose.place import Line, holds, lines
from autotune.study.propose.unit import unit_of

_HEADS = 4
"""Lines above a table's first row that can belong to its head."""

_RULE = re.compile(r"[\s|+=_-]*")
_KILOBYTES = re.compile(r"1000s of bytes per second")
"""What the k behind each figure of `openssl speed` means, in its own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    line: Line
    label: str
    numbers: tuple[Token, ...]


def in_tables(text: str) -> Iterator[Found]:
    """Every number of a table with heads that one pattern finds again."""
    heads: list[str] = []
    closed = False
    for line in lines(text):
        if row := _row(line):
            closed = True
            yield from _cells(row, heads, text)
        elif not line.text.strip():
            closed = True  # what is above a blank line is the head of no other table
        elif not _RULE.fullmatch(line.text):
            heads = [line.text] if closed else [*heads[1 - _HEADS :], line.text]
            closed = False


def _row(line: Line) -> _Row | None:
    """The line as a row: a name or none, then numbers with blanks and bars between them."""
    numbers = tuple(tokens(line.text))
    if (
        len(numbers) < 2
        or any(token.spaced for token in numbers)
        or line.text[numbers[-1].end :].strip(" \t|")
    ):
        return None
    between = "".join(line.text[a.end : b.start] for a, b in pairwise(numbers))
    label = line.text[: numbers[0].start].strip()
    if between.strip(" \t|") or not all(line.text[a.end].isspace() for a in numbers[:-1]):
        return None
    return None if len(label) > 40 or label.endswith("=") else _Row(line=line, label=label, numbers=numbers)


def _cells(row: _Row, heads: Sequence[str], text: str) -> Iterator[Found]:
    columns = [_column(row, number, heads) for number in range(len(row.numbers))]
    if not any(name for name, _ in columns):
        return
    for token, (name, unit) in zip(row.numbers, columns, strict=True):
        where = _pattern(row, token)
        explained = not token.scale or (token.scale == "k" and bool(_KILOBYTES.search(text)))
        if not name or not explained or not holds(where, text, row.line.at + token.start):
            continue
        label = f"{row.label.rstrip(':')} {name}".strip()
        yield Found(
            label=label,
            value=token.value,
            unit=token.unit or ("kB/s" if token.scale else unit),
            source="regex",
            where=where,
            carried=token.carried,
        )


def _pattern(row: _Row, token: Token) -> str:
    """The row's name, as many words as stand between, and the number."""
    between = len(row.line.text[row.numbers[0].start : token.start].split())
    skipped = rf"(?:\S+\s+){{{between}}}" if between > 1 else r"\S+\s+" * between
    label = rf"{flexible(row.label)}\s+" if row.label else ""
    return rf"^\s*{label}{skipped}{group(token, row.line.text)}"


def _column(row: _Row, number: int, heads: Sequence[str]) -> tuple[str, str]:
    """The name of a column, by all the heads above it, and its unit; both may be empty."""
    name: list[str] = []
    unit = ""
    for head in heads:
        if not (said := _said(row, number, head)):
            continue
        one = unit_of(said)[0]
        if one:
            unit = one
        else:
            name.append(said)
    return " ".join(name), unit


def _said(row: _Row, number: int, head: str) -> str:
    """What one line of a head says of a column: by the count of its words, else by where they stand."""
    spans = [match.span() for match in re.finditer(r"[^\s|]+(?: [^\s|]+)*", head)]
    single = [match.span() for match in re.finditer(r"[^\s|]+", head)]
    if len(spans) < 2:
        return ""
    wanted = len(row.numbers)
    for cells in (spans, single):
        if "|" not in head and len(cells) - bool(row.label) == wanted:
            begin, end = cells[number + bool(row.label)]
            return head[begin:end]
    if "|" in head and (whole := _segment(head, row.numbers[number])):
        return whole if abs(row.line.text.find("|") - head.find("|")) <= 1 else ""
    token = row.numbers[number]
    return next((head[a:b] for a, b in single if token.end == b or token.start == a), "")


def _segment(head: str, token: Token) -> str:
    """The heading of the part between bars that a number is in, where it has one for all its columns."""
    bar = head.find("|")
    part = (head[:bar] if token.end <= bar else head[bar + 1 :]).strip()
    return part if len(part.split()) == 1 else ""
