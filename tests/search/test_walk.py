from __future__ import annotations

import math
from collections.abc import Callable
from itertools import islice, pairwise

from hypothesis import given
from hypothesis import strategies as st

from autotune.model.space import Apply, Parameter, Space, config_key
from autotune.search.domain import members
from autotune.search.draw import generator
from autotune.search.walk import walk


@given(st.lists(st.integers(1, 6), min_size=1, max_size=4), st.integers(0, 1000))
def test_every_point_is_met_once(sizes: list[int], seed: int) -> None:
    parameters = tuple(
        Parameter(name=f"p{i}", kind="choice", default=0, values=tuple(range(n)), apply=Apply(actuator="env"))
        for i, n in enumerate(sizes)
    )
    space = Space(parameters=parameters)
    found = list(walk(space, [p.values for p in parameters], generator(seed, 0, 0)))

    total = 1
    for size in sizes:
        total *= size
    assert len({config_key(c) for c in found}) == len(found) == total


def test_points_that_differ_only_in_inactive_parameters_are_one(small_space: Space) -> None:
    axes = [members(p, 9) for p in small_space.parameters]

    assert len(list(walk(small_space, axes, generator(1, 0, 0)))) == 8


def test_a_grid_larger_than_memory_is_walked(parameter: Callable[..., Parameter]) -> None:
    space = Space(parameters=tuple(parameter(f"p{i}", "int", low=0, high=999) for i in range(20)))
    axes = [members(p, 1000) for p in space.parameters]

    found = list(islice(walk(space, axes, generator(1, 0, 0)), 50))

    assert len({config_key(c) for c in found}) == 50


@given(
    st.lists(st.tuples(st.integers(1, 5), st.integers(0, 2)), min_size=1, max_size=4), st.integers(0, 1000)
)
def test_what_is_dear_to_change_changes_as_rarely_as_a_grid_allows(
    axes: list[tuple[int, int]], seed: int
) -> None:
    parameters = tuple(
        Parameter(name=f"p{i}", kind="choice", default=0, values=tuple(range(n)), apply=Apply(actuator="env"))
        for i, (n, _) in enumerate(axes)
    )
    ranks = [rank for _, rank in axes]
    space = Space(parameters=parameters)
    found = list(walk(space, [p.values for p in parameters], generator(seed, 0, 0), ranks=ranks))

    total = math.prod(n for n, _ in axes)
    assert len({config_key(c) for c in found}) == len(found) == total
    dear = [tuple(c[f"p{i}"] for i, rank in enumerate(ranks) if rank == min(ranks)) for c in found]
    changes = sum(one != other for one, other in pairwise(dear))
    assert changes == math.prod(n for n, rank in axes if rank == min(ranks)) - 1
