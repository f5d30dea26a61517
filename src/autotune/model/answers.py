"""What became of a sampler's answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """How many answers were `asked` of a sampler, and how many of them were of no use as they were.

    Constraints or risks do not permit the `rejected` ones; the `repeated` ones were measured before. Each of
    the `repaired` was measured in place of a rejected one; where no repair was found either, one of the
    `drawn` was, at random from what is permitted.
    """

    asked: int = 0
    rejected: int = 0
    repaired: int = 0
    repeated: int = 0
    drawn: int = 0

    def sentence(self) -> str:
        """The counts in words."""
        drawn = f", {self.drawn} drawn instead" if self.drawn else ""
        return (
            f"of {self.asked} answers of the sampler {self.rejected} broke a constraint or took a risk that "
            f"is not allowed, {self.repeated} had been measured; trials that are repaired "
            f"answers: {self.repaired}{drawn}"
        )

    def __add__(self, other: Answers) -> Answers:
        return Answers(
            asked=self.asked + other.asked,
            rejected=self.rejected + other.rejected,
            repaired=self.repaired + other.repaired,
            repeated=self.repeated + other.repeated,
            drawn=self.drawn + other.drawn,
        )
