"""The next configuration that may and should be measured."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice

from autotune.core.expression import ExpressionError
from autotune.model.ports import Sampler
from autotune.model.space import Config, Space, config_key
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

    Every answer is inside the domains, the constraints and what `allowed` permits (risks), without inactive
    parameters, and was not seen before. The same numbers, told trials and seen configurations give the same
    answer. `asked` counts the sampler's answers, `rejected` those of them that were not permitted, `repeated`
    those that were permitted but seen before.
    """

    def __init__(
        self,
        space: Space,
        sampler: Sampler,
        *,
        first: Sequence[tuple[Config, str]],
        seed: int,
        allowed: Callable[[Config], bool],
    ) -> None:
        self._space = space
        self._sampler = sampler
        self._first = tuple((space.pruned(config), origin) for config, origin in first)
        self._seed = seed
        self._allowed = allowed
        self.asked = self.rejected = self.repeated = 0

    def next(self, number: int, seen: Collection[str]) -> tuple[Config, str] | None:
        """A configuration for trial `number` with its origin, or None: the space is exhausted.

        `seen` holds the keys (`config_key`) of what is not to be measured again. Where the sampler only
        repeats itself, up to 300 draws follow, then a scan of 20 000 points of the space.
        """
        for config, origin in self._first:
            if config_key(config) not in seen and self._permits(config):
                return config, origin
        for answer in self._answers(number):
            if answer is None:
                return None
            self.asked += 1
            if not self._permits(answer):
                self.rejected += 1
            elif config_key(answer) in seen:
                self.repeated += 1
            else:
                return answer, type(self._sampler).__name__.lower()
        left = (c for c in self._others(number) if config_key(c) not in seen and self._permits(c))
        return next(((config, "random") for config in left), None)

    def _answers(self, number: int) -> Iterator[Config | None]:
        """The sampler's answers, one after another; of one that ends by itself, all."""
        attempt = 0
        while attempt < _PATIENCE or getattr(self._sampler, "exhaustive", False):
            config = self._sampler.ask(number, attempt)
            yield None if config is None else self._space.pruned(config)
            attempt += 1

    def _others(self, number: int) -> Iterable[Config]:
        random = generator(self._seed, number, 0, _DRAWING)
        yield from (draw(self._space, random) for _ in range(_DRAWS))
        axes = [members(p, _LEVELS) for p in self._space.parameters]
        yield from islice(walk(self._space, axes, generator(self._seed, number, 0, _SCANNING)), _SCANNED)

    def _permits(self, config: Config) -> bool:
        try:
            inside = all(self._space[name].contains(value) for name, value in config.items())
            return inside and not self._space.violated(config) and self._allowed(config)
        except ExpressionError:  # a division by zero, say: what cannot be decided is not permitted
            return False
