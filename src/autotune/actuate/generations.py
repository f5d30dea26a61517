"""The generations of this machine's values as types: what profiles made of them, one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from autotune.core.errors import StorageError
from autotune.model.target import Target
from autotune.sidecar import generation
from autotune.sidecar.wal import CorruptError


@dataclass(frozen=True, slots=True, kw_only=True)
class Managed:
    """A place that profiles have changed: the value that it is to hold, and the `original` from before any.

    None is a value that is not there.
    """

    parameter: str
    target: Target
    original: str | None
    value: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """One state of all managed places; a rollback goes to its `parent`, the originals have none.

    One that a rollback made is `again` an earlier one, and has that one's parent. One that was `found` is
    what somebody else had made of the places before it was overwritten. `profile` and `sha256` are
    of the file that was applied, empty for the originals; `at` is an ISO 8601 stamp, `boot` the boot in which
    it was made. `services` says how those that hear of changes are told. Of generation 0 the values are the
    originals.
    """

    number: int
    parent: int | None
    why: Literal["original", "apply", "rollback", "found"]
    profile: str = ""
    sha256: str = ""
    run: str = ""
    at: str
    boot: str
    again: int | None = None
    services: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    managed: tuple[Managed, ...] = ()

    @property
    def by_key(self) -> dict[str, Managed]:
        """The managed places by the keys of their targets."""
        return {one.target.key: one for one in self.managed}


def in_force(state: Path) -> Generation | None:
    """The generation in force; None where no profile was ever applied. Raises StorageError."""
    number = generation.current(str(state))
    return None if number is None else read(state, number)


def known(state: Path) -> tuple[int, ...]:
    """The numbers of all generations, in order."""
    return tuple(generation.numbers(str(state)))


def read(state: Path, number: int) -> Generation:
    """Generation `number`; raises StorageError where it is not there, or damaged."""
    try:
        return _from_data(generation.read(str(state), number))
    except CorruptError as error:
        raise StorageError(f"{error}. It is left as it is.") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StorageError(f"generation {number} in {state} cannot be read: {error}.") from error


def to_data(made: Generation) -> dict[str, Any]:
    """The generation as plain data."""
    return asdict(made)


def _from_data(data: Mapping[str, Any]) -> Generation:
    managed = tuple(_managed(one) for one in data["managed"])
    return Generation(**{**data, "managed": managed})


def _managed(data: Mapping[str, Any]) -> Managed:
    return Managed(**{**data, "target": _target(data["target"])})


def _target(data: Mapping[str, Any]) -> Target:
    return Target(**{**data, "also": tuple(_target(other) for other in data["also"])})
