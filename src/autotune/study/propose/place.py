"""Where in an output something stands, and whether a pattern leads there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_FIRST, _LAST = 100, 200
"""Lines that are looked at: a report begins or ends an output, and progress is between."""

_OPTION = re.compile(r"\s*--?[A-Za-z#]")
_PROGRESS = re.compile(r"\s*progress\W", re.IGNORECASE)

_LONGEST_LINE = 400
"""What is longer is data and no report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line that begins `at` a character of the text; `section` is the heading that it stands under."""

    text: str
    at: int
    section: str = ""


def lines(text: str) -> Iterator[Line]:
    """The lines of a report, each with the heading that it is indented under.

    Without those that describe an option, or tell of the progress until then.
    """
    headings: list[tuple[int, str]] = []
    at = 0
    every = text.split("\n")
    passed = set(_passed(every))
    for number, raw in enumerate(every):
        indent = len(raw) - len(raw.lstrip())
        if raw.strip():
            headings = [heading for heading in headings if heading[0] < indent]
        if number not in passed and len(raw) <= _LONGEST_LINE and not _FIRST <= number < len(every) - _LAST:
            yield Line(text=raw, at=at, section=headings[-1][1] if headings else "")
        if re.fullmatch(r"\s*[^\W\d_][^:]*:\s*", raw) and len(raw) <= _LONGEST_LINE:
            headings.append((indent, raw.strip()))
        at += len(raw) + 1


def _passed(every: Sequence[str]) -> Iterator[int]:
    """The numbers of lines that report nothing: an option and what is indented below it, or progress."""
    described: int | None = None
    for number, raw in enumerate(every):
        indent = len(raw) - len(raw.lstrip())
        if raw.strip() and (described is None or indent <= described):
            described = indent if _OPTION.match(raw) else None
        if described is not None or _PROGRESS.match(raw):
            yield number


def holds(pattern: str, text: str, start: int) -> bool:
    """Whether the last match of `pattern` in `text` has its first group at `start`."""
    last = None
    for last in re.finditer(pattern, text, re.MULTILINE):  # noqa: B007  the last is wanted
        pass
    return last is not None and last.start(1) == start
