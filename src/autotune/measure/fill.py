"""Puts values in place of `{name}` in an argv."""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from autotune.core.errors import WorkloadError
from autotune.model.workload import Workload

_PART = re.compile(r"\{\{|\}\}|\{([A-Za-z_][A-Za-z0-9_.-]*)\}|[{}]")


def builtins(workload: Workload, folder: Path, *, trial: int, seed: int) -> dict[str, str]:
    """Values of the harness's own names for the sample in `folder`; `duration` only where one is declared."""
    values = {
        "python": sys.executable,
        "out": str(folder),
        "data": str(folder / "data"),
        "trial": str(trial),
        "seed": str(seed),
    }
    if workload.duration_s is not None:
        values["duration"] = f"{workload.duration_s:.12g}"
    return values


def fill(
    argv: Sequence[str], fields: Mapping[str, str], *, optional: Collection[str] = ()
) -> tuple[str, ...]:
    """`argv` with `{name}` replaced by the field of that name, as it is; `{{` and `}}` are literal braces.

    An element that names an `optional` field without a value is left out, it alone. Raises WorkloadError
    for a name that is neither, and for a single brace.
    """
    return tuple(text for element in argv if (text := _filled(element, fields, optional)) is not None)


def optional_fields(workload: Workload) -> frozenset[str]:
    """Parameters that may be unset or inactive, so that an element which names them is left out."""
    return frozenset(p.name for p in workload.space.parameters if p.apply.actuator == "argv")


def placeholders(argv: Sequence[str]) -> Iterator[str]:
    """Names between single braces in `argv`; a brace that stands alone is yielded as it is."""
    for element in argv:
        for match in _PART.finditer(element):
            if match[0] not in {"{{", "}}"}:
                yield match[1] or match[0]


def unknown(name: str, known: Collection[str]) -> str:
    """The sentence about a placeholder, or a single brace, that nothing fills."""
    if name in "{}":
        return f"a single '{name}'; write '{name * 2}' for a literal brace."
    if name == "duration":
        return "{duration} is named, but the workload declares no duration."
    return f"{{{name}}} is not known. Known: {', '.join(sorted(known))}."


def _filled(element: str, fields: Mapping[str, str], optional: Collection[str]) -> str | None:
    names = set(placeholders([element]))
    for name in sorted(names - fields.keys()):
        if name not in optional:
            raise WorkloadError(f"'{element}': {unknown(name, {*fields, *optional})}")
    if names - fields.keys():
        return None
    return _PART.sub(lambda match: fields[match[1]] if match[1] else match[0][0], element)
