"""The next configuration that may and should be measured."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice

from autotune.model.ports import Recommending, Sampler
from autotune.model.problem import Problem
from autotune.model.space import Config, config_key
from autotune.search.domain import members
from autotune.search.draw import draw, generator
from autotune.search.walk import walk

_PATIENCE = 30
"""Answers of the sampler that may be refused before its judgement is not worth waiting for."""

_DRAWS = 300
_SCANNED = 20_000
_LEVELS = 64
_DRAWING, _SCANNING = 1, 2


class Proposer:
    """Answers from the given configurations, then the sampler, then whatever is left of the space.

    Every answer is permitted by the problem, without inactive parameters, and was not seen before, unless the
    sampler measures again on purpose. The same numbers, told trials and seen configurations give
    the same answer. `asked` counts the sampler's answers, `rejected` those of them that were not permitted,
    `repeated` those that were permitted but seen before.
    """

    def __init__(
        self, problem: Problem, sampler: Sampler, *, first: Sequence[tuple[Config, str]] = ()
    ) -> None:
        self._problem = problem
        self._space = problem.space
        self._sampler = sampler
        self._first = tuple((problem.space.pruned(config), origin) for config, origin in first)
        self.asked = self.rejected = self.repeated = 0

    def next(self, number: int, seen: Collection[str]) -> tuple[Config, str] | None:
        """A configuration for trial `number` with its origin, or None: the space is exhausted.

        `seen` holds the keys (`config_key`) of what is not to be measured again. Where the sampler only
        repeats itself, up to 300 draws follow, then a scan of 20 000 points of the space.
        """
        for config, origin in self._first:
            if config_key(config) not in seen and self._problem.permits(config):
                return config, origin
        if again := self._again(number):
            return again, _name(self._sampler)
        for answer in self._answers(number):
            if answer is None:
                return None
            self.asked += 1
            if not self._problem.permits(answer):
                self.rejected += 1
            elif config_key(answer) in seen:
                self.repeated += 1
            else:
                return answer, _name(self._sampler)
        left = (c for c in self._others(number) if config_key(c) not in seen and self._problem.permits(c))
        return next(((config, "random") for config in left), None)

    def _again(self, number: int) -> Config | None:
        """What the sampler wants to know more of; never what is not permitted."""
        found = self._sampler.again(number) if isinstance(self._sampler, Recommending) else None
        return found if found and self._problem.permits(found) else None

    def _answers(self, number: int) -> Iterator[Config | None]:
        """The sampler's answers, one after another; of one that ends by itself, all."""
        attempt = 0
        while attempt < _PATIENCE or getattr(self._sampler, "exhaustive", False):
            config = self._sampler.ask(number, attempt)
            yield None if config is None else self._space.pruned(config)
            attempt += 1

    def _others(self, number: int) -> Iterable[Config]:
        random = generator(self._problem.seed, number, 0, _DRAWING)
        yield from (draw(self._space, random) for _ in range(_DRAWS))
        axes = [members(p, _LEVELS) for p in self._space.parameters]
        random = generator(self._problem.seed, number, 0, _SCANNING)
        yield from islice(walk(self._space, axes, random), _SCANNED)


def _name(sampler: Sampler) -> str:
    return type(sampler).__name__.lower()
