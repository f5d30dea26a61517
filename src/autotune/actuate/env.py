"""Parameters that are environment variables."""

from __future__ import annotations

import re
from dataclasses import replace

from autotune.core.template import as_text
from autotune.model.space import Parameter, Value
from autotune.model.workload import Applied, Workload

_NAME = re.compile(r"[A-Z_a-z][A-Za-z0-9_]*")


class Env:
    """Sets the variable that option `name` names, for every command of the sample."""

    def problem(self, parameter: Parameter, workload: Workload) -> str:
        """Says when the option is missing, is no name of a variable, or is set for all samples already."""
        name = parameter.apply.options.get("name", "")
        if not _NAME.fullmatch(name):
            return (
                f"parameter '{parameter.name}' is applied by env, but '{name}' is no name of a variable: "
                f"letters, digits and _ are, not beginning with a digit."
            )
        if name in workload.env:
            return (
                f"parameter '{parameter.name}' sets variable {name}, which 'env:' of the workload sets too."
            )
        return ""

    def apply(self, parameter: Parameter, value: Value, applied: Applied) -> Applied:
        """`applied` with the value as text in its environment."""
        return replace(applied, env={**applied.env, parameter.apply.options["name"]: as_text(value)})
