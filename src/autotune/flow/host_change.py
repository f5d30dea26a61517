"""What became of a configuration that the machine was brought to."""

from __future__ import annotations

import errno
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from autotune.core.errors import WorkloadError
from autotune.flow.host_places import Placed
from autotune.model.space import Config, Value
from autotune.model.target import Brought

_OF_THE_MACHINE = frozenset({errno.EPERM, errno.EACCES, errno.EROFS, errno.ENOENT, errno.ENODEV})
"""Refusals that have nothing to do with the value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What bringing the machine to a configuration came to.

    `coerced` holds, by parameter, what was asked and what the machine made of it.
    """

    seconds: float = 0.0
    coerced: Mapping[str, tuple[Value, Value]] = field(default_factory=dict)


class RefusedValueError(WorkloadError):
    """The machine does not take a configuration: what was changed for it is taken back.

    `transient` where it refuses for a reason that has nothing to do with the value.
    """

    def __init__(self, message: str, *, seconds: float, transient: bool) -> None:
        super().__init__(message)
        self.seconds, self.transient = seconds, transient


def coerced(
    places: Sequence[Placed], config: Config, brought: Sequence[Brought]
) -> dict[str, tuple[Value, Value]]:
    """What was asked and what it became, where that is another value and not only another spelling."""
    effective = {one.target.key: one.effective for one in brought if one.coerced}
    found = {}
    for one in places:
        if one.target.key in effective:
            value = config[one.parameter.name]
            became = one.value(effective[one.target.key], value)
            if became != value:
                found[one.parameter.name] = (value, became)
    return found


def transient(error: WorkloadError) -> bool:
    """Whether rights or devices failed, and not a value, or a service that does not start with it."""
    cause = error.__cause__
    return isinstance(cause, OSError) and cause.errno in _OF_THE_MACHINE
