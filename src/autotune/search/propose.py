"""The next configuration that may and should be measured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice

from autotune.model.answers import Answers
from autotune.model.ports import Recommending, Sampler
from autotune.model.problem import Problem
from autotune.model.space import Config, config_key
from autotune.search.domain import members
from autotune.search.draw import draw, generator
from autotune.search.walk import walk
from autotune.solve.find import solutions
from autotune.solve.repair import repaired
from autotune.solve.rules import Rules

_PATIENCE = 30
"""Answers of the sampler that may be refused before its judgement is not worth waiting for."""

_REFUSED = 8
"""Answers that may break a rule before the first of them is repaired: so many fail by chance one time in two
hundred where half of the space is permitted, and asking on leaves such a sampler its own distribution."""

_BOXES = 10
"""Of a repair before any answer will do: near is as good as nearest here, and a trial waits for it."""

_DRAWS = 300
_STARTS = 10
_SOLVED = 100
_SCANNED = 20_000
_LEVELS = 64
_DRAWING, _SCANNING, _SOLVING = 1, 2, 3


class Proposer:
    """Answers from the given configurations, then the sampler, then whatever is left of the space.

    Every answer is permitted by the problem, without inactive parameters, and was not seen before, unless the
    sampler measures again on purpose. The same numbers, told trials and seen configurations give the same
    answer. `answers` counts what became of the sampler's answers.
    """

    def __init__(
        self, problem: Problem, sampler: Sampler, *, first: Sequence[tuple[Config, str]] = ()
    ) -> None:
        self._problem = problem
        self._space = problem.space
        self._sampler = sampler
        self._first = tuple((problem.space.pruned(config), origin) for config, origin in first)
        self._exhaustive = getattr(sampler, "exhaustive", False)
        self._rules = Rules(problem.space, barred=problem.barred)
        self._counts: Counter[str] = Counter()

    @property
    def answers(self) -> Answers:
        """The sampler's answers so far: how many, and how many of them were of no use as they were."""
        return Answers(**self._counts)

    def next(self, number: int, seen: Collection[str]) -> tuple[Config, str] | None:
        """A configuration for trial `number` with its origin, or None: the space is exhausted.

        `seen` holds the keys (`config_key`) of what is not to be measured again. Where the sampler's answers
        break the rules, the first of them is repaired that leads to something new; where it only repeats
        itself, random draws follow, what a search through the rules finds, and a scan of the space.
        """
        for config, origin in self._first:
            if config_key(config) not in seen and self._problem.permits(config):
                return config, origin
        if again := self._again(number):
            return again, _name(self._sampler)
        refused: list[Config] = []
        for answer in self._answers(number):
            if answer is None:
                return None
            if self._usable(answer, seen, refused):
                return answer, _name(self._sampler)
            if len(refused) >= _REFUSED and not self._exhaustive:
                break
        if mended := self._mended(refused, seen):
            return mended, _name(self._sampler)
        left = (c for c in self._others(number) if config_key(c) not in seen and self._problem.permits(c))
        found = next(left, None)
        self._counts["drawn"] += found is not None
        return None if found is None else (found, "random")

    def _again(self, number: int) -> Config | None:
        """What the sampler wants to know more of; never what is not permitted."""
        found = self._sampler.again(number) if isinstance(self._sampler, Recommending) else None
        return found if found and self._problem.permits(found) else None

    def _usable(self, answer: Config, seen: Collection[str], refused: list[Config]) -> bool:
        """Whether the answer may be measured; it is counted, and kept where it is not permitted."""
        self._counts["asked"] += 1
        if not self._problem.permits(answer):
            self._counts["rejected"] += 1
            if not self._exhaustive:
                refused.append(answer)
            return False
        if config_key(answer) in seen:
            self._counts["repeated"] += 1
            return False
        return True

    def _mended(self, refused: Sequence[Config], seen: Collection[str]) -> Config | None:
        """The first of the refused answers that repaired is something new."""
        for answer in refused:
            mended = repaired(self._rules, answer, permits=self._problem.permits, nodes=_BOXES)
            if mended is not None and config_key(mended) not in seen:
                self._counts["repaired"] += 1
                return mended
        return None

    def _answers(self, number: int) -> Iterator[Config | None]:
        """The sampler's answers, one after another; of one that ends by itself, all."""
        attempt = 0
        while attempt < _PATIENCE or self._exhaustive:
            config = self._sampler.ask(number, attempt)
            yield None if config is None else self._space.pruned(config)
            attempt += 1

    def _others(self, number: int) -> Iterable[Config]:
        random = generator(self._problem.seed, number, 0, _DRAWING)
        yield from (draw(self._space, random) for _ in range(_DRAWS))
        random = generator(self._problem.seed, number, 0, _SOLVING)
        permits = self._problem.permits
        if self._rules.rules:
            yield from islice(solutions(self._rules, random, permits=permits, starts=_STARTS), _SOLVED)
        axes = [members(p, _LEVELS) for p in self._space.parameters]
        random = generator(self._problem.seed, number, 0, _SCANNING)
        yield from islice(walk(self._space, axes, random), _SCANNED)


def _name(sampler: Sampler) -> str:
    return type(sampler).__name__.lower()
