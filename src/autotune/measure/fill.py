"""Puts values in place of `{name}` in an argv."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from autotune.core.errors import WorkloadError
from autotune.core.placeholders import PART, names, problems
from autotune.model.workload import Workload


def builtins(workload: Workload, folder: Path, *, trial: int, seed: int) -> dict[str, str]:
    """Values of the harness's own names for the sample in `folder`; `duration` only where one is declared."""
    values = {
        "python": sys.executable,
        "out": str(folder),
        "data": str(folder / "data"),
        "trial": str(trial),
        "seed": str(seed),
    }
    return {**values, **duration_text(workload)}


def duration_text(workload: Workload, seconds: float | None = None) -> dict[str, str]:
    """The field `duration`: `seconds`, or those that the workload is meant to run; none where it has none."""
    length_s = workload.duration_s if seconds is None else seconds
    return {} if length_s is None else {"duration": f"{length_s:.12g}"}


def fill(
    argv: Sequence[str], fields: Mapping[str, str], *, optional: Collection[str] = ()
) -> tuple[str, ...]:
    """`argv` with `{name}` replaced by the field of that name, as it is; `{{` and `}}` are literal braces.

    An element that names an `optional` field without a value is left out, it alone. Raises WorkloadError
    for a name that is neither, and for a single brace.
    """
    return tuple(text for element in argv if (text := _filled(element, fields, optional)) is not None)


def fill_text(text: str, fields: Mapping[str, str]) -> str:
    """One text filled in the same way; every name in it needs a field."""
    return fill([text], fields)[0]


def optional_fields(workload: Workload) -> frozenset[str]:
    """Parameters that may be unset or inactive, so that an element which names them is left out."""
    return frozenset(p.name for p in workload.space.parameters if p.apply.actuator == "argv")


def _filled(element: str, fields: Mapping[str, str], optional: Collection[str]) -> str | None:
    for _, message in problems(element, {*fields, *optional}):
        raise WorkloadError(f"'{element}' cannot be filled in: {message}")
    if names(element) - fields.keys():
        return None
    return PART.sub(lambda match: match[0][0] if match[1] is None else fields[match[1]], element)
