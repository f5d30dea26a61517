"""A long list of configurations of which those that were told fall away."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from autotune.model.problem import Problem
from autotune.model.space import Config, config_key


class Untold:
    """The permitted and different ones among `configs`, looked at only as far as they are asked for."""

    def __init__(self, problem: Problem, configs: Iterator[Config]) -> None:
        self._problem = problem
        self._source = configs
        self._known: set[str] = set()
        self._left: dict[str, Config] = {}

    def nth(self, index: int, seen: Collection[str]) -> Config | None:
        """The one that is `index` behind the first whose key is not `seen`; None behind the last."""
        for key in [key for key in self._left if key in seen]:
            del self._left[key]
        for config in self._source if len(self._left) <= index else ():
            key = config_key(config)
            if key in self._known or key in seen or not self._problem.permits(config):
                continue
            self._known.add(key)
            self._left[key] = config
            if len(self._left) > index:
                break
        return next((c for i, c in enumerate(self._left.values()) if i == index), None)
