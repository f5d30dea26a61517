"""What a profile file may hold: no command, no path, nothing that is not listed here."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from autotune.model.space import Risk, Scope

Scalar: TypeAlias = bool | int | float | str | None
Text: TypeAlias = Annotated[str, Field(max_length=1000)]
Share: TypeAlias = Annotated[str, Field(pattern=r"^[-+]?[0-9.]+(e-?[0-9]+)?%$")]
Variable: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
Actuator: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]
Digest: TypeAlias = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class MadeBy(_Closed):
    """Where the profile comes from."""

    study: Text
    run: Text
    store_sha256: Digest
    autotune: Text


class ProofEntry(_Closed):
    """The verdict: numbers are shares with a percent sign, or plain ones in the metric's unit."""

    metric: Text
    result: Literal["better"]
    effect: Share | float
    interval: Annotated[list[Share | float], Field(min_length=2, max_length=2)]
    level: Share
    pairs: Annotated[int, Field(ge=1)]
    limits: dict[Text, Literal["held"]]
    margin: Share


class RiskEntry(_Closed):
    """One risk with the parameters that bring it."""

    risk: Risk
    parameters: list[Text]


class EnvEntry(_Closed):
    """The environment variable that carries a parameter."""

    env: Variable


class ChangeEntry(_Closed):
    """One parameter from its baseline value to the proven one; `unset` is not given to the system.

    `effect` is what it adds to the other changes; an interval without one is that of an effect not shown.
    """

    parameter: Text
    before: Scalar = Field(alias="from")
    after: Scalar = Field(alias="to")
    unit: Text = ""
    scope: Scope
    apply: Actuator | EnvEntry
    effect: Share | float | Literal["not shown"]
    interval: Annotated[list[Share | float], Field(min_length=2, max_length=2)] | None = None
    level: Share | None = None
    pairs: Annotated[int, Field(ge=1)] | None = None


class ProfileEntry(_Closed):
    """A whole profile file."""

    profile: Text
    made_by: MadeBy
    verdict: ProofEntry
    host: dict[Text, Scalar | dict[Text, Scalar]]
    risks: list[RiskEntry]
    changes: list[ChangeEntry]
