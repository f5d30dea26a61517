"""What a single value in a profile file may look like."""

from __future__ import annotations

import re
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

_CONTROL = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
_LARGEST = 1e18


def _printed(text: str) -> str:
    if found := _CONTROL.search(text):
        raise ValueError(f"holds the control character U+{ord(found.group()):04X}")
    return text


def _sane(number: float) -> float:
    if abs(number) > _LARGEST:
        raise ValueError(f"is a number beyond {_LARGEST:.0e}")
    return number


Text: TypeAlias = Annotated[str, Field(max_length=1000), AfterValidator(_printed)]
Name: TypeAlias = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_printed)]
Number: TypeAlias = Annotated[float, AfterValidator(_sane)]
Count: TypeAlias = Annotated[int, Field(ge=1, le=1_000_000)]
Scalar: TypeAlias = bool | int | Number | Text | None
Share: TypeAlias = Annotated[str, Field(pattern=r"^[-+]?[0-9]{1,15}(\.[0-9]{1,15})?(e-[0-9]{1,2})?%$")]
Part: TypeAlias = Annotated[str, Field(pattern=r"^[0-9]{1,2}(\.[0-9]{1,15})?(e-[0-9]{1,2})?%$|^100%$")]
Digest: TypeAlias = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Closed(BaseModel):
    """A group of keys that has no others."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)
