"""Real systems of which every configuration was measured once, read from their tables."""

from __future__ import annotations

import csv
import gzip
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from autotune.model.problem import Problem
from autotune.model.space import Apply, Config, Kind, Parameter, Space, Value
from autotune.model.workload import Direction

Indices: TypeAlias = tuple[int, ...]
"""A configuration as the index of each parameter's value."""

_KINDS: Mapping[str, Kind] = {"ordinal": "ordinal", "categorical": "choice", "bool": "bool"}


@dataclass(frozen=True)
class Recorded:
    """One system: `table` holds what was measured, `listed` all rows, those too that ran and failed.

    A configuration that is not listed violates a constraint of the system.
    """

    name: str
    kinds: tuple[str, ...]
    space: Space
    direction: Direction
    table: Mapping[Indices, float]
    listed: frozenset[Indices]

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many values each parameter has."""
        return tuple(len(p.values) for p in self.space.parameters)

    @property
    def size(self) -> int:
        """How many configurations there are, with those that cannot be."""
        return math.prod(self.sizes)

    @property
    def sign(self) -> float:
        """1 where less is better, -1 where more is."""
        return 1.0 if self.direction == "minimize" else -1.0

    @cached_property
    def costs(self) -> NDArray[np.float64]:
        """All that was measured, turned so that less is better, the best first."""
        return np.sort(self.sign * np.array(list(self.table.values())))

    @property
    def best(self) -> float:
        """The optimum, turned so that less is better."""
        return float(self.costs[0])

    @cached_property
    def typical(self) -> float:
        """The median of what can be measured, turned so that less is better."""
        return float(np.median(self.costs))

    @cached_property
    def _places(self) -> tuple[dict[tuple[type, Value], int], ...]:
        return tuple({(type(v), v): i for i, v in enumerate(p.values)} for p in self.space.parameters)

    def config(self, indices: Sequence[int]) -> dict[str, Value]:
        """The configuration at these indices."""
        return {p.name: p.values[i] for p, i in zip(self.space.parameters, indices, strict=True)}

    def indices(self, config: Config) -> Indices:
        """Where the values of a configuration stand."""
        named = zip(self.space.parameters, self._places, strict=True)
        return tuple(places[type(config[p.name]), config[p.name]] for p, places in named)

    def cost(self, config: Config) -> float | None:
        """What a configuration truly costs, turned so that less is better; None where it fails."""
        value = self.table.get(self.indices(config))
        return None if value is None else self.sign * value

    def may_run(self, config: Config) -> bool:
        """Whether it satisfies the system's constraints."""
        return self.indices(config) in self.listed

    def problem(
        self, *, seed: int, trials: int, noise: float | None = None, declared: bool = False
    ) -> Problem:
        """What a sampler is given.

        The records hold no formulas of their constraints; where these are to be `declared`, whether a
        configuration is listed stands in for them. Nor do they say what a system's defaults are: the default
        here is a configuration that the seed draws, so that it tells nothing.
        """
        drawn = np.random.default_rng([seed, 1]).random(len(self.sizes))
        values = [int(share * size) for share, size in zip(drawn, self.sizes, strict=True)]
        parameters = tuple(
            _with_default(p, p.values[i]) for p, i in zip(self.space.parameters, values, strict=True)
        )
        return Problem(
            space=Space(parameters=parameters),
            directions=(self.direction,),
            seed=seed,
            trials=trials,
            noise=noise,
            **({"allowed": self.may_run} if declared else {}),
        )


def _with_default(parameter: Parameter, default: Value) -> Parameter:
    return Parameter(
        name=parameter.name,
        kind=parameter.kind,
        values=parameter.values,
        default=default,
        apply=parameter.apply,
    )


def read(path: Path) -> Recorded:
    """The system that `path`, a JSON file with a table beside it, describes."""
    said = json.loads(path.read_text())
    parameters = tuple(_parameter(form) for form in said["params"])
    with gzip.open(path.with_suffix(".csv.gz"), "rt", newline="") as file:
        rows = list(csv.reader(file))[1:]
    listed = {tuple(map(int, row[:-1])): row[-1] for row in rows}
    return Recorded(
        name=said["name"],
        kinds=tuple("ordinal" if p.kind == "ordinal" else "choice" for p in parameters),
        space=Space(parameters=parameters),
        direction="minimize" if said["direction"] == "min" else "maximize",
        table={indices: float(value) for indices, value in listed.items() if value},
        listed=frozenset(listed),
    )


def read_all(folder: Path) -> list[Recorded]:
    """Every system in `folder`, in order of their names."""
    return [read(path) for path in sorted(folder.glob("*.json"))]


def _parameter(form: Mapping[str, Any]) -> Parameter:
    values = form["values"]
    kind = _KINDS[form["kind"]]
    if kind == "bool":
        # The two values may have names, and a system that was recorded with one of them has no choice.
        values, kind = ([False, True], kind) if len(values) == 2 else (values, "choice")
    return Parameter(
        name=form["name"],
        kind=kind,
        values=tuple(values),
        default=values[0],
        apply=Apply(actuator="env"),
    )
