"""A part of one parameter's domain: what is still open while a configuration is looked for."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from autotune.core.enclosure import Spread, of_values
from autotune.model.domain import index_of, nth, ordered, points, singles
from autotune.model.space import Parameter, Value

_CONTINUOUS_BITS = 52.0
"""A range of floats counts as so many binary digits; when it is cut to nothing, none is left."""

_LINE_WEIGHT = 4
"""Single values weigh at least a quarter of the line beside them, as in every random draw."""

_MOST_CACHED = 4096


class Part(NamedTuple):
    """Single values, and a stretch of the line: from index `low` to `high`, or from number to number.

    `low` above `high`: nothing of the line.
    """

    singles: tuple[Value, ...]
    low: float
    high: float


class Axis:
    """The domain of one parameter, cut into parts."""

    def __init__(self, parameter: Parameter) -> None:
        self.parameter = parameter
        count = points(parameter)
        self.continuous = math.isinf(count)
        self._ordered = ordered(parameter)
        line = (parameter.low, parameter.high) if self.continuous else (0, int(count) - 1)
        self.whole = Part(singles(parameter), *line)
        self._spreads: dict[Part, Spread] = {}

    def of(self, value: Value) -> Part:
        """The part that holds `value` alone, or the nearest to a number that the domain does not hold."""
        if any(value == one and type(value) is type(one) for one in self.whole.singles):
            return Part((value,), 0, -1)
        if self.whole.low > self.whole.high:
            return self.whole._replace(singles=self.whole.singles[:1])
        at = max(self.whole.low, min(self.whole.high, self._place(value)))
        return Part((), at, at)

    def _place(self, value: Value) -> float:
        """Where `value` stands on the line, perhaps beyond its ends; its beginning for what is no number."""
        if self._ordered:
            return self._ordered.index(value) if value in self._ordered else 0
        if isinstance(value, str) or value is None:
            return self.whole.low
        return value if self.continuous else index_of(self.parameter, value)

    def at(self, place: float) -> Value:
        """The value at a place of the line."""
        if self._ordered:
            return self._ordered[int(place)]
        return place if self.continuous else nth(self.parameter, int(place))

    def has_line(self, part: Part) -> bool:
        """Whether something of the line is in it."""
        return part.low <= part.high

    def single(self, part: Part) -> bool:
        """Whether one value is left."""
        return len(part.singles) + (part.high - part.low + 1 if part.low <= part.high else 0) == 1

    def bits(self, part: Part) -> float:
        """About how many halvings lead to a single value; 0 for a single one."""
        if self.single(part):
            return 0.0
        if not self.continuous or part.low >= part.high:
            line = part.high - part.low + 1 if self.has_line(part) else 0
            return math.log2(max(2.0, len(part.singles) + line))
        share = (part.high - part.low) / (self.whole.high - self.whole.low)
        return max(1.0, _CONTINUOUS_BITS + math.log2(max(share, 1e-300)))

    def spread(self, part: Part) -> Spread:
        """The numbers and texts in it."""
        found = self._spreads.get(part)
        if found is None:
            if len(self._spreads) > _MOST_CACHED:
                self._spreads.clear()
            found = self._spreads[part] = of_values([*part.singles, *self._ends(part)])
        return found

    def _ends(self, part: Part) -> tuple[Value, ...]:
        if not self.has_line(part):
            return ()
        if self._ordered:
            return self._ordered[int(part.low) : int(part.high) + 1]
        return self.at(part.low), self.at(part.high)

    def halves(self, part: Part) -> tuple[Part, Part]:
        """Two parts that hold all of it, neither empty: the line and what is beside it, else halves."""
        if part.singles and self.has_line(part):
            return part._replace(singles=()), Part(part.singles, 0, -1)
        if part.singles:
            half = len(part.singles) // 2
            return Part(part.singles[:half], 0, -1), Part(part.singles[half:], 0, -1)
        middle, after = self._middle(part)
        return Part((), part.low, middle), Part((), after, part.high)

    def _middle(self, part: Part) -> tuple[float, float]:
        """The last place of the lower half and the first of the upper one."""
        if self.continuous:
            log = self.parameter.log and part.low > 0
            middle = math.sqrt(part.low) * math.sqrt(part.high) if log else part.low / 2 + part.high / 2
            middle = max(part.low, min(math.nextafter(part.high, -math.inf), middle))
            return middle, math.nextafter(middle, math.inf)
        middle = int(part.low) + (int(part.high) - int(part.low)) // 2
        if self.parameter.log:
            ends = [float(v) for v in (self.at(part.low), self.at(part.high)) if isinstance(v, (int, float))]
            middle = index_of(self.parameter, math.sqrt(ends[0] * ends[1])) if len(ends) == 2 else middle
            middle = max(int(part.low), min(int(part.high) - 1, middle))
        return middle, middle + 1

    def around(self, part: Part, value: Part) -> list[Part]:
        """`part` without the single `value` in it: below and above it on the line, and beside it."""
        beside = tuple(one for one in part.singles if one not in value.singles)
        found = [Part(beside, 0, -1)] if beside else []
        if not self.has_line(part):
            return found
        if value.singles:
            return [*found, part._replace(singles=())]
        below, above = (
            (math.nextafter(value.low, -math.inf), math.nextafter(value.low, math.inf))
            if self.continuous
            else (value.low - 1, value.low + 1)
        )
        cut = [Part((), part.low, min(part.high, below)), Part((), max(part.low, above), part.high)]
        return [*found, *(one for one in cut if self.has_line(one))]

    def holds(self, part: Part, value: Part) -> bool:
        """Whether the single `value` is in `part`."""
        if value.singles:
            return value.singles[0] in part.singles
        return part.low <= value.low <= part.high

    def nearest(self, part: Part, value: Part) -> tuple[Value, float]:
        """What of `part` is nearest to the single `value`, and how far: 1 across the line, or off it."""
        if value.singles or not self.has_line(part):
            if value.singles and value.singles[0] in part.singles:
                return value.singles[0], 0.0
            return (self.at(part.low) if self.has_line(part) else part.singles[0]), 1.0
        place = max(part.low, min(part.high, value.low))
        return self.at(place), abs(self._measure(place) - self._measure(value.low))

    def _measure(self, place: float) -> float:
        """Where a place is between the ends of the line: 0 to 1, by the logarithm where that is the scale."""
        low, high = self.whole.low, self.whole.high
        if low == high:
            return 0.0
        value = self.at(place)
        if self.parameter.log and isinstance(value, (int, float)) and self.parameter.low > 0:
            ends = math.log(self.parameter.low), math.log(self.parameter.high)
            return (math.log(value) - ends[0]) / (ends[1] - ends[0])
        return (place - low) / (high - low)

    def draw(self, part: Part, random: np.random.Generator) -> Value:
        """A value of it at random, uniform over the line's scale."""
        line = part.high - part.low + 1 if self.has_line(part) else 0
        weight = min(line, _LINE_WEIGHT) if not self.continuous else _LINE_WEIGHT * (line > 0)
        if random.random() * (len(part.singles) + weight) < len(part.singles):
            return part.singles[int(random.integers(len(part.singles)))]
        share = float(random.random())
        if self.continuous:
            return self._between(part, share)
        return self.at(
            min(part.high, part.low + int(share * line))
            if not self.parameter.log
            else self._log_index(part, share)
        )

    def _between(self, part: Part, share: float) -> float:
        if self.parameter.log and part.low > 0:
            found = part.low * float((part.high / part.low) ** share)
        else:
            found = part.low + share * (part.high - part.low)
        return max(part.low, min(part.high, found)) + 0.0

    def _log_index(self, part: Part, share: float) -> int:
        low, high = float(self.at(part.low) or 0), float(self.at(part.high) or 0)
        place = index_of(self.parameter, low * (high / low) ** share)
        return max(int(part.low), min(int(part.high), place))
