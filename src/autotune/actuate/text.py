"""A parameter's value as the system reads it."""

from __future__ import annotations

from autotune.model.space import Parameter, Value


def as_text(value: Value) -> str:
    """`value` in full: `true` and `false`, a float so that it reads back the same, text as it is."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def nul_problem(parameter: Parameter) -> str:
    """Why a value of `parameter` fits neither argv nor environment; empty where all do."""
    listed = (*parameter.values, *parameter.special, parameter.default)
    if any(isinstance(value, str) and "\0" in value for value in listed):
        return (
            f"parameter '{parameter.name}' has a value with a NUL character, which no process can be given."
        )
    return ""
