"""Files made from a template and a configuration, in a language that can do nothing else."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment

from autotune.core.errors import FileError, Problem, WorkloadError
from autotune.core.text_file import read_text

LARGEST = 1 << 20
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


def as_text(value: Any) -> str:
    """`value` in full: `true` and `false`, a float so that it reads back the same, text as it is."""
    return str(value).lower() if isinstance(value, bool) else str(value)


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


def render(template: Path, values: Mapping[str, Any], file: Path) -> None:
    """Writes the new `file`: `template` with `values` in it.

    The language is placeholders, if/else, comparisons, arithmetic and the filters default, int, lower, round
    and upper. Raises WorkloadError for anything else in it, for an undefined name, and beyond 1 MiB; OSError
    where the file cannot be written or is there already.
    """
    tree = _parsed(template)
    pieces: list[str] = []
    room = LARGEST
    try:
        for piece in _ENVIRONMENT.from_string(tree).generate(dict(values)):
            pieces.append(piece)
            room -= len(piece)
            if room < 0:
                raise WorkloadError(f"template {template} renders to more than {LARGEST >> 20} MiB.")
    except (TemplateError, ArithmeticError, TypeError, ValueError) as error:
        raise WorkloadError(f"template {template} cannot be rendered: {error}.") from error
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(file, flags, 0o600), "w", encoding="utf-8") as stream:
        stream.writelines(pieces)


def problems(source: str, file: str, known: Collection[str]) -> Iterator[tuple[str, Problem]]:
    """Every mistake in the template `source` of `file`, with the name that is not `known` (else empty)."""
    try:
        tree = _ENVIRONMENT.parse(source)
    except TemplateSyntaxError as error:
        yield "", Problem(file=file, line=error.lineno, column=1, message=str(error.message))
        return
    except RecursionError:
        yield "", Problem(file=file, line=1, column=1, message="this is nested too deeply")
        return
    refused = list(_refused(tree))
    for line, message in refused:
        yield "", Problem(file=file, line=line, column=1, message=message)
    found = [] if refused else [(_place(node, source), node.name) for node in tree.find_all(nodes.Name)]
    for (line, column), name in sorted(found):
        if name not in known:
            message = f"'{name}' is no parameter. Known: {', '.join(known)}"
            yield name, Problem(file=file, line=line, column=column, message=message)


def _place(node: nodes.Name, source: str) -> tuple[int, int]:
    """Line and column of the first time that the name stands in the node's line."""
    found = re.search(rf"\b{node.name}\b", source.splitlines()[node.lineno - 1])
    return node.lineno, found.start() + 1 if found else 1


def _parsed(template: Path) -> nodes.Template:
    try:
        source = read_text(template, largest=LARGEST)
    except FileError as error:
        raise WorkloadError(f"template {template} {error.problems[0].message}.") from error
    try:
        tree = _ENVIRONMENT.parse(source)
    except RecursionError as error:
        raise WorkloadError(f"template {template} is nested too deeply.") from error
    except TemplateSyntaxError as error:
        raise WorkloadError(f"{template}:{error.lineno}: {error.message}") from error
    for line, message in _refused(tree):
        raise WorkloadError(f"{template}:{line}: {message}.")
    return tree


def _refused(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """Line and reason of everything in `tree` that the language does not have."""
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, _ALLOWED):
            yield node.lineno, f"'{type(node).__name__.lower()}' is not allowed in a template"
        allowed = _FILTERS if isinstance(node, nodes.Filter) else _TESTS
        if isinstance(node, (nodes.Filter, nodes.Test)) and node.name not in allowed:
            yield node.lineno, f"'{node.name}' is not known in a template. Known: {', '.join(allowed)}"
