"""Parameters that stand in a rendered file."""

from __future__ import annotations

from autotune.actuate import render
from autotune.core.errors import WorkloadError
from autotune.model.space import Parameter, Value
from autotune.model.workload import Applied, Workload


class Template:
    """Leaves the value to the workload's files, which are rendered once all parameters are known."""

    def problem(self, parameter: Parameter, workload: Workload) -> str:
        """Says when no template of the workload names the parameter; `problems` tells of broken ones."""
        try:
            named = (render.names(path) for path in workload.files.values())
            if any(parameter.name in names for names in named):
                return ""
        except WorkloadError:
            return ""
        return (
            f"parameter '{parameter.name}' is applied by template, but none of the workload's files names it."
        )

    def apply(self, parameter: Parameter, value: Value, applied: Applied) -> Applied:
        """`applied` as it is: the file carries the value."""
        del parameter, value
        return applied
