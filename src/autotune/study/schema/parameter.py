"""A parameter as it is written in a workload."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Discriminator, Field, PlainValidator, Tag, WithJsonSchema

from autotune.model.space import Risk, Scope
from autotune.study.schema.fields import Expression, Option, Scalar, Strict, Text, found, is_number, refuse

KINDS = ("int", "float", "bool", "choice", "ordinal", "power_of_two")


def shape(value: Any) -> str:
    """The tag that tells a short form from a mapping; messages leave it out."""
    return "<mapping>" if isinstance(value, (dict, Strict)) else "<short>"


def _range(value: Any) -> list[float]:
    if not isinstance(value, list) or len(value) != 2 or not all(map(is_number, value)):
        refuse(f"expected a range of two numbers such as [1, 8], found {_listed(value)}")
    low, high = value
    if low >= high:
        refuse(f"expected a range [low, high] with low below high, found [{low}, {high}]")
    return [low, high]


def _whole_range(value: Any) -> list[float]:
    for bound in _range(value):
        if not isinstance(bound, int):
            refuse(f"expected whole numbers, found {bound}. For fractions write float: [...]")
    return list(value)


def _powers(value: Any) -> list[float]:
    for bound in _whole_range(value):
        if bound < 1 or int(bound) & (int(bound) - 1):
            refuse(f"expected powers of two such as [1, 1024], found {bound}. For zero use special: [0]")
    return list(value)


def _listed(value: Any) -> str:
    return f"[{', '.join(map(found, value[:5]))}]" if isinstance(value, list) else found(value)


def _values(value: Any) -> list[Any]:
    if not isinstance(value, list) or not value:
        refuse(f"expected a list of values such as [a, b], found {_listed(value)}")
    for number, member in enumerate(value):
        if member is None or isinstance(member, (list, dict)):
            refuse(f"value {number + 1} of the list is {found(member)}. For no value at all write unset")
        if isinstance(member, str) and "\0" in member:
            refuse(f"value {number + 1} of the list holds a NUL character, which no program can be given")
        if any(member == other and type(member) is type(other) for other in value[:number]):
            refuse(f"value {found(member)} is given twice")
    return value


def _positive(value: Any) -> float:
    if not is_number(value) or value <= 0:
        refuse(f"expected a number above zero, found {found(value)}")
    return float(value) if isinstance(value, float) else value


def _numbers(items: str, *, least: int = 2, most: int | None = 2) -> WithJsonSchema:
    schema: dict[str, Any] = {"type": "array", "items": {"type": items}, "minItems": least}
    return WithJsonSchema(schema if most is None else {**schema, "maxItems": most})


_Value = {"type": ["boolean", "integer", "number", "string"]}
_Values = WithJsonSchema({"type": "array", "items": _Value, "minItems": 1, "uniqueItems": True})

ApplyForm = Annotated[
    Annotated[Text, Tag("<short>")] | Annotated[dict[Text, Option], Tag("<mapping>")],
    Discriminator(shape),
]


class ParameterForm(Strict):
    """One parameter: exactly one of int, float, bool, choice, ordinal and power_of_two gives its domain."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": [kind]} for kind in KINDS]},
    )

    int_: Annotated[list[int], PlainValidator(_whole_range), _numbers("integer")] | None = Field(
        None, alias="int", description="Whole numbers from low to high."
    )
    float_: Annotated[list[float], PlainValidator(_range), _numbers("number")] | None = Field(
        None, alias="float", description="Numbers from low to high."
    )
    bool_: Literal[True] | None = Field(None, alias="bool", description="true: the parameter is on or off.")
    choice: Annotated[list[Any], PlainValidator(_values), _Values] | None = Field(
        None, description="Values without an order; `unset` leaves the parameter out."
    )
    ordinal: Annotated[list[Any], PlainValidator(_values), _Values] | None = Field(
        None, description="Values in their order."
    )
    power_of_two: Annotated[list[int], PlainValidator(_powers), _numbers("integer")] | None = Field(
        None, description="The powers of two from low to high: [1, 1024]."
    )
    log: bool = Field(False, description="Search the range on a logarithmic scale.")
    step: Annotated[float, PlainValidator(_positive), WithJsonSchema({"type": "number"})] | None = Field(
        None, description="Distance between neighbouring values, from low on."
    )
    special: list[Scalar] = Field(default_factory=list, description="Single values beside the range.")
    unit: Text = Field("", description="Unit of the values, for people.")
    default: Scalar = Field(
        description="The value when nobody tunes; `unset`: not given to the system; `current`: what this "
        "machine has, of a parameter that changes the machine."
    )
    scope: Scope = Field("restart", description="What a change of the value needs.")
    apply: ApplyForm | None = Field(
        None,
        description="How the value reaches the workload: argv, template, arguments or {env: NAME}; "
        "{sysctl: NAME} changes the machine.",
    )
    when: Expression | None = Field(None, description="The parameter is only there when this holds.")
    risk: dict[Risk, Expression] = Field(
        default_factory=dict, description="A risk, with the expression that says when it is taken."
    )
    description: Text = Field("", description="What the parameter does.")

    @property
    def kinds(self) -> tuple[str, ...]:
        """The keys that give a domain: one in a correct file."""
        given = (self.int_, self.float_, self.bool_, self.choice, self.ordinal, self.power_of_two)
        return tuple(kind for kind, value in zip(KINDS, given, strict=True) if value is not None)

    @property
    def powers(self) -> list[int]:
        """The powers of two that `power_of_two` spans; empty where it is not given."""
        low, high = self.power_of_two or (1, 0)
        return [1 << n for n in range(low.bit_length() - 1, high.bit_length())] if high else []
