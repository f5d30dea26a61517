"""Limits, such as `p95_ms <= 1.05 * baseline`, and the precision that repeats are taken to."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from autotune.core.hint import did_you_mean
from autotune.core.units import UnitError, convert, share
from autotune.model.study import Limit, Target

FAILURES = "failures"
"""The metric that every study has: how many samples of the candidate failed."""

_LIMIT = re.compile(r"\s*([A-Za-z_]\w*)\s*(<=|>=|==|<|>|!=|=)\s*(.+?)\s*")
_RELATIVE = re.compile(r"(?:(\S+)\s*\*\s*)?baseline(?:\s*\*\s*(\S+))?")
_UNTIL = re.compile(r"\s*ci95\s*<=\s*(\S+)\s*")
_FORMS = "Write it as 'p95_ms <= 1.05 * baseline', 'p95_ms <= 20ms' or 'failures == 0'"


def limit(text: str, units: Mapping[str, str]) -> Limit:
    """The limit that `text` spells; `units` maps each known metric to its unit.

    Raises ValueError with a sentence for the user.
    """
    match = _LIMIT.fullmatch(text)
    if match is None:
        raise ValueError(f"'{text}' is no limit. {_FORMS}")
    metric, operator, bound = match.groups()
    known = {**units, FAILURES: ""}
    if metric not in known:
        raise ValueError(f"'{metric}' is no metric. Known: {', '.join(known)}.{did_you_mean(metric, known)}")
    wanted: Any = "<=" if (metric, operator) == (FAILURES, "==") else operator
    if wanted not in {"<=", ">="}:
        raise ValueError(f"'{operator}' is no bound in '{text}'; limits use <= and >=. {_FORMS}")
    relative = _RELATIVE.fullmatch(bound)
    if relative is None:
        number = _number(bound, known[metric], text)
        return Limit(text=text, metric=metric, operator=wanted, bound=number, kind="absolute")
    if metric == FAILURES:
        raise ValueError(f"'{FAILURES}' is bounded by a number, not by the baseline. {_FORMS}")
    factor = _factor(relative[1] or relative[2] or "1", text)
    if relative[1] and relative[2]:
        raise ValueError(f"'{text}' has two factors. {_FORMS}")
    return Limit(text=text, metric=metric, operator=wanted, bound=factor, kind="relative")


def target(text: str, unit: str) -> Target:
    """The target that `text` spells, of an objective in `unit`; raises ValueError with a sentence."""
    relative = _RELATIVE.fullmatch(text.strip())
    if relative is None:
        return Target(bound=_number(text, unit, text))
    if relative[1] and relative[2]:
        raise ValueError(f"'{text}' has two factors. Write it as in 0.8 * baseline")
    return Target(bound=_factor(relative[1] or relative[2] or "1", text), kind="relative")


def _number(text: str, unit: str, limit: str) -> float:
    try:
        number = convert(text, unit)
    except UnitError as error:
        raise ValueError(f"the bound in '{limit}' is no number: {error}. {_FORMS}") from error
    if not math.isfinite(number):
        raise ValueError(f"the bound in '{limit}' is not finite. {_FORMS}")
    return number


def _factor(text: str, limit: str) -> float:
    try:
        factor = share(text) if text.endswith("%") else convert(text, "")
    except UnitError as error:
        raise ValueError(f"the factor in '{limit}' is no number: {error}. {_FORMS}") from error
    if not 0 < factor < math.inf:
        raise ValueError(f"the factor in '{limit}' has to be above zero, and finite. {_FORMS}")
    return factor


def until(text: str) -> float:
    """The share in `ci95 <= 3%`; raises ValueError with a sentence for the user."""
    match = _UNTIL.fullmatch(text)
    try:
        wanted = share(match[1]) if match else 0.0
    except UnitError:
        wanted = 0.0
    if not 0 < wanted < 1:
        raise ValueError(f"expected a precision such as 'ci95 <= 3%', found '{text}'")
    return wanted
