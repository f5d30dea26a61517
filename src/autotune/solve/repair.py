"""The configuration nearest to one that is not permitted."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from itertools import count
from typing import TypeAlias

from autotune.core.expression import ExpressionError
from autotune.model.space import Config, Value
from autotune.solve.axis import Part
from autotune.solve.rules import Box, Rules

NODES = 2_000
"""Boxes that are looked at for the nearest answer: half a second at most."""

_DIVE = 150
"""So many more at least lead from there to any answer: cutting five wide domains down takes fifty."""


def repaired(
    rules: Rules, config: Config, *, permits: Callable[[Config], bool], nodes: int = NODES
) -> dict[str, Value] | None:
    """What `permits` allows and differs from `config` in as few parameters as possible, and there least.

    Best-first branch and bound over boxes: each is worth what its member nearest to `config` differs, and the
    first member that is permitted is the answer, always the same. Distances are shares of a domain, of its
    logarithm where that is its scale. A value outside its domain counts as the nearest one inside. None where
    nothing was found among so many boxes, or nothing is permitted.
    """
    return _Repair(rules, config, permits).nearest(nodes)


_Entry: TypeAlias = tuple[int, float, int, Box]
"""How many parameters change at least, by how much, a number that no other has, and the box."""


class _Repair:
    def __init__(self, rules: Rules, config: Config, permits: Callable[[Config], bool]) -> None:
        self.rules, self.permits = rules, permits
        self.base = {p.name: config.get(p.name, p.default) for p in rules.space.parameters}
        for name, axis in {**rules.axes, **rules.others}.items():
            if not axis.parameter.contains(self.base[name]):
                self.base[name] = axis.nearest(axis.whole, axis.of(self.base[name]))[0]
        self.home = rules.only(self.base)
        self.free = self._reach()

    def _reach(self) -> frozenset[str]:
        """Parameters that a broken rule rests on, or a rule that rests on one of these, and so on."""
        broken = self.rules.broken(self.rules.space.pruned(self.base))
        reached = frozenset[str]().union(*(r.scope for r in broken))
        while True:
            further = reached.union(*(r.scope for r in self.rules.rules if r.scope & reached))
            if further == reached:
                return reached or frozenset(self.rules.axes)
            reached = further

    def nearest(self, nodes: int) -> dict[str, Value] | None:
        """The best for `nodes` boxes, then for as many more, or 150, the first that a dive meets."""
        order = count()
        whole = {n: axis.whole if n in self.free else self.home[n] for n, axis in self.rules.axes.items()}
        queue: list[_Entry] = [(0, 0.0, next(order), whole)]
        for number in range(nodes + max(nodes, _DIVE)):
            if not queue:
                break
            *_, box = heapq.heappop(queue) if number < nodes else queue.pop()
            candidate = self._nearest_in(box)
            if candidate is None:
                continue
            if self.permits(candidate):
                return candidate
            entries = [(*self._worth(c), next(order), c) for c in self._children(box, candidate)]
            if number == nodes:
                queue.sort(reverse=True)  # the best is the last, and the next to be taken
            if number < nodes:
                for entry in entries:
                    heapq.heappush(queue, entry)
            else:
                queue.extend(sorted(entries, reverse=True))
        return None

    def _possible(self, box: Box, changed: str) -> bool:
        """Whether no rule on the parameter that was cut last is surely broken; the others were looked at."""
        touched = (rule for rule in self.rules.rules if changed in rule.scope)
        return not any(self.rules.status(rule, box) == "broken" for rule in touched)

    def _nearest_in(self, box: Box) -> dict[str, Value] | None:
        chosen = {n: self.rules.axes[n].nearest(part, self.home[n])[0] for n, part in box.items()}
        try:
            return self.rules.complete(chosen, self.base)
        except ExpressionError:
            return None

    def _worth(self, box: Box) -> tuple[int, float]:
        """How many parameters have to change in the box, and by how much at least."""
        axes = self.rules.axes
        away = [n for n in sorted(self.free) if not axes[n].holds(box[n], self.home[n])]
        return len(away), sum(axes[n].nearest(box[n], self.home[n])[1] for n in away)

    def _children(self, box: Box, candidate: Config) -> list[dict[str, Part]]:
        name = self._cut(box, candidate)
        if name is None:
            return []
        axis, part = self.rules.axes[name], box[name]
        if axis.holds(part, self.home[name]):
            parts = [self.home[name], *axis.around(part, self.home[name])]
        else:
            parts = list(axis.halves(part))
        children = [{**box, name: one} for one in parts]
        return [child for child in children if self._possible(child, name)]

    def _cut(self, box: Box, candidate: Config) -> str | None:
        """A parameter that a rule which `candidate` breaks rests on, with values left to choose from."""
        broken = self.rules.broken(candidate)
        scope = frozenset[str]().union(*(rule.scope for rule in broken)) or self.free
        axes = self.rules.axes
        wide = [n for n in sorted(scope) if not axes[n].single(box[n])]
        # What stays is decided first: while another is open, a rule says nothing of this one.
        whole = [n for n in wide if axes[n].holds(box[n], self.home[n])]
        if whole:
            return whole[0]
        return max(wide, key=lambda n: axes[n].bits(box[n]), default=None)
