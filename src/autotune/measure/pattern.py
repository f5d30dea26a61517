"""Finds a number by a regular expression, in bounded time."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from autotune.core.units import UnitError, factor
from autotune.measure.number import MetricError, from_text

_TIMEOUT_S = 2.0
_LONGEST_LINE = 16 * 1024
_NUMBER_GOES_ON = regex.compile(r"[.,]?\d|[eE][-+]?\d")
_UNIT_AFTER = regex.compile(r"[ \t]?([A-Za-zµ%/]+)(?!\w)")
_AFTER = 64


def find(pattern: str, text: str, unit: str) -> float:
    """The number at the last match of `pattern` in `text`, in `unit`.

    It is the group `value` where there is one, else the first group, else the whole match; it may carry a
    unit of its own (`870us`). `^` and `$` match at each line; of a line only the first 16 KiB are searched.
    Raises MetricError where nothing matches, where what matches is no number, where only the beginning of a
    number was matched (the 1 of `1,5`), and where another unit than `unit` follows what was matched (the 870
    of `870us` for ms).
    """
    lines = text.split("\n")
    last = _last(pattern, "\n".join(line[:_LONGEST_LINE] for line in lines))
    if last is None:
        raise MetricError("metric_missing", f"nothing matches '{pattern}'{_cut(lines)}")
    group = "value" if "value" in last.re.groupindex else min(last.re.groups, 1)
    found = last[group]
    if found is None:
        raise MetricError("metric_missing", f"'{pattern}' matches, but its group does not")
    end = last.end(group)
    if _at_cut(last.string, end, lines):
        raise MetricError("bad_metric", f"'{pattern}' matches up to where the number may go on{_cut(lines)}")
    after = last.string[end : end + _AFTER]
    if end == last.end() and found[-1:].isdigit() and _NUMBER_GOES_ON.match(after):
        whole = (found + after).split(maxsplit=1)[0][:40]
        raise MetricError("bad_metric", f"'{pattern}' matches only the beginning of '{whole}'")
    _refuse_other_unit(pattern, found, after, unit)
    return from_text(found, unit)


def _cut(lines: Sequence[str]) -> str:
    """The end of a sentence: which of `lines` was searched in its beginning only; empty without one."""
    long = [number for number, line in enumerate(lines, 1) if len(line) > _LONGEST_LINE]
    if not long:
        return ""
    more = f" and {len(long) - 1} more" if long[1:] else ""
    return (
        f"; line {long[0]}{more} was cut at {_LONGEST_LINE >> 10} KiB: print the number on a line of its own"
    )


def _at_cut(searched: str, end: int, lines: Sequence[str]) -> bool:
    """Whether `end` is where one of `lines` was cut, so that a number may have been cut too."""
    begin = searched.rfind("\n", 0, end) + 1
    return end - begin == _LONGEST_LINE < len(lines[searched.count("\n", 0, end)])


def _refuse_other_unit(pattern: str, found: str, after: str, unit: str) -> None:
    """Raises MetricError where another unit of the kind of `unit` stands `after` the number `found`."""
    following = _UNIT_AFTER.match(after) if unit and found[-1:] in set("0123456789.") else None
    if following is None:
        return
    try:
        ratio = factor(following[1], unit)
    except UnitError:
        return  # some other word
    if ratio != 1:
        group = r"(\S+)" if following[0] == following[1] else r"(\S+ \S+)"
        raise MetricError(
            "bad_metric",
            f"'{pattern}' takes the number of '{found[-40:]}{following[0]}' without its unit, and the metric "
            f"is in {unit}. Let the group take the unit too, as {group} does",
        )


def problem(pattern: str) -> str:
    """Why `pattern` cannot be used; empty when it can."""
    try:
        regex.compile(pattern, regex.MULTILINE)
    except regex.error as error:
        return f"'{pattern}' is not a regular expression: {error}"
    return ""


def _last(pattern: str, text: str) -> regex.Match[str] | None:
    last = None
    try:
        for last in regex.finditer(pattern, text, regex.MULTILINE, timeout=_TIMEOUT_S):  # noqa: B007  the last is wanted
            pass
    except TimeoutError as error:
        raise MetricError(
            "bad_metric", f"'{pattern}' took longer than {_TIMEOUT_S:g} s; simplify it"
        ) from error
    except regex.error as error:
        raise MetricError("bad_metric", problem(pattern)) from error
    return last
