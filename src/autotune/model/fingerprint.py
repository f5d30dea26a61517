"""What a measurement depends on besides its configuration, and how two of them differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

Fingerprint: TypeAlias = Mapping[str, str]
"""Name to value; a name is `machine.X`, `workload.X`, `source.X` or `tool.X`."""

_ABSENT = "(nothing)"
_DECIDING = ("machine.", "workload.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A field that differs; `deciding` where samples from before and after it are not comparable."""

    field: str
    before: str
    after: str

    @property
    def deciding(self) -> bool:
        """Whether workload or machine is another one; the tool's and the repository's state are only told."""
        return self.field.startswith(_DECIDING)

    def __str__(self) -> str:
        return f"{self.field}: {self.before} -> {self.after}"


def deciding(found: Fingerprint) -> dict[str, str]:
    """Its fields that tell whether samples are comparable: those of machine and workload."""
    return {name: value for name, value in found.items() if name.startswith(_DECIDING)}


def changes(before: Fingerprint, after: Fingerprint) -> tuple[Change, ...]:
    """Where the two differ, in the order of their names; nothing where either is empty (not recorded)."""
    if not before or not after:
        return ()
    return tuple(
        Change(field=name, before=before.get(name, _ABSENT), after=after.get(name, _ABSENT))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    )
