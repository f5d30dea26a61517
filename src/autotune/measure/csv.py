"""Finds the numbers of one column of a table with a header."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass

from autotune.measure.number import MOST_VALUES, MetricError, from_text

_DELIMITERS = (",", ";", "\t", "|")
_LONGEST_LINE = 64 * 1024


def column(name: str, text: str, unit: str) -> list[float]:
    """The numbers below the header `name`, in `unit`; what stands above the header is passed over.

    Fields are separated by comma, semicolon, tab or bar. Raises MetricError where there is no such header,
    where a row has no number in that column, and where it has more fields than the header (`1,5` below `ms`).
    """
    lines = enumerate(text.splitlines(), 1)
    found = _header(name, lines)
    values = []
    for number, line in lines:
        if line.strip():
            values.append(found.value(line, number, unit))
        if len(values) > MOST_VALUES:
            raise MetricError("bad_metric", f"column '{name}' has more than {MOST_VALUES:,} values")
    return values


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    name: str
    delimiter: str
    place: int
    width: int

    def value(self, line: str, number: int, unit: str) -> float:
        """What `line`, the `number`-th of the text, holds in this column."""
        fields = _fields(line, self.delimiter)
        if len(fields) <= self.place:
            raise MetricError("bad_metric", f"line {number} has no column '{self.name}'")
        extra = [place for place, field in enumerate(fields) if field and place >= self.width]
        if extra:
            raise MetricError(
                "bad_metric",
                f"line {number} has {extra[-1] + 1} fields, and the header {self.width}: "
                f"quote what has a '{self.delimiter}' in it, or write decimals with a point",
            )
        try:
            return from_text(fields[self.place], unit)
        except MetricError as error:
            raise MetricError(
                "bad_metric", f"line {number}, column '{self.name}': {error.sentence}"
            ) from error


def _header(name: str, lines: Iterator[tuple[int, str]]) -> _Column:
    for _, line in lines:
        for delimiter in _DELIMITERS:
            fields = _fields(line, delimiter) if name in line else []
            if name in fields:
                place = fields.index(name)
                return _Column(name=name, delimiter=delimiter, place=place, width=len(fields))
    raise MetricError("metric_missing", f"no line has a field '{name}', which would be the column's header")


def _fields(line: str, delimiter: str) -> list[str]:
    if len(line) > _LONGEST_LINE:
        raise MetricError("bad_metric", f"a line is longer than {_LONGEST_LINE >> 10} KiB")
    row = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    return [field.strip() for field in row]
