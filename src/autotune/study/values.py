"""Values of parameters as files write them and as the model holds them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from autotune.core.hint import did_you_mean
from autotune.model.space import UNSET, Config, Parameter, Space, Value, shown
from autotune.study.schema.read import Mistake, Path

_MOST_LISTED = 20
"""Values that a message lists; a hint names the nearest of all of them."""


def value(written: Any, *, kind: str) -> Value:
    """The model's value: `unset` is None, and a float parameter holds floats only."""
    if written == UNSET:
        return None
    if kind == "float" and isinstance(written, int) and not isinstance(written, bool):
        return float(written)
    plain: Value = written
    return plain


def written(config: Config) -> dict[str, Any]:
    """`config` as a file writes it."""
    return {name: UNSET if held is None else held for name, held in config.items()}


def domain(parameter: Parameter) -> str:
    """What the parameter can hold, in words."""
    if parameter.numeric:
        words = f"{parameter.kind} from {shown(parameter.low)} to {shown(parameter.high)}"
        if parameter.step is not None:
            words += f" in steps of {shown(parameter.step)}"
        return words + "".join(f", or {shown(special)}" for special in parameter.special)
    listed = [shown(value) for value in (*parameter.values, *parameter.special)]
    if len(listed) > _MOST_LISTED:
        return f"one of {len(listed)} values: {', '.join(listed[:_MOST_LISTED])}, ..."
    return "one of " + ", ".join(listed)


def outside(parameter: Parameter, wrong: Value) -> str:
    """The message for a value that the parameter's domain does not hold."""
    hint = "" if parameter.numeric else did_you_mean(shown(wrong), map(shown, parameter.values))
    if wrong is None and parameter.kind == "bool":
        hint = " For a third state write choice: [false, true, unset]"
    quoted = f"'{wrong}'" if isinstance(wrong, str) else shown(wrong)
    return f"'{parameter.name}' cannot be {quoted}: it is {domain(parameter)}.{hint}"


def config(
    space: Space, given: Mapping[str, Any], path: Path, *, known: Collection[str], mistakes: list[Mistake]
) -> dict[str, Value]:
    """The values that `given` writes; values that the space does not have become mistakes.

    So do names that are not `known`; what is known and not in the space is wrong itself, and left out.
    """
    found: dict[str, Value] = {}
    for name, plain in given.items():
        if name not in known:
            message = f"'{name}' is no parameter. Known: {', '.join(known)}.{did_you_mean(name, known)}"
            also = (("workload", "parameters", name),)
            mistakes.append(Mistake(path=(*path, name), message=message, at_key=True, also=also))
        if name not in space.names:
            continue
        parameter = space[name]
        found[name] = value(plain, kind=parameter.kind)
        if not parameter.contains(found[name]):
            message, special = outside(parameter, found[name]), ("workload", "parameters", name, "special")
            mistakes.append(Mistake(path=(*path, name), message=message, also=(special,)))
    return found
