from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from autotune.core.expression import parse
from autotune.model.space import Apply, Parameter, Space


def _parameter(name: str, kind: Any, **rest: Any) -> Parameter:
    if "when" in rest:
        rest["when"] = parse(rest["when"])
    rest.setdefault("default", rest["values"][0] if "values" in rest else rest.get("low"))
    return Parameter(name=name, kind=kind, apply=Apply(actuator="env"), **rest)


@pytest.fixture
def parameter() -> Callable[..., Parameter]:
    return _parameter


@pytest.fixture
def space() -> Callable[..., Space]:
    """A space of whole numbers from 1 to `high`, unless parameters are given, with these constraints."""

    def made(*constraints: str, names: str = "ab", high: int = 100, more: Any = (), **facts: Any) -> Space:
        whole = [_parameter(name, "int", low=1, high=high) for name in names]
        rules = tuple(parse(text) for text in constraints)
        known = {f"host.{name}": value for name, value in facts.items()}
        return Space(parameters=(*whole, *more), constraints=rules, facts=known)

    return made
