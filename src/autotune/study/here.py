"""Places that have another name on each machine, written out as this one calls them."""

from __future__ import annotations

import os
from pathlib import Path

from autotune.core import registry
from autotune.core.errors import WorkloadError
from autotune.model.ports import Settling
from autotune.model.space import Apply
from autotune.study.schema.workload import WorkloadForm


def settle(form: WorkloadForm, *, base: Path) -> None:
    """Writes into `form` the names that places of the machine have here, as `{disk}` in a path of sysfs.

    So the recorded study and the profile say what was changed. Raises WorkloadError where there is no name.
    """
    folder = Path(os.path.abspath(base / form.folder))  # noqa: PTH100  resolve() would follow links
    known = set(registry.names("actuators"))
    for name, parameter in form.parameters.items():
        given = parameter.apply
        actuator = next(iter(given), "") if isinstance(given, dict) else ""
        if not isinstance(given, dict) or actuator not in known:
            continue
        kind = registry.load("actuators", actuator)()
        if not isinstance(kind, Settling):
            continue
        options = {("name" if key == actuator else key): text for key, text in given.items()}
        try:
            found = dict(kind.settled(Apply(actuator=actuator, options=options), folder).options)
        except WorkloadError as error:
            raise WorkloadError(f"parameter '{name}': {error}") from error
        parameter.apply = {actuator: found.pop("name"), **found}
