"""Parameters of a workload, checked one by one."""

from __future__ import annotations

import keyword
from collections.abc import Collection, Iterator
from typing import Any

from autotune.core import registry
from autotune.model.space import Apply, Parameter, Risk
from autotune.model.workload import PLACEHOLDERS
from autotune.study.expressions import read_expression
from autotune.study.schema.fields import found
from autotune.study.schema.parameter import KINDS, ParameterForm
from autotune.study.schema.read import Mistake, Path
from autotune.study.values import outside, value

_CONSTANTS = {"true", "false", "unset"}
_OWN_OPTIONS = {"env": "the variable's name, as in {env: MALLOC_ARENA_MAX}"}
_NAMED = {"sysctl": "its name, as in {sysctl: vm.swappiness}"}
_WITHOUT_OPTIONS = {"argv", "arguments", "template"}


def parameter(
    name: str, form: ParameterForm, path: Path, *, known: Collection[str], mistakes: list[Mistake]
) -> Parameter | None:
    """The parameter called `name`, or None with the reasons added to `mistakes`.

    `known` are the names that its expressions may use.
    """
    before = len(mistakes)
    mistakes.extend(_misfits(name, form, path))
    apply = _apply(form.apply, (*path, "apply"), mistakes)

    def read(text: str, *key: str) -> Any:
        return read_expression(text, (*path, *key), known=known, within=path[:-1], mistakes=mistakes)

    when = form.when and read(form.when, "when")
    risks: dict[Risk, Any] = {risk: read(text, "risk", risk) for risk, text in form.risk.items()}
    if len(mistakes) > before:
        return None
    # Powers of two are an ordinal: every sampler moves along its positions, which are the exponents.
    kind: Any = "ordinal" if form.power_of_two else form.kinds[0]
    low, high = form.int_ or form.float_ or (0, 0)
    made = Parameter(
        name=name,
        kind=kind,
        default=value(form.default, kind=kind),
        low=float(low) if kind == "float" else low,
        high=float(high) if kind == "float" else high,
        log=form.log,
        step=form.step,
        values=_values(form, kind),
        special=tuple(value(special, kind=kind) for special in form.special),
        unit=form.unit,
        scope=form.scope,
        apply=apply,
        when=when or None,
        risks=risks,
        description=form.description,
    )
    if not made.contains(made.default):
        message, also = outside(made, made.default), ((*path, "special"),)
        mistakes.append(Mistake(path=(*path, "default"), message=message, also=also))
    return made


def _values(form: ParameterForm, kind: str) -> tuple[Any, ...]:
    if kind == "bool":
        return (False, True)
    return tuple(value(member, kind=kind) for member in form.choice or form.ordinal or form.powers)


def _misfits(name: str, form: ParameterForm, path: Path) -> list[Mistake]:
    """Keys that do not go together."""
    if name in _CONSTANTS or keyword.iskeyword(name):
        return [Mistake(path=path, message=f"'{name}' means something in expressions", at_key=True)]
    if form.apply == "argv" and name in PLACEHOLDERS:
        message = f"'{name}' is a field of every command: {', '.join(PLACEHOLDERS)}. Take another name"
        return [Mistake(path=path, message=message, at_key=True)]
    if len(form.kinds) != 1:
        given = " and ".join(form.kinds) or "none"
        message = f"parameter '{name}' needs exactly one of {', '.join(KINDS)}; found {given}"
        return [Mistake(path=path, message=message, at_key=True)]
    return [*_kind_misfits(form, path), *_range_misfits(form, path)]


def _kind_misfits(form: ParameterForm, path: Path) -> Iterator[Mistake]:
    """Keys that the kind of domain has no use for."""
    ranges = {"log": ("int", "float"), "step": ("int", "float"), "special": ("int", "float", "power_of_two")}
    given = {"log": form.log, "step": form.step, "special": form.special}
    for key, kinds in ranges.items():
        if given[key] and form.kinds[0] not in kinds:
            message = f"'{key}' belongs to {', '.join(kinds[:-1])} and {kinds[-1]} only"
            yield Mistake(path=(*path, key), message=message, at_key=True)


def _range_misfits(form: ParameterForm, path: Path) -> list[Mistake]:
    given = form.int_ or form.float_ or form.power_of_two
    if given is None:
        return []
    low, high = given
    wrong: list[Mistake] = []
    if form.log and low <= 0:
        message = f"log needs a range above zero, found [{low}, {high}]. For zero use special: [0]"
        wrong.append(Mistake(path=(*path, "log"), message=message))
    if form.step is not None and form.int_ is not None and not isinstance(form.step, int):
        wrong.append(Mistake(path=(*path, "step"), message=f"expected a whole number, found {form.step}"))
    if form.step is not None and form.step > high - low:
        message = f"step {form.step} does not fit in the range [{low}, {high}]"
        wrong.append(Mistake(path=(*path, "step"), message=message))
    for number, special in enumerate(form.special):
        inside = (
            isinstance(special, (int, float)) and not isinstance(special, bool) and low <= special <= high
        )
        if inside and (form.power_of_two is None or special in form.powers):
            message = f"special value {special} is in the range [{low}, {high}] already"
            wrong.append(Mistake(path=(*path, "special", number), message=message))
    return wrong


def _apply(form: str | dict[str, str] | None, path: Path, mistakes: list[Mistake]) -> Apply:
    """The actuator that `argv` or `{env: NAME}` names; the first key's value is its option `name`."""
    entries = form if isinstance(form, dict) else {form or "": ""}
    actuator = next(iter(entries), "")
    options = {"name" if key == actuator else key: text for key, text in entries.items() if text}
    message = ""
    if actuator not in registry.names("actuators"):
        message = registry.unknown("actuators", actuator)
    elif actuator in _OWN_OPTIONS and set(options) != {"name"}:
        message = f"'{actuator}' needs {_OWN_OPTIONS[actuator]}; found {found(form)}"
    elif actuator in _NAMED and "name" not in options:
        message = f"'{actuator}' needs {_NAMED[actuator]}; found {found(form)}"
    elif actuator in _WITHOUT_OPTIONS and options:
        message = f"'{actuator}' takes no options. Did you mean 'apply: {actuator}'?"
    if message:
        mistakes.append(Mistake(path=path, message=message))
    return Apply(actuator=actuator, options=options)
