"""A number in a command's output that could be a metric."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal, TypeAlias

Source: TypeAlias = Literal["regex", "json", "csv", "wall"]

_LONGEST_NAME = 48
_WORD = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Where a number stands, how it is called, what it is measured in (empty: unknown).

    `label` is what the output calls it. `carried`: the source reads the unit along with the number.
    """

    label: str
    value: float
    unit: str
    source: Source
    where: str
    carried: bool = False

    @property
    def name(self) -> str:
        """The label as a metric's name."""
        return identifier(self.label)


def words(text: str) -> list[str]:
    """The words of a label, in small letters without accents."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return _WORD.findall(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", plain).casefold())


def identifier(text: str) -> str:
    """`text` as a name of letters, digits and `_`."""
    joined = "_".join(words(text.replace("%", " percent ")))[:_LONGEST_NAME].strip("_")
    if not joined:
        return "value"
    return f"v{joined}" if joined[0].isdigit() else joined
