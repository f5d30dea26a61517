"""Parameters that stand in a rendered file."""

from __future__ import annotations

from autotune.model.space import Parameter, Value
from autotune.model.workload import Applied, Workload


class Template:
    """Leaves the value to the workload's files, which are rendered once all parameters are known."""

    def problem(self, parameter: Parameter, workload: Workload) -> str:
        """Says when there is no file to render."""
        if workload.files:
            return ""
        return f"parameter '{parameter.name}' is applied by template, and the workload has no files."

    def apply(self, parameter: Parameter, value: Value, applied: Applied) -> Applied:
        """`applied` as it is: the file carries the value."""
        del parameter, value
        return applied
