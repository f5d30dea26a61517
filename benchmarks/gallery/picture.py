"""Draws the pairs of a kept result, in the colours of the report: a few kilobytes of SVG."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import floor, log10
from typing import Any
from xml.sax.saxutils import escape

from autotune.report.canvas import BASELINE, INK, MUTED, TUNED
from autotune.report.words import number, shown_unit

_WIDTH, _HEIGHT = 640, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 12, 34, 38
_FONT = 'font-family="DejaVu Sans, sans-serif" font-size="12"'
_LOG_FROM = 12.0
"""Ratio of largest to smallest from which the axis is logarithmic, as in the report."""

Place = Callable[[float], float]


def pairs(result: Mapping[str, Any]) -> str:
    """SVG: both samples of each pair joined by a line, in the order of measuring; empty without pairs."""
    paired = [(float(one), float(other)) for one, other in result["paired"]]
    if not paired:
        return ""
    values = [value for pair in paired for value in pair]
    ticks, place = _axis(min(values), max(values))
    objective = result["objective"]
    unit = f" ({shown_unit(objective['unit'])})" if objective["unit"] else ""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" {_FONT}>',
        '<rect width="100%" height="100%" fill="white"/>',
        *_grid(ticks, place),
        *_legend(f"{objective['metric']}{unit}"),
        *_dots(paired, place),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _axis(low: float, high: float) -> tuple[list[float], Place]:
    """The ticks of the values, and where a value stands; the logarithm where they span decades."""
    if low > 0 and high / low > _LOG_FROM:
        ticks = [m * 10.0**e for e in range(floor(log10(low)), floor(log10(high)) + 1) for m in (1, 2, 5)]
        return _within(ticks, low, high), _scale(log10(low), log10(high), log10)
    step = _step((high - low) or abs(high) or 1.0)
    ticks = [step * n for n in range(floor(low / step), floor(high / step) + 2)]
    return _within(ticks, low, high), _scale(low, high, float)


def _within(ticks: Sequence[float], low: float, high: float) -> list[float]:
    return [tick for tick in ticks if low <= tick <= high]


def _step(span: float) -> float:
    """A round step that is between a fifth and a half of the span."""
    size = 10.0 ** floor(log10(span / 2))
    return next(m * size for m in (5, 2, 1) if m * size <= span / 2)


def _scale(low: float, high: float, of: Callable[[float], float]) -> Place:
    room = _HEIGHT - _TOP - _BOTTOM - 12
    span = (high - low) or 1.0
    return lambda value: _HEIGHT - _BOTTOM - 6 - room * (of(value) - low) / span


def _grid(ticks: Sequence[float], place: Place) -> Iterator[str]:
    for tick in ticks:
        y = place(tick)
        yield f'<path d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}" stroke="#edf0f3"/>'
        yield f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" fill="{MUTED}" text-anchor="end">{number(tick)}</text>'
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    yield (
        f'<text x="{middle:.0f}" y="{_HEIGHT - 10}" fill="{MUTED}" text-anchor="middle">'
        "pair, in the order of measuring</text>"
    )


def _legend(label: str) -> Iterator[str]:
    yield f'<text x="8" y="20" fill="{INK}">{escape(label)}</text>'
    for x, fill, stroke, text in ((440, "white", BASELINE, "baseline"), (540, TUNED, TUNED, "tuned")):
        yield f'<circle cx="{x}" cy="16" r="4" fill="{fill}" stroke="{stroke}" stroke-width="1.5"/>'
        yield f'<text x="{x + 10}" y="20" fill="{INK}">{text}</text>'


def _dots(paired: Sequence[tuple[float, float]], place: Place) -> Iterator[str]:
    step = (_WIDTH - _LEFT - _RIGHT) / len(paired)
    for index, (one, other) in enumerate(paired):
        x, y, z = _LEFT + step * (index + 0.5), place(one), place(other)
        yield f'<path d="M{x:.1f} {y:.1f}V{z:.1f}" stroke="#c3ccd5"/>'
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="white" stroke="{BASELINE}" stroke-width="1.5"/>'
        yield f'<circle cx="{x:.1f}" cy="{z:.1f}" r="4" fill="{TUNED}"/>'
