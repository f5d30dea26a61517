"""The parameters of a workload that change the machine: their places, and what stands in the way."""

from __future__ import annotations

import errno
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

from autotune.actuate.own import own_file
from autotune.actuate.probe import refused
from autotune.core import registry
from autotune.core.errors import UsageError, WorkloadError
from autotune.model.ports import HostActuator
from autotune.model.space import Config, Parameter, Value
from autotune.model.target import Target
from autotune.model.workload import Workload
from autotune.sidecar import action


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A parameter of the machine with its place, and what translates its values."""

    parameter: Parameter
    actuator: HostActuator
    target: Target

    def text(self, value: Value) -> str | None:
        """`value` as it is written there."""
        return self.actuator.text(self.parameter.apply, value)

    def value(self, text: str | None, like: Value) -> Value:
        """What a text that was read there means."""
        return self.actuator.value(self.parameter.apply, text, like)


def host_parameters(workload: Workload) -> tuple[Parameter, ...]:
    """The parameters that change the machine, in declared order."""
    return tuple(p for p in workload.space.parameters if _actuator(p) is not None)


def placed(workload: Workload) -> tuple[Placed, ...]:
    """The same with their places; raises WorkloadError where this machine has no such place."""
    return tuple(placed_one(p, workload) for p in host_parameters(workload))


def placed_one(parameter: Parameter, workload: Workload) -> Placed:
    """One of them with its place; raises as `placed`."""
    actuator = _actuator(parameter)
    if actuator is None:
        raise AssertionError(f"{parameter.name} is none of the machine's")
    target = actuator.target(parameter.apply, workload.folder)
    if service := parameter.apply.options.get("service", ""):
        target = replace(target, service=service, needs=_needs(parameter))
    return Placed(parameter=parameter, actuator=actuator, target=target)


def _needs(parameter: Parameter) -> Literal["", "reload", "restart"]:
    """What the parameter's service has to do for a change; one without a service takes effect at once."""
    if parameter.scope == "runtime":
        return ""
    return "reload" if parameter.scope == "reload" else "restart"


@lru_cache
def _loaded(name: str) -> Any:
    return registry.load("actuators", name)()


def _actuator(parameter: Parameter) -> HostActuator | None:
    made = _loaded(parameter.apply.actuator)
    is_host = isinstance(made, HostActuator) and not own_file(parameter.apply)
    return made if is_host else None


def services(workload: Workload) -> dict[str, dict[str, Any]]:
    """How the workload's services are reloaded and restarted, by name, as plain data."""
    return {name: service.action() for name, service in workload.services.items()}


def told_by_hand(workload: Workload) -> tuple[str, ...]:
    """The shell commands by which services hear of values that were restored by hand; a restart outweighs."""
    needs = {one.target.service: "reload" for one in placed(workload) if one.target.needs}
    needs |= {one.target.service: "restart" for one in placed(workload) if one.target.needs == "restart"}
    known = services(workload)
    return tuple(action.by_hand(known[name], what) for name, what in needs.items())


def refuse_impossible(workload: Workload) -> None:
    """Raises WorkloadError with every parameter that cannot be changed here, before anything is changed.

    UsageError where two parameters are the same place.
    """
    if wrong := dict(_problems(workload)):
        told = "\n".join(f"  {name}: {why}" for name, why in wrong.items())
        raise WorkloadError(
            f"this machine cannot be changed as workload '{workload.name}' asks, and nothing was changed:\n"
            f"{told}\n{_help(wrong.values())}"
        )
    keys = Counter(t.key for one in placed(workload) for t in (one.target, *one.target.also))
    if double := [key for key, count in keys.items() if count > 1]:
        raise UsageError(
            f"more than one parameter of workload '{workload.name}' changes {' and '.join(double)}: "
            "the kernel would take one back for the other."
        )


def _problems(workload: Workload) -> Iterator[tuple[str, str]]:
    """Name of a parameter and why it cannot be changed. What a policy forbids belongs here as well."""
    for parameter in host_parameters(workload):
        try:
            one = placed_one(parameter, workload)
        except WorkloadError as error:
            yield parameter.name, str(error)
            continue
        if one.target.needs and one.target.service not in workload.services:
            yield parameter.name, f"the workload says nothing of its service '{one.target.service}'."
        elif why := refused(one.target):
            yield parameter.name, why


def _help(reasons: Iterable[str]) -> str:
    """What would mend it: rights, or a file system that can be written."""
    told = "\n".join(reasons)
    if os.strerror(errno.EROFS) in told:
        return (
            "In a container /proc/sys is read-only unless it is started with --privileged; else: "
            "mount -o remount,rw /proc/sys"
        )
    if os.geteuid() != 0 and any(os.strerror(code) in told for code in (errno.EACCES, errno.EPERM)):
        return "Values of the kernel need root: run the same command with sudo."
    return "Leave these parameters out, or run on a machine that has them."


def asked(one: Placed, config: Config) -> str | None:
    """What the place is to hold under `config`; None where the parameter is unset or inactive in it."""
    value = config.get(one.parameter.name)
    return None if value is None else one.text(value)
