"""The workload and the configuration that `bench` measures."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autotune.core import strict_yaml
from autotune.core.errors import UsageError
from autotune.core.hint import did_you_mean
from autotune.flow.profile_settings import spread, without_value
from autotune.model.space import Config, Space, Value, shown
from autotune.model.study import Study
from autotune.model.workload import Load, Workload
from autotune.study.assemble import assembled
from autotune.study.current import Read
from autotune.study.kind import kind_of
from autotune.study.load import load, load_workload
from autotune.study.schema.read import Mistake, known_keys
from autotune.study.schema.study import StudyForm
from autotune.study.schema.workload import LoadForm, WorkloadForm
from autotune.study.source import is_study
from autotune.study.values import config as checked

_LOAD_KEYS = {"rate": "rate_per_s", "users": "users", "concurrency": "at_once"}
"""What of a load can be swept, by its key in a file."""

_OF_LOAD = LoadForm.model_fields.keys() - WorkloadForm.model_fields.keys()


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A workload under one configuration; `base` holds the values of inactive parameters too.

    `study` is the one that the workload was read for, if any.
    """

    workload: Workload
    base: Config
    study: Study | None = None

    @property
    def config(self) -> dict[str, Value]:
        """The configuration, without inactive parameters."""
        return self.workload.space.pruned(self.base)

    def at(self, name: str, value: float) -> Target:
        """The same with a parameter or a key of the load at `value`; raises UsageError for a wrong one."""
        load = self.workload.load
        if name in self.workload.space.names:
            whole = self.workload.space[name].kind != "float"
            return _checked(self, {name: int(value) if whole else value}, f"--sweep {name}")
        if load is None or name not in _LOAD_KEYS:
            known = [*self.workload.space.names, *(_LOAD_KEYS if load else ())]
            raise UsageError(
                f"--sweep {name}: there is no such parameter. Known: {', '.join(known) or 'none'}."
            )
        return replace(self, workload=replace(self.workload, load=_swept(load, name, value)))


def from_file(
    path: Path,
    settings: Sequence[str],
    facts: Mapping[str, Value],
    *,
    read: Read | None = None,
    option: str = "--set",
) -> Target:
    """The workload in a workload or study file, under its defaults (a study's: its baseline) and `settings`.

    A setting `k=v` is a parameter's value, else a key of the file as in `--set duration=5s`; one without an
    equals sign is a profile's file, and means all of its values. `read` tells what the machine holds, for the
    default `current`. Raises FileError or UsageError for what is wrong in either; `option` is where a setting
    was given.
    """
    workload_data = _workload_data(path)
    names = _parameter_names(workload_data)
    words, settings = settings, spread(settings, names, option)
    given = {s.partition("=")[0]: s for s in settings if s.partition("=")[0] in names}
    overrides = [s for s in settings if s.partition("=")[0] not in names]
    of_study = kind_of(path) == "study"
    if isinstance(workload_data.get("load"), dict):
        _refuse_keys_of_load(overrides, "workload." if of_study else "", option)
    _refuse_unknown(overrides, names, known_keys(StudyForm if of_study else WorkloadForm, ()), option)
    study: Study | None = None
    if of_study:
        study = load(path, facts=facts, overrides=overrides, read=read, untuned=True)
        workload, baseline = study.workload, study.baseline
    else:
        workload, baseline = load_workload(path, facts=facts, overrides=overrides, read=read), {}
    base = {**{p.name: p.default for p in workload.space.parameters}, **baseline}
    inactive = {p.name for p in workload.space.parameters if not p.contains(None)} & without_value(words)
    values = {name: _value(text, option) for name, text in given.items() if name not in inactive}
    return _checked(Target(workload=workload, base=base, study=study), values, option)


def from_command(argv: Sequence[str], *, timeout_s: float) -> Target:
    """A bare command in the current folder: no parameters, no metrics beside what it costs."""
    command = tuple(word.replace("{", "{{").replace("}", "}}") for word in argv)
    workload = Workload(
        name=Path(argv[0]).name,
        driver="command",
        folder=Path.cwd(),
        command=command,
        metrics=(),
        space=Space(parameters=()),
        timeout_s=timeout_s,
    )
    return Target(workload=workload, base={})


def _workload_data(path: Path) -> Mapping[str, Any]:
    """The workload as its file says it; empty where that is no mapping."""
    data = assembled(path, ()).data
    workload = data.get("workload") if is_study(data) else data
    return workload if isinstance(workload, dict) else {}


def _refuse_unknown(
    overrides: Sequence[str], parameters: Collection[str], keys: Sequence[str], option: str
) -> None:
    """Raises UsageError where a setting names neither a parameter nor a key of the file."""
    for text in overrides:
        name = text.partition("=")[0].split(".")[0]
        if name not in keys:
            known = f"Its parameters: {', '.join(parameters)}." if parameters else "It has no parameters."
            hint = did_you_mean(name, [*parameters, *keys])
            raise UsageError(f"{option} {text}: the file has no parameter and no key '{name}'. {known}{hint}")


def _parameter_names(workload: Mapping[str, Any]) -> tuple[str, ...]:
    parameters = workload.get("parameters")
    return tuple(map(str, parameters)) if isinstance(parameters, dict) else ()


def _refuse_keys_of_load(overrides: Sequence[str], where: str, option: str) -> None:
    """Raises UsageError where one names a key of the load as if it were the workload's."""
    for text in overrides:
        key = text.partition("=")[0]
        if key in _OF_LOAD:
            unit = "/s" if key == "rate" and "/" not in text else ""
            raise UsageError(
                f"{option} {text}: '{key}' is a key of the load. Write {option} {where}load.{text}{unit}"
            )


def _value(text: str, option: str) -> Any:
    return strict_yaml.load(text.partition("=")[2], f"{option} {text}").data


def _checked(target: Target, values: Mapping[str, Any], where: str) -> Target:
    """`target` with `values`, which have to be in their domains and satisfy every constraint."""
    mistakes: list[Mistake] = []
    space = target.workload.space
    changes = checked(space, values, (), known=space.names, mistakes=mistakes)
    found = replace(target, base={**target.base, **changes})
    if mistakes:
        raise UsageError("\n".join(f"{where}: {mistake.message}" for mistake in mistakes))
    broken = space.violated(found.config)
    if broken:
        known = ", ".join(f"{name} is {shown(value)}" for name, value in found.config.items())
        raise UsageError(f"{where}: '{broken[0]}' does not hold: {known}.")
    return found


def _swept(load: Load, name: str, value: float) -> Load:
    if name in {"rate", "users"}:
        load = replace(load, rate_per_s=None, users=None)
    number = value if name == "rate" else int(value)
    changed: dict[str, Any] = {_LOAD_KEYS[name]: number}
    return replace(load, **changed)
