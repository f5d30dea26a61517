"""Columns of numbers in a table whose fields are separated by commas and the like."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from statistics import fmean

from autotune.study.propose.found import Found, words
from autotune.study.propose.unit import unit_in

_DELIMITERS = (",", ";", "\t", "|")
_LONGEST = 64 * 1024
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", re.ASCII)
_HEADS = 100
"""Lines among which a header is looked for."""


def in_columns(text: str) -> tuple[Found, ...]:
    """The mean of every column of numbers below a header; none unless the table reaches the output's end."""
    rows = [line for line in text.splitlines() if line.strip()]
    for number, line in enumerate(islice(rows, _HEADS)):
        for delimiter in _DELIMITERS:
            header = _fields(line, delimiter)
            if len(header) > 1 and all(words(name) and _number(name) is None for name in header):
                table = [_fields(row, delimiter) for row in rows[number + 1 :]]
                found = tuple(_columns(header, table))
                if found and not any(one.where in above for one in found for above in rows[:number]):
                    return found
    return ()


def _columns(header: Sequence[str], table: Sequence[Sequence[str]]) -> Iterator[Found]:
    if not table or any(len(row) != len(header) for row in table):
        return
    for name, column in zip(header, zip(*table, strict=True), strict=True):
        values = [value for value in map(_number, column) if value is not None]
        if len(values) == len(column) and header.count(name) == 1:
            yield Found(label=name, value=fmean(values), unit=unit_in(name), source="csv", where=name)


def _fields(line: str, delimiter: str) -> list[str]:
    if delimiter not in line or len(line) > _LONGEST:
        return []
    return [field.strip() for field in next(csv.reader([line], delimiter=delimiter, skipinitialspace=True))]


def _number(field: str) -> float | None:
    value = float(field) if _NUMBER.fullmatch(field) else float("inf")
    return value if abs(value) < float("inf") else None
