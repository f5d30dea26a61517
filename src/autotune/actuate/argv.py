"""Parameters that stand in the command line."""

from __future__ import annotations

from dataclasses import replace

from autotune.core.template import as_text
from autotune.model.space import Parameter, Value
from autotune.model.workload import PLACEHOLDERS, Applied, Workload


class Argv:
    """Fills `{name}` in the elements of the workload's commands; reset and check see it as well."""

    def problem(self, parameter: Parameter, workload: Workload) -> str:
        """Says when the name is taken, or no command names the parameter."""
        name = parameter.name
        if name in PLACEHOLDERS:
            return (
                f"parameter '{name}' is applied by argv, but {{{name}}} has a meaning of its own: rename it."
            )
        steps = (step.command for step in (workload.reset, workload.check) if step)
        load = (workload.load.url, *workload.load.command) if workload.load else ()
        start = workload.instance.start if workload.instance else ()
        elements = (element for argv in (workload.command, load, start, *steps) for element in argv)
        if not any(f"{{{name}}}" in element for element in elements):
            return f"parameter '{name}' is applied by argv, but no command of the workload names {{{name}}}."
        return ""

    def apply(self, parameter: Parameter, value: Value, applied: Applied) -> Applied:
        """`applied` with the value as text among its fields."""
        return replace(applied, fields={**applied.fields, parameter.name: as_text(value)})
