"""Parameters that are keyword arguments of a Python function."""

from __future__ import annotations

import keyword
from dataclasses import replace

from autotune.model.space import Parameter, Value
from autotune.model.workload import Applied, Workload


class Arguments:
    """Passes the value as the keyword argument of the parameter's name, as bool, number or text."""

    def problem(self, parameter: Parameter, workload: Workload) -> str:
        """Says when the workload is no Python function, or the name cannot be an argument's."""
        name = parameter.name
        if workload.python is None:
            return (
                f"parameter '{name}' is applied as an argument, which only workloads of driver python take."
            )
        if not name.isidentifier() or keyword.iskeyword(name):
            return (
                f"parameter '{name}' is applied as an argument, but Python allows no argument of that name."
            )
        return ""

    def apply(self, parameter: Parameter, value: Value, applied: Applied) -> Applied:
        """`applied` with the value among its arguments."""
        return replace(applied, arguments={**applied.arguments, parameter.name: value})
