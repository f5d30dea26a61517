"""Where the changes of a profile belong on this machine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from autotune.core import registry
from autotune.core.errors import UsageError
from autotune.model.ports import HostActuator
from autotune.model.profile import Change, Profile
from autotune.model.space import Apply
from autotune.model.target import Target

NO_SERVICE = "none"
"""What stands for a service that the user restarts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """What only this machine knows of a profile: the path of each file, and the unit of each service."""

    files: Mapping[str, Path] = field(default_factory=dict)
    services: Mapping[str, str] = field(default_factory=dict)

    def specs(self) -> dict[str, dict[str, Any]]:
        """The services as the journal describes them."""
        return {
            name: {"kind": "unit", "unit": unit} for name, unit in self.services.items() if unit != NO_SERVICE
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One change as it is made here: `apply` with its path on this machine, the place, the text for it."""

    change: Change
    apply: Apply
    target: Target
    asked: str | None


def steps(profile: Profile, places: Places) -> tuple[Step, ...]:
    """A step for each change of the profile that is one of the machine's, in the profile's order.

    Raises UsageError where the profile names a file or a service that `places` does not, or the other way
    round, and where it changes a place twice; WorkloadError where this machine has no such place.
    """
    if unknown := sorted({*places.files, *places.services} - _names(profile)):
        raise UsageError(f"profile '{profile.name}' names no file and no service '{unknown[0]}'.")
    found = tuple(
        step for change in profile.changes if (step := _step(change, places, profile.name)) is not None
    )
    touched = Counter(t.key for step in found for t in (step.target, *step.target.also))
    if double := [key for key, count in touched.items() if count > 1]:
        raise UsageError(f"profile '{profile.name}' changes {double[0]} more than once.")
    return found


def _names(profile: Profile) -> set[str]:
    """What the profile calls its files, databases and services."""
    options = [change.apply.options for change in profile.changes]
    return {o[key] for o in options for key in ("name", "database", "service") if key in o}


def elsewhere(profile: Profile) -> tuple[Change, ...]:
    """The changes that no machine keeps: they belong to the command line or environment of the program."""
    return tuple(change for change in profile.changes if _actuator(change.apply) is None)


def _step(change: Change, places: Places, profile: str) -> Step | None:
    actuator = _actuator(change.apply)
    if actuator is None:
        return None
    apply = _placed(change, places, profile)
    target = actuator.target(apply, Path("/"))
    needs = _needs(change, places, profile)
    return Step(
        change=change,
        apply=apply,
        target=replace(target, service=apply.options.get("service", "") if needs else "", needs=needs),
        asked=actuator.text(apply, change.after),
    )


def _actuator(apply: Apply) -> HostActuator | None:
    made = registry.load("actuators", apply.actuator)()
    return made if isinstance(made, HostActuator) else None


def _placed(change: Change, places: Places, profile: str) -> Apply:
    """The change's `apply` with the path on this machine instead of a bare name of a file."""
    apply = change.apply
    for option in ("name", "database"):
        name = apply.options.get(option, "")
        if (apply.actuator, option) not in {("file", "name"), ("pragma", "database")}:
            continue
        if name not in places.files:
            raise UsageError(
                f"profile '{profile}' changes {change.parameter} in the file '{name}'. "
                f"Say where that is on this machine: --file {name}=/path/to/{name}"
            )
        apply = replace(apply, options={**apply.options, option: str(places.files[name].absolute())})
    return apply


def _needs(change: Change, places: Places, profile: str) -> Literal["", "reload", "restart"]:
    """What the service of the change has to do, where it has one that autotune is to tell."""
    service = change.apply.options.get("service", "")
    if not service or change.scope == "runtime":
        return ""
    if service not in places.services:
        raise UsageError(
            f"profile '{profile}' needs service '{service}' to {change.scope} for {change.parameter}. Name "
            f"its systemd unit: --service {service}=NAME.service, or --service {service}={NO_SERVICE} and do "
            "it yourself."
        )
    if places.services[service] == NO_SERVICE:
        return ""
    return "reload" if change.scope == "reload" else "restart"
