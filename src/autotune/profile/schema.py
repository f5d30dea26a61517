"""What a profile file may hold: no command, no path, nothing that is not listed here."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from autotune.model.space import Risk, Scope
from autotune.profile.fields import Closed, Count, Digest, Name, Number, Part, Scalar, Share, Text
from autotune.profile.forms import ApplyForm

Interval: TypeAlias = Annotated[list[Share | Number], Field(min_length=2, max_length=2)]


class MadeBy(Closed):
    """Where the profile comes from."""

    study: Text
    run: Text
    store_sha256: Digest
    autotune: Text


class ProofEntry(Closed):
    """The verdict: numbers are shares with a percent sign, or plain ones in the metric's unit."""

    metric: Text
    result: Literal["better"]
    effect: Share | Number
    interval: Interval
    level: Part
    pairs: Count
    limits: Annotated[dict[Text, Literal["held"]], Field(max_length=100)]
    margin: Share


class RiskEntry(Closed):
    """One risk with the parameters that bring it."""

    risk: Risk
    parameters: Annotated[list[Name], Field(max_length=500)]


class ChangeEntry(Closed):
    """One parameter from its baseline value to the proven one; `unset` is not given to the system.

    `effect` is what it adds to the other changes; an interval without one is that of an effect not shown.
    """

    parameter: Name
    before: Scalar = Field(alias="from")
    after: Scalar = Field(alias="to")
    unit: Text = ""
    scope: Scope
    apply: ApplyForm
    effect: Share | Number | Literal["not shown"]
    interval: Interval | None = None
    level: Part | None = None
    pairs: Count | None = None


class ProfileEntry(Closed):
    """A whole profile file."""

    profile: Name
    made_by: MadeBy
    verdict: ProofEntry
    host: Annotated[dict[Name, Scalar | dict[Name, Scalar]], Field(max_length=200)]
    risks: Annotated[list[RiskEntry], Field(max_length=10)]
    changes: Annotated[list[ChangeEntry], Field(max_length=500)]
