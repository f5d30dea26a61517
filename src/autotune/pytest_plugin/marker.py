"""The marker `autotune`: what it may say of a test, and the tests that a sweep makes of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import product
from typing import Any

import pytest

NAME = "autotune"

_TYPES: Mapping[str, tuple[type, ...]] = {
    "workload": (str,),
    "parameters": (dict,),
    "limit": (str,),
    "metrics": (list, tuple),
    "inprocess": (bool,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """What the marker says; empty where it says nothing. A `workload` is a path beside the test's file."""

    workload: str = ""
    parameters: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    limit: str = ""
    metrics: Sequence[str] = ()
    inprocess: bool = False


def marked(node: Any) -> Marked:
    """What the closest marker of a test says; raises pytest.UsageError for what it may not say."""
    mark = node.get_closest_marker(NAME)
    if mark is None:
        return Marked()
    if mark.args:
        raise pytest.UsageError(
            f"{node.nodeid}: the marker autotune takes named arguments alone, as in limit='5%'"
        )
    for name, value in mark.kwargs.items():
        _refuse(node.nodeid, name, value)
    return Marked(**mark.kwargs)


def _refuse(where: str, name: str, value: object) -> None:
    known = [one.name for one in fields(Marked)]
    if name not in known:
        from autotune.core.hint import did_you_mean  # noqa: PLC0415  for mistakes alone

        hint = did_you_mean(name, known)
        raise pytest.UsageError(
            f"{where}: the marker autotune has no argument '{name}'. Known: {', '.join(known)}.{hint}"
        )
    if not isinstance(value, _TYPES[name]):
        kinds = " or ".join(kind.__name__ for kind in _TYPES[name])
        raise pytest.UsageError(f"{where}: {name} of the marker autotune is a {kinds}, found {value!r}")


def sweep(metafunc: pytest.Metafunc) -> None:
    """Makes a test of each combination of the marker's parameters.

    One that is an argument of the test is given to it; the others are parameters of the marker's workload.
    """
    try:
        found = marked(metafunc.definition)
    except pytest.UsageError as error:
        pytest.fail(str(error), pytrace=False)
    if NAME in found.parameters:
        pytest.fail(f"{metafunc.definition.nodeid}: autotune is the fixture, and no parameter", pytrace=False)
    rest = {name: values for name, values in found.parameters.items() if name not in metafunc.fixturenames}
    if rest and (not found.workload or NAME not in metafunc.fixturenames):
        pytest.fail(
            f"{metafunc.definition.nodeid}: {', '.join(rest)} is neither an argument of the test nor a "
            "parameter of a workload",
            pytrace=False,
        )
    for name, values in found.parameters.items():
        if name not in rest:
            metafunc.parametrize(name, values, ids=[_id({name: value}) for value in values])
    if rest:
        combined = [dict(zip(rest, values, strict=True)) for values in product(*rest.values())]
        metafunc.parametrize(NAME, combined, indirect=True, ids=[_id(one) for one in combined])


def _id(values: Mapping[str, Any]) -> str:
    return "-".join(f"{name}={value}" for name, value in values.items())
