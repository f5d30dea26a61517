"""Cells of text in aligned columns."""

from __future__ import annotations

from collections.abc import Collection, Sequence


def columns(cells: Sequence[Sequence[str]], *, right: Collection[int] = ()) -> str:
    """One line for each row of `cells`; the columns whose numbers are in `right` end where others begin."""
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ("  ".join(_cell(i, cell, widths[i], right) for i, cell in enumerate(row)) for row in cells)
    return "\n".join(line.rstrip() for line in lines)


def _cell(column: int, text: str, width: int, right: Collection[int]) -> str:
    return text.rjust(width) if column in right else text.ljust(width)
