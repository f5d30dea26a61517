"""How numbers are written for people: significant digits, units, changes in percent."""

from __future__ import annotations

import math

from autotune.core.redact import printable
from autotune.core.units import show_bytes
from autotune.model.verdict import Effect, ObjectiveVerdict, Verdict
from autotune.model.workload import Direction, Metric

_LEAST_SHARE = 1e-5
NONE = "-"
"""What stands where there is no number."""

_DIGITS = 4
_BYTES = frozenset({"B", "bytes"})


def one_line(text: str) -> str:
    """`text` without control characters and line breaks."""
    return " ".join(printable(text).split())


def number(value: float) -> str:
    """Four significant digits: 0.001234, 12.35, 5,128, 1.2e+09; a dash where it is not finite."""
    if not math.isfinite(value):
        return NONE
    if value == 0:
        return "0"
    size = math.floor(math.log10(abs(value)))
    if not -4 <= size <= 8:
        return f"{value:.3g}"
    text = f"{value:,.{max(0, _DIGITS - 1 - size)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def quantity(value: float | None, unit: str) -> str:
    """A number with its unit: 5,128 /s, 12.4 ms, 18 MiB; a dash where there is none."""
    if value is None:
        return NONE
    if unit in _BYTES:
        return show_bytes(value)
    return f"{number(value)} {shown_unit(unit)}".rstrip()


def shown_unit(unit: str) -> str:
    """A unit as it stands behind a number: `1/s` is /s."""
    return unit[1:] if unit.startswith("1/") else one_line(unit)


def percent(share: float) -> str:
    """A share as a signed percentage: +182 %, +18.2 %, -0.42 %."""
    value = 100 * share + 0.0  # 0 has no sign
    if abs(value) >= 1e7:
        return f"{value:+.2g} %"
    if abs(value) >= 99.95:
        return f"{value:+,.0f} %"
    return f"{value:+.1f} %" if abs(value) >= 0.95 else f"{value:+.2g} %"


def rough_percent(share: float) -> str:
    """A share in per cent with two digits; what no measurement would show is 0."""
    return f"{number(float(f'{100 * share:.2g}'))} %" if abs(share) >= _LEAST_SHARE else "0 %"


def plain_percent(share: float) -> str:
    """A level or a margin: 2 %, 97.85 %."""
    return f"{100 * share:.4g} %"


def margin(verdict: Verdict, unit: str) -> str:
    """The margin on the scale of the effect: 2 %, or 0.5 ms where the effect is a difference."""
    relative = verdict.effect is None or verdict.effect.relative
    return plain_percent(verdict.margin) if relative else quantity(verdict.margin, unit)


def objective_margin(found: ObjectiveVerdict, unit: str) -> str:
    """The margin of one of several objectives, likewise."""
    relative = found.effect is None or found.effect.relative
    return plain_percent(found.margin) if relative else quantity(found.margin, unit)


def change(effect: Effect, direction: Direction, unit: str) -> tuple[str, str, str]:
    """Estimate, low and high of the change as it is seen in the metric itself.

    An Effect is positive where the candidate is better; where less is better the metric fell by it, so the
    sign turns and the interval's ends change places. Absolute effects carry the metric's unit.
    """
    numbers = (effect.estimate, effect.low, effect.high)
    if direction == "minimize":
        numbers = (-effect.estimate, -effect.high, -effect.low)
    estimate, low, high = (percent(x) if effect.relative else _signed(x, unit) for x in numbers)
    return estimate, low, high


def objective_words(found: ObjectiveVerdict, metric: Metric) -> str:
    """How one of several objectives changed: ratio +1.2 % [+0.4 %, +2 %]."""
    name = one_line(metric.name)
    if found.effect is None:
        return f"{name} not compared"
    estimate, low, high = change(found.effect, metric.direction, metric.unit)
    less = " (less is better)" if metric.direction == "minimize" else ""
    return f"{name} {estimate} [{low}, {high}]{less}"


def _signed(value: float, unit: str) -> str:
    text = quantity(value, unit)
    return f"+{text}" if value > 0 else text
