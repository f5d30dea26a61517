"""Brings a whole configuration into a sample's own folder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from autotune.actuate.own import write_entries
from autotune.core import registry
from autotune.core.errors import WorkloadError
from autotune.core.template import render
from autotune.model.ports import Actuator, HostActuator
from autotune.model.space import Config, Scope, config_key
from autotune.model.workload import RESERVED_FILES, Applied, Workload

_NO_FACTS: Mapping[str, str | int] = {}
_FILE = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}")


def apply(
    workload: Workload, config: Config, folder: Path, *, facts: Mapping[str, str | int] = _NO_FACTS
) -> Applied:
    """What a sample under `config` receives; the workload's files are rendered into the new `folder`.

    Unset and inactive parameters are left out: a template sees them as undefined. Those of the machine are
    its session's to bring about, and only a template sees them here. `facts` are what templates see beside
    parameters. Raises WorkloadError where `folder` is
    there already or a template fails, OSError where nothing can be written.
    """
    try:
        folder.mkdir(mode=0o700, parents=True)
    except FileExistsError as error:
        raise WorkloadError(f"{folder} is there already: every sample needs a folder of its own.") from error
    values = {name: value for name, value in config.items() if value is not None}
    applied = Applied()
    for parameter in workload.space.parameters:
        if parameter.name in values:
            actuator = _actuator(parameter.apply.actuator)
            if isinstance(actuator, HostActuator):
                continue
            applied = actuator.apply(parameter, values[parameter.name], applied)
    for file, template in workload.files.items():
        _check_name(file)
        render(template, {**facts, **values}, folder / file)
    files = {*workload.files, *write_entries(workload.space.parameters, config, folder)}
    return replace(
        applied,
        files=frozenset(files),
        restart=_values(workload, config, "restart"),
        reload=_values(workload, config, "reload"),
    )


def _values(workload: Workload, config: Config, scope: Scope) -> str:
    """The values of the parameters of this scope as one text."""
    names = {p.name for p in workload.space.parameters if p.scope == scope}
    return config_key({name: value for name, value in config.items() if name in names})


def _check_name(file: str) -> None:
    if not _FILE.fullmatch(file) or file in RESERVED_FILES:
        raise WorkloadError(
            f"'{file}' cannot be the name of a rendered file: up to 64 of letters, digits, '.', '_' "
            f"and '-' can, not beginning with '.', and not {', '.join(sorted(RESERVED_FILES))}."
        )


@lru_cache
def _actuator(name: str) -> Actuator | HostActuator:
    found: Actuator | HostActuator = registry.load("actuators", name)()
    return found
