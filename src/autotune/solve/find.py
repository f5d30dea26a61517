"""Finds configurations that keep every rule, where they are one in a million too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from autotune.model.space import Config, Value
from autotune.solve.axis import Part
from autotune.solve.rules import Rule, Rules

NODES = 20_000
"""Boxes that one search looks at: about two seconds. Nothing is concluded from one that stopped there."""

_DRAWS = 4
"""Configurations out of a box whose every member keeps the rules."""

Open = tuple[dict[str, Part], Sequence[Rule]]


class Finder:
    """One search: branch and prune (Hansen 1992; Van Hentenryck et al. 1997) from the whole space.

    A box of parts of the domains is cut in halves; one in which a rule surely fails is dropped, one in which
    all surely hold is drawn from. `random` decides which half comes first, so that other seeds give other
    configurations. `finished` says that the whole space was looked at: what was not found is not there.
    """

    def __init__(
        self,
        rules: Rules,
        random: np.random.Generator,
        *,
        permits: Callable[[Config], bool],
        nodes: int = NODES,
    ) -> None:
        self._rules, self._random, self._permits = rules, random, permits
        self._left = nodes
        self.finished = False

    def found(self) -> Iterator[dict[str, Value]]:
        """Configurations as they are met; some may come twice."""
        stack: list[Open] = [(self._rules.whole, self._rules.rules)]
        while stack:
            if self._left <= 0:
                return
            self._left -= 1
            box, rules = stack.pop()
            status = [(rule, self._rules.status(rule, box)) for rule in rules]
            if any(how == "broken" for _, how in status):
                continue
            left = [rule for rule, how in status if how == "open"]
            name = self._widest(box, left)
            if name is None:
                yield from self._drawn(box)
            else:
                halves = self._rules.axes[name].halves(box[name])
                first = int(self._random.integers(2))
                stack.extend(({**box, name: half}, left) for half in (halves[1 - first], halves[first]))
        self.finished = True

    def _widest(self, box: dict[str, Part], rules: Sequence[Rule]) -> str | None:
        """The widest parameter of the rule that hangs on the fewest; None where nothing is left to cut."""
        # A condition first: else what it switches on is almost surely cut to a value that breaks a rule.
        axes, conditions = self._rules.axes, self._rules.conditions
        best: tuple[int, str] | None = None
        for rule in rules:
            wide = [n for n in sorted(rule.scope) if not axes[n].single(box[n])]
            if wide and (best is None or len(wide) < best[0]):
                best = (len(wide), max(wide, key=lambda n: (n in conditions, axes[n].bits(box[n]))))
        return best and best[1]

    def _drawn(self, box: dict[str, Part]) -> Iterator[dict[str, Value]]:
        for _ in range(_DRAWS):
            chosen = {n: self._rules.axes[n].draw(part, self._random) for n, part in box.items()}
            free = self._rules.others.items()
            others = {n: axis.draw(axis.whole, self._random) for n, axis in free}
            config = self._rules.complete(chosen, others)
            if self._permits(config):
                yield config
            if not others and all(self._rules.axes[n].single(part) for n, part in box.items()):
                break


def solutions(
    rules: Rules, random: np.random.Generator, *, permits: Callable[[Config], bool], starts: int
) -> Iterator[dict[str, Value]]:
    """Configurations far apart, then their neighbours: the first of many searches, then all of one."""
    for _ in range(starts):
        search = Finder(rules, random, permits=permits, nodes=NODES // starts)
        yield from _first(search.found())
        if search.finished:
            break
    yield from Finder(rules, random, permits=permits).found()


def _first(found: Iterator[dict[str, Value]]) -> Iterator[dict[str, Value]]:
    config = next(found, None)
    if config is not None:
        yield config


def satisfiable(rules: Rules, *, nodes: int = NODES) -> bool | None:
    """Whether some configuration keeps all the rules; None where the search ended before it was known."""
    search = Finder(
        rules, np.random.default_rng(0), permits=lambda config: not rules.broken(config), nodes=nodes
    )
    if next(search.found(), None) is not None:
        return True
    return False if search.finished else None
