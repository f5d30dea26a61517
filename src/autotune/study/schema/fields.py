"""Field types that the models of the files share."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Annotated, Any, NoReturn

from pydantic import BaseModel, ConfigDict, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from autotune.core.units import UnitError, duration_s, rate_per_s, share, size_bytes
from autotune.core.yaml_scalar import quoted

OWN = "autotune"
"""Type of the errors whose message is already a sentence of ours."""

_FILE_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}")
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_MODULE_NAME = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
_PACKAGE = re.compile(r"[A-Za-z0-9]\S*")
_ENV_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LARGEST_FACTOR = 1000


class Strict(BaseModel):
    """A mapping with a closed set of keys and no silent conversion of its values."""

    model_config = ConfigDict(extra="forbid", strict=True)


def refuse(message: str) -> NoReturn:
    """Raises the error that reaches the user as `message`."""
    raise PydanticCustomError(OWN, "{text}", {"text": message})


def found(value: Any) -> str:
    """What stands in the file, as a message names it."""
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case str():
            return f"'{quoted(value)}'"
        case list():
            return "a list"
        case dict():
            return "a mapping"
    return quoted(str(value))


def is_number(value: Any) -> bool:
    """Whether `value` is an int or a float; true and false are none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_file_name(text: str) -> bool:
    """Whether `text` can be the name of a study or of a workload."""
    return bool(_FILE_NAME.fullmatch(text))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        hint = (
            f". In quotes it is text: '{found(value)}'" if is_number(value) or isinstance(value, bool) else ""
        )
        refuse(f"expected text, found {found(value)}{hint}")
    if "\0" in value:
        refuse("text with a NUL character cannot be given to a program")
    return value


def _option(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if is_number(value) else _text(value)


def _shaped(pattern: re.Pattern[str], wanted: str) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            refuse(f"expected {wanted}, found {found(value)}")
        return value

    return check


def _quantity(parse: Callable[[str], float], wanted: str, unit: str, *, zero: bool) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if is_number(value):
            refuse(f"expected {wanted}, found {value} without a unit. Did you mean '{value}{unit}'?")
        if not isinstance(value, str):
            refuse(f"expected {wanted}, found {found(value)}")
        try:
            number = parse(value)
        except UnitError:
            refuse(f"expected {wanted}, found {found(value)}")
        if not math.isfinite(number) or number < 0 or (number == 0 and not zero):
            refuse(
                f"expected {wanted} {'that is not negative' if zero else 'above zero'}, found {found(value)}"
            )
        return value

    return check


def _scalar(value: Any) -> Any:
    if value is None:
        refuse("expected a value, found nothing. For no value at all write unset")
    if isinstance(value, (list, dict)):
        refuse(f"expected one value, found {found(value)}")
    return _text(value) if isinstance(value, str) else value


def _factor(value: Any) -> float:
    if not is_number(value) or not 1 < value <= _LARGEST_FACTOR:
        refuse(f"expected a number above 1, at most {_LARGEST_FACTOR}, such as 3; found {found(value)}")
    return float(value)


def _positive(value: Any) -> float:
    if not is_number(value) or value <= 0:
        refuse(f"expected a number above zero, found {found(value)}")
    return float(value)


_STRING: dict[str, Any] = {"type": "string"}

Text = Annotated[str, PlainValidator(_text), WithJsonSchema(_STRING)]
Option = Annotated[
    str, PlainValidator(_option), WithJsonSchema({"type": ["boolean", "integer", "number", "string"]})
]
"""Text that may be written as a number or as true and false."""
Expression = Annotated[str, PlainValidator(_text), WithJsonSchema({**_STRING, "examples": ["a <= 2 * b"]})]
Positive = Annotated[
    float, PlainValidator(_positive), WithJsonSchema({"type": "number", "exclusiveMinimum": 0})
]
Factor = Annotated[
    float,
    PlainValidator(_factor),
    WithJsonSchema({"type": "number", "exclusiveMinimum": 1, "maximum": _LARGEST_FACTOR}),
]
"""So many times something, and more than once."""
Quantity = Annotated[
    str,
    PlainValidator(_option),
    WithJsonSchema({"type": ["number", "string"], "examples": [5000, "20ms", "0.8 * baseline"]}),
]
"""A number that may carry a unit, or a number of times the baseline."""
Duration = Annotated[
    str,
    PlainValidator(_quantity(duration_s, "a duration such as 30s, 5m or 250ms", "s", zero=False)),
    WithJsonSchema({**_STRING, "examples": ["30s", "5m", "250ms"]}),
]
Size = Annotated[
    str,
    PlainValidator(_quantity(size_bytes, "a size such as 64MiB", "MiB", zero=False)),
    WithJsonSchema({**_STRING, "examples": ["64MiB", "1GiB"]}),
]
DurationOrZero = Annotated[
    str,
    PlainValidator(_quantity(duration_s, "a duration such as 30s, or 0s", "s", zero=True)),
    WithJsonSchema({**_STRING, "examples": ["2s", "0s"]}),
]
Rate = Annotated[
    str,
    PlainValidator(_quantity(rate_per_s, "a rate such as 500/s", "/s", zero=False)),
    WithJsonSchema({**_STRING, "examples": ["500/s", "30/m"]}),
]
Percentage = Annotated[
    str,
    PlainValidator(_quantity(share, "a percentage such as 2%", "%", zero=True)),
    WithJsonSchema({**_STRING, "pattern": "%$", "examples": ["2%"]}),
]
FileName = Annotated[
    str,
    PlainValidator(
        _shaped(_FILE_NAME, "a name of 1 to 64 letters, digits, '.', '_' or '-' that does not begin with '.'")
    ),
    WithJsonSchema({**_STRING, "pattern": f"^{_FILE_NAME.pattern}$"}),
]
Identifier = Annotated[
    str,
    PlainValidator(
        _shaped(_IDENTIFIER, "a name of letters, digits and '_' that does not begin with a digit")
    ),
    WithJsonSchema({**_STRING, "pattern": f"^{_IDENTIFIER.pattern}$"}),
]
ModuleName = Annotated[
    str,
    PlainValidator(_shaped(_MODULE_NAME, "the name of a Python module, such as lightgbm")),
    WithJsonSchema({**_STRING, "pattern": f"^{_MODULE_NAME.pattern}$"}),
]
Package = Annotated[
    str,
    PlainValidator(_shaped(_PACKAGE, "the name of a package, such as wrk")),
    WithJsonSchema({**_STRING, "pattern": f"^{_PACKAGE.pattern}$"}),
]
EnvName = Annotated[
    str,
    PlainValidator(_shaped(_ENV_NAME, "the name of an environment variable, such as MALLOC_ARENA_MAX")),
    WithJsonSchema({**_STRING, "pattern": f"^{_ENV_NAME.pattern}$"}),
]
Scalar = Annotated[
    Any,
    PlainValidator(_scalar),
    WithJsonSchema({"type": ["boolean", "integer", "number", "string"]}),
]
