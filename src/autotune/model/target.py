"""A place on the machine that holds a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Address: TypeAlias = Mapping[str, str | int | bool | tuple[str, ...]]
"""What a means needs to find the place; plain data, as it stands in the journal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One value as text, read and written by `means` (a module of `sidecar.means`) at `address`.

    `key` is its name for people, the same for the same place and for no other. What is `volatile` is gone
    with the next boot. A target with an `entry` is one entry, in `format`, of the file at the address.
    Writing may change the values of the places `also`: they are read and restored with it. `service` is
    what has to hear of the change, by what it `needs`; if anything.
    """

    key: str
    means: str
    address: Address
    volatile: bool = True
    entry: str = ""
    format: str = ""
    also: tuple[Target, ...] = ()
    service: str = ""
    needs: Literal["", "reload", "restart"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What became of one value: `before` and `asked` as text, and `effective`, which was read back.

    None stands for a place that does not exist, such as an entry that a file does not have.
    """

    target: Target
    before: str | None
    asked: str | None
    effective: str | None
    also: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def coerced(self) -> bool:
        """Whether the system made something else of what was asked."""
        return self.effective != self.asked
