"""Defaults that are read from the machine: `default: current` of a parameter that changes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from autotune.core import registry
from autotune.core.errors import WorkloadError
from autotune.model.ports import HostActuator
from autotune.model.space import UNSET, Parameter, Value, shown
from autotune.model.target import Target
from autotune.model.workload import Workload
from autotune.study.schema.parameter import ParameterForm
from autotune.study.schema.read import Mistake
from autotune.study.schema.read import Path as KeyPath
from autotune.study.schema.workload import WorkloadForm
from autotune.study.values import outside, value

CURRENT = "current"
"""How a file says that the default is what the machine has."""

Read: TypeAlias = Callable[[Target], str | None]
"""The text that a place of the machine holds; raises WorkloadError, naming it, where that cannot be told."""

_LIKE: Mapping[str, Value] = {"int": 0, "float": 0.0, "bool": False}


def stand_ins(form: WorkloadForm) -> tuple[str, ...]:
    """Names of the parameters whose default is `current`; in `form` some value of the domain stands for it.

    A domain that lists the word `current` means the word.
    """
    asking = [name for name, given in form.parameters.items() if _asks(given)]
    for name in asking:
        given = form.parameters[name]
        domain = given.int_ or given.float_ or given.choice or given.ordinal or given.powers or [False]
        given.default = domain[0]
    return tuple(asking)


def _asks(given: ParameterForm) -> bool:
    listed = [*(given.choice or ()), *(given.ordinal or ()), *given.special]
    return given.default == CURRENT and CURRENT not in listed and len(given.kinds) == 1


def read_current(
    form: WorkloadForm, made: Workload, names: Iterable[str], *, path: KeyPath, read: Read | None
) -> list[Mistake]:
    """Writes into `form` what the parameters `names` hold on this machine; what is wrong with that.

    `made` is the workload with stand-ins. Raises WorkloadError with all of them that cannot be read here.
    """
    wrong: list[Mistake] = []
    unreadable: list[str] = []
    for name in names:
        parameter, place = made.space[name], (*path, "parameters", name, "default")
        actuator = registry.load("actuators", parameter.apply.actuator)()
        if read is None or not isinstance(actuator, HostActuator):
            known = isinstance(actuator, HostActuator)
            wrong.append(Mistake(path=place, message=_unasked(parameter, known=known)))
            continue
        try:
            plain = _value(actuator, parameter, read(actuator.target(parameter.apply, made.folder)))
        except WorkloadError as error:
            unreadable.append(f"  {name}: {error}")
            continue
        if message := _outside(parameter, plain):
            wrong.append(Mistake(path=place, message=message))
        form.parameters[name].default = UNSET if plain is None else plain
    if unreadable:
        raise WorkloadError("what this machine has now cannot be read:\n" + "\n".join(unreadable))
    return wrong


def _unasked(parameter: Parameter, *, known: bool) -> str:
    if known:
        return "'current' is read from the machine, which is not done here"
    return (
        f"'current' is read from the machine, and '{parameter.name}' is none of its values: it is applied by "
        f"{parameter.apply.actuator}. Write the value that the system has when nobody tunes it"
    )


def _value(actuator: HostActuator, parameter: Parameter, text: str | None) -> Any:
    """What `text` means: a value of the domain where one is written so."""
    if text is None:
        return None
    for listed in (*parameter.values, *parameter.special):
        if listed is not None and actuator.text(parameter.apply, listed) == text:
            return listed
    return value(actuator.value(parameter.apply, text, _LIKE.get(parameter.kind, "")), kind=parameter.kind)


def _outside(parameter: Parameter, now: Value) -> str:
    if parameter.contains(now) or (now is None and parameter.numeric):
        return ""
    return (
        f"{outside(parameter, now)} This machine has {shown(now)} now: widen the domain, or write another "
        "default than current"
    )
