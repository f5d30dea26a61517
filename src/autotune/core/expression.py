"""The one safe evaluator, for constraints, conditions, risks and limits."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

_LONGEST = 1000
_MOST_NODES = 200
_LARGEST_POWER = 64
_LARGEST_BASE = 1e12  # powers of powers would grow without end

_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
}
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": abs,
    "ceil": math.ceil,
    "floor": math.floor,
    "log2": math.log2,
    "max": max,
    "min": min,
    "round": round,
    "sqrt": math.sqrt,
}
_CONSTANTS: dict[str, Any] = {"true": True, "false": False, "unset": None}


class ExpressionError(ValueError):
    """An expression that cannot be read, or has no value for what it was given."""


@dataclass(frozen=True, slots=True)
class Expression:
    """Arithmetic, comparisons, `and or not in`, and a few functions over names such as `a` and `host.cpus`.

    `names` are the names that it needs, dotted ones whole; `tree` holds allowed constructs alone. Made by
    `parse`.
    """

    source: str
    names: frozenset[str]
    tree: ast.expr = field(repr=False, compare=False, hash=False)

    def evaluate(self, values: Mapping[str, Any]) -> Any:
        """Its value; raises ExpressionError for a missing name, a wrong type or a number out of range."""
        try:
            return _value(self.tree, values)
        except (TypeError, ValueError, ArithmeticError) as error:
            raise ExpressionError(f"'{self.source}' has no value: {error}") from error

    def __str__(self) -> str:
        return self.source


@lru_cache(maxsize=1024)
def parse(source: str) -> Expression:
    """The expression that `source` spells; raises ExpressionError, saying what is not understood."""
    if len(source) > _LONGEST:
        raise ExpressionError(f"longer than {_LONGEST} characters")
    try:
        tree = ast.parse(source.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionError(f"'{source}' is not an expression") from error
    if sum(1 for _ in ast.walk(tree)) > _MOST_NODES:
        raise ExpressionError(f"more than {_MOST_NODES} parts")
    return Expression(source, frozenset(_names(tree)), tree)


def _names(node: ast.expr) -> set[str]:  # noqa: PLR0911  one arm for each construct
    """Names used in `node`; refuses every construct that is not in the language."""
    match node:
        case ast.Constant(value=bool() | int() | float() | str()):
            return set()
        case ast.Name() | ast.Attribute():
            name = _dotted(node)
            return set() if name in _CONSTANTS else {name}
        case ast.BinOp(op=op) if type(op) in _BINARY:
            return _names(node.left) | _names(node.right)
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() | ast.Not()):
            return _names(node.operand)
        case ast.BoolOp():
            return set().union(*map(_names, node.values))
        case ast.Compare(ops=ops) if all(type(op) in _COMPARE for op in ops):
            return _names(node.left).union(*map(_names, node.comparators))
        case ast.Call(func=ast.Name(id=function), keywords=[]) if function in _FUNCTIONS:
            return set().union(*map(_names, node.args))
        case ast.IfExp():
            return _names(node.test) | _names(node.body) | _names(node.orelse)
        case ast.List() | ast.Tuple():
            return set().union(*map(_names, node.elts))
    raise ExpressionError(f"'{ast.unparse(node)}' is not allowed in an expression")


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    raise ExpressionError(f"'{ast.unparse(node)}' is not allowed in an expression")


def _value(node: ast.expr, values: Mapping[str, Any]) -> Any:  # noqa: C901, PLR0911  one arm for each construct
    match node:
        case ast.Constant():
            return node.value
        case ast.Name() | ast.Attribute():
            return _lookup(_dotted(node), values)
        case ast.BinOp():
            return _binary(node, values)
        case ast.UnaryOp(op=ast.Not()):
            return not _value(node.operand, values)
        case ast.UnaryOp():
            operand = _value(node.operand, values)
            return -operand if isinstance(node.op, ast.USub) else +operand
        case ast.BoolOp():
            wanted = any if isinstance(node.op, ast.Or) else all
            return wanted(_value(part, values) for part in node.values)
        case ast.Compare():
            return _chain(node, values)
        case ast.Call(func=ast.Name(id=function)):
            return _FUNCTIONS[function](*(_value(a, values) for a in node.args))
        case ast.IfExp():
            return _value(node.body if _value(node.test, values) else node.orelse, values)
        case ast.List() | ast.Tuple():
            return [_value(part, values) for part in node.elts]
    raise ExpressionError(f"'{ast.unparse(node)}' is not allowed in an expression")


def _lookup(name: str, values: Mapping[str, Any]) -> Any:
    if name in _CONSTANTS:
        return _CONSTANTS[name]
    if name not in values:
        raise ExpressionError(f"'{name}' is not known")
    return values[name]


def _binary(node: ast.BinOp, values: Mapping[str, Any]) -> Any:
    left, right = _value(node.left, values), _value(node.right, values)
    if not isinstance(left, (int, float)) or not isinstance(right, (int, float)):
        raise TypeError("only numbers can be calculated with")
    if isinstance(node.op, ast.Pow) and (abs(right) > _LARGEST_POWER or abs(left) > _LARGEST_BASE):
        raise ValueError(f"power above {_LARGEST_POWER} or of a number above {_LARGEST_BASE:g}")
    return _BINARY[type(node.op)](left, right)


def _chain(node: ast.Compare, values: Mapping[str, Any]) -> bool:
    left = _value(node.left, values)
    for op, part in zip(node.ops, node.comparators, strict=True):
        right = _value(part, values)
        if not _COMPARE[type(op)](left, right):
            return False
        left = right
    return True
