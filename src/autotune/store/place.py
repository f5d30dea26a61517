"""Where a sample belongs in its run."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from autotune.model.run import Arm
from autotune.store.rows import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A sample's place: number `index` of the baseline or of a trial, one arm of a pair, or in a block.

    A sentinel stands before `trial`, its `index` says whose configuration it measures (-1: the baseline's).
    Of a pair that is run again the second run has index 1; the first has none. In a contest `pair` is the
    number of the block and `index` that of the entrant.
    Raises ValueError where a part is missing for the role or does not belong to it.
    """

    role: Role
    trial: int | None = None
    index: int | None = None
    attempt: int | None = None
    contest: int | None = None
    pair: int | None = None
    arm: Arm | None = None
    turn: int | None = None

    def __post_init__(self) -> None:
        needed = {
            "baseline": {"index"},
            "trial": {"trial", "index"},
            "sentinel": {"trial", "index"},
            "confirmation": {"attempt", "pair", "arm", "turn"},
            "contest": {"contest", "pair", "index", "turn"},
        }[self.role]
        given = {name for name, value in asdict(self).items() if value is not None} - {"role"}
        if self.role == "confirmation":
            given -= {"index"}
        if given != needed:
            wanted = ", ".join(sorted(needed))
            raise ValueError(f"a sample of a {self.role} is placed by {wanted}, not by {sorted(given)}")

    def __str__(self) -> str:
        if self.role == "confirmation":
            take = "" if self.index is None else f"/{self.index}"
            return f"confirmation/{self.attempt}/{self.pair}/{self.arm}{take}"
        parts: tuple[str | int | None, ...] = (self.role, self.trial, self.index)
        if self.role == "contest":
            parts = (self.role, self.contest, self.pair, self.index)
        return "/".join(str(part) for part in parts if part is not None)

    def columns(self) -> dict[str, Any]:
        """What a row holds of the place."""
        return {"place": str(self), **asdict(self)}
