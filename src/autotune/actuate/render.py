"""Files made from a template and a configuration, in a language that can do nothing else."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, meta, nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment

from autotune.actuate.text import as_text
from autotune.core.errors import WorkloadError
from autotune.model.space import Value

_LARGEST = 1 << 20
"""Bytes of a template, and of the file made from it."""

_FILTERS = ("default", "int", "lower", "round", "upper")
_TESTS = ("defined", "undefined")
_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Const,
    nodes.Name,
    nodes.If,
    nodes.CondExpr,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Neg,
    nodes.Pos,
    nodes.Add,
    nodes.Sub,
    nodes.Mul,
    nodes.Div,
    nodes.FloorDiv,
    nodes.Mod,
    nodes.Filter,
    nodes.Test,
)


class _Numbers(SandboxedEnvironment):
    """Calculates with numbers only: text times a number could fill the memory."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        for operand in (left, right):
            if not isinstance(operand, (int, float)):
                raise SecurityError(f"'{operator}' needs numbers, not {type(operand).__name__}")
        return super().call_binop(context, operator, left, right)


def _finalize(value: Any) -> Any:
    if isinstance(value, (str, StrictUndefined)):
        return value
    if not isinstance(value, (int, float)):
        raise SecurityError(f"a {type(value).__name__} is no value to write")
    return as_text(value)


_ENVIRONMENT = _Numbers(
    undefined=StrictUndefined,
    keep_trailing_newline=True,
    finalize=_finalize,
)
_ENVIRONMENT.filters = {name: _ENVIRONMENT.filters[name] for name in _FILTERS}
_ENVIRONMENT.tests = {name: _ENVIRONMENT.tests[name] for name in _TESTS}
_ENVIRONMENT.globals = {}


def render(template: Path, values: Mapping[str, Value], file: Path) -> None:
    """Writes the new `file`: `template` with `values` in it.

    The language is placeholders, if/else, comparisons, arithmetic and the filters default, int, lower, round
    and upper. Raises WorkloadError for anything else in it, for an undefined name, and beyond 1 MiB; OSError
    where the file cannot be written or is there already.
    """
    tree = _parsed(template)
    pieces: list[str] = []
    room = _LARGEST
    try:
        for piece in _ENVIRONMENT.from_string(tree).generate(dict(values)):
            pieces.append(piece)
            room -= len(piece)
            if room < 0:
                raise WorkloadError(f"template {template} renders to more than {_LARGEST >> 20} MiB.")
    except (TemplateError, ArithmeticError, TypeError, ValueError) as error:
        raise WorkloadError(f"template {template} cannot be rendered: {error}.") from error
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(file, flags, 0o600), "w", encoding="utf-8") as stream:
        stream.writelines(pieces)


def names(template: Path) -> frozenset[str]:
    """Names that the template needs; raises WorkloadError where it cannot be read or used."""
    return frozenset(meta.find_undeclared_variables(_parsed(template)))


def _parsed(template: Path) -> nodes.Template:
    try:
        with template.open("rb") as stream:
            source = stream.read(_LARGEST + 1)
        if len(source) > _LARGEST:
            raise WorkloadError(f"template {template} is larger than {_LARGEST >> 20} MiB.")
        tree = _ENVIRONMENT.parse(source.decode())
    except OSError as error:
        raise WorkloadError(f"template {template} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise WorkloadError(f"template {template} is not UTF-8 text.") from error
    except RecursionError as error:
        raise WorkloadError(f"template {template} is nested too deeply.") from error
    except TemplateSyntaxError as error:
        raise WorkloadError(f"{template}:{error.lineno}: {error.message}") from error
    _check(tree, template)
    return tree


def _check(tree: nodes.Template, template: Path) -> None:
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, _ALLOWED):
            what = type(node).__name__.lower()
            raise WorkloadError(f"{template}:{node.lineno}: '{what}' is not allowed in a template.")
        allowed = _FILTERS if isinstance(node, nodes.Filter) else _TESTS
        if isinstance(node, (nodes.Filter, nodes.Test)) and node.name not in allowed:
            raise WorkloadError(
                f"{template}:{node.lineno}: '{node.name}' is not known in a template. "
                f"Known: {', '.join(allowed)}."
            )
