"""Every value that an expression can have where its names have sets of values."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from itertools import product
from typing import Any, NamedTuple

from autotune.core.expression import Expression

_HUGE = 1e300
"""Beyond it a calculation may overflow, which is no value."""

_LARGEST_POWER = 64
_LARGEST_BASE = 1e12
_NOTHING: frozenset[str | None] = frozenset()


class Spread(NamedTuple):
    """A set that holds all values of a name or an expression: numbers from `low` to `high`, and `others`.

    `low` above `high`: no number. Others are texts and None; `others` None: anything. True and false are the
    numbers 1 and 0. `fails`: for some of the names' values there may be no value at all.
    """

    low: float = math.inf
    high: float = -math.inf
    others: frozenset[str | None] | None = _NOTHING
    fails: bool = False

    @property
    def numbers(self) -> bool:
        """Whether a number is among them."""
        return self.low <= self.high

    @property
    def empty(self) -> bool:
        """Whether it holds nothing."""
        return self.low > self.high and self.others == _NOTHING

    @property
    def can_be_true(self) -> bool:
        """Whether a value counts as true."""
        number = self.low <= self.high and not self.low == self.high == 0
        return number or self.others is None or any(self.others)

    @property
    def can_be_false(self) -> bool:
        """Whether a value counts as false."""
        return self.low <= 0 <= self.high or self.others is None or not all(self.others)

    def without_unset(self) -> Spread:
        """The set without None."""
        return self if self.others is None else self._replace(others=self.others - {None})


ANYTHING = Spread(-math.inf, math.inf, None, fails=True)
_FAILS = Spread(fails=True)


def of_values(values: Iterable[bool | float | str | None]) -> Spread:
    """The smallest set that holds these values."""
    low, high, others = math.inf, -math.inf, set()
    for value in values:
        if isinstance(value, (int, float)):
            low, high = min(low, value), max(high, value)
        else:
            others.add(value)
    return Spread(low, high, frozenset(others))


def enclosed(expression: Expression, known: Mapping[str, Spread]) -> Spread:
    """A set that holds every value of `expression`; a name that is not in `known` can be anything.

    The natural interval extension (Moore 1966): each construct by itself, so that it holds all values and
    perhaps some more where a name occurs twice. Over single values it is the value itself.
    """
    return _of(expression.tree, known)


def _of(node: ast.expr, known: Mapping[str, Spread]) -> Spread:
    arm = _ARMS.get(type(node))
    return ANYTHING if arm is None else arm(node, known)


def _truth(*, true: bool, false: bool, fails: bool) -> Spread:
    return Spread(0 if false else 1, 1 if true else 0, _NOTHING, fails)


def _constant(node: Any, known: Mapping[str, Spread]) -> Spread:
    del known
    return of_values([node.value])


def _name(node: Any, known: Mapping[str, Spread]) -> Spread:
    if isinstance(node, ast.Attribute):
        return known.get(ast.unparse(node), ANYTHING)
    constant = _CONSTANTS.get(node.id)
    return constant or known.get(node.id, ANYTHING)


_CONSTANTS = {"true": Spread(1, 1), "false": Spread(0, 0), "unset": Spread(others=frozenset({None}))}


def _binary(node: Any, known: Mapping[str, Spread]) -> Spread:
    left, right = _of(node.left, known), _of(node.right, known)
    fails = left.fails or right.fails or left.others != _NOTHING or right.others != _NOTHING
    if not (left.numbers and right.numbers):
        return _FAILS
    return _calculated(_CALCULATED[type(node.op)], left, right, fails=fails)


def _calculated(
    how: Callable[[Spread, Spread], tuple[float, float, bool]], left: Spread, right: Spread, *, fails: bool
) -> Spread:
    try:
        low, high, may_fail = how(left, right)
    except (ArithmeticError, ValueError, TypeError):
        return Spread(-math.inf, math.inf, _NOTHING, fails=True)
    if low != low or high != high:  # noqa: PLR0124  NaN, as of 0 times infinity
        return Spread(-math.inf, math.inf, _NOTHING, fails=True)
    return Spread(low, high, _NOTHING, fails or may_fail or low < -_HUGE or high > _HUGE)


def _sum(left: Spread, right: Spread) -> tuple[float, float, bool]:
    return left.low + right.low, left.high + right.high, False


def _difference(left: Spread, right: Spread) -> tuple[float, float, bool]:
    return left.low - right.high, left.high - right.low, False


def _corners(how: Callable[[Any, Any], float], left: Spread, right: Spread) -> tuple[float, float, bool]:
    """The ends of what grows or falls in each operand over the whole of the other."""
    found = [how(a, b) for a in (left.low, left.high) for b in (right.low, right.high)]
    if any(x != x for x in found):  # noqa: PLR0124  NaN
        return -math.inf, math.inf, True
    return min(found), max(found), False


def _product(left: Spread, right: Spread) -> tuple[float, float, bool]:
    return _corners(operator.mul, left, right)


def _divided(how: Callable[[Any, Any], float]) -> Callable[[Spread, Spread], tuple[float, float, bool]]:
    def divided(left: Spread, right: Spread) -> tuple[float, float, bool]:
        if right.low > 0 or right.high < 0:
            return _corners(how, left, right)
        if right.low == right.high:  # zero alone
            return math.inf, -math.inf, True
        return -math.inf, math.inf, True

    return divided


def _remainder(left: Spread, right: Spread) -> tuple[float, float, bool]:
    if left.low == left.high and right.low == right.high and right.low:
        value = left.low % right.low
        return value, value, False
    if right.low > 0:
        inside = left.low >= 0 and left.high < right.low
        return (left.low, left.high, False) if inside else (0, right.high, False)
    if right.high < 0:
        return right.low, 0, False
    return min(right.low, 0), max(right.high, 0), True


def _power(left: Spread, right: Spread) -> tuple[float, float, bool]:
    beyond = (
        max(abs(right.low), abs(right.high)) > _LARGEST_POWER or max(-left.low, left.high) > _LARGEST_BASE
    )
    if left.low > 0 or (left.low == 0 and right.low >= 0):
        low, high, fails = _corners(operator.pow, left, right)
        return low, high, fails or beyond
    if right.low == right.high and right.low >= 0 and right.low == int(right.low):
        ends = (left.low**right.low, left.high**right.low)
        low = min(0, *ends) if left.low <= 0 <= left.high else min(ends)
        return low, max(ends), beyond
    return -math.inf, math.inf, True


_CALCULATED: dict[type[ast.operator], Callable[[Spread, Spread], tuple[float, float, bool]]] = {
    ast.Add: _sum,
    ast.Sub: _difference,
    ast.Mult: _product,
    ast.Div: _divided(operator.truediv),
    ast.FloorDiv: _divided(operator.floordiv),
    ast.Mod: _remainder,
    ast.Pow: _power,
}


def _unary(node: Any, known: Mapping[str, Spread]) -> Spread:
    inner = _of(node.operand, known)
    if isinstance(node.op, ast.Not):
        return _truth(true=inner.can_be_false, false=inner.can_be_true, fails=inner.fails)
    if not inner.numbers:
        return _FAILS
    low, high = (-inner.high, -inner.low) if isinstance(node.op, ast.USub) else (inner.low, inner.high)
    return Spread(low, high, _NOTHING, inner.fails or inner.others != _NOTHING)


def _logic(node: Any, known: Mapping[str, Spread]) -> Spread:
    """`and` up to the first false part, `or` up to the first true one."""
    stops_at_true = isinstance(node.op, ast.Or)
    stopped, fails = False, False
    for part in node.values:
        inner = _of(part, known)
        fails = fails or inner.fails
        stops, goes_on = inner.can_be_true, inner.can_be_false
        if not stops_at_true:
            stops, goes_on = goes_on, stops
        stopped = stopped or stops
        if not goes_on:
            return _truth(true=stopped and stops_at_true, false=stopped and not stops_at_true, fails=fails)
    return _truth(
        true=stopped if stops_at_true else True, false=True if stops_at_true else stopped, fails=fails
    )


def _compare(node: Any, known: Mapping[str, Spread]) -> Spread:
    """A chain up to its first false link."""
    left = _of(node.left, known)
    false, fails = False, left.fails
    for op, part in zip(node.ops, node.comparators, strict=True):
        if isinstance(op, (ast.In, ast.NotIn)):
            link = _member(op, left, part, known)
            right = ANYTHING
        else:
            right = _of(part, known)
            link = _related(op, left, right)
        fails = fails or link.fails or (right.fails and not isinstance(op, (ast.In, ast.NotIn)))
        false = false or link.can_be_false
        if not link.can_be_true:
            return _truth(true=False, false=false, fails=fails)
        left = right
    return _truth(true=True, false=false, fails=fails)


def _related(op: ast.cmpop, left: Spread, right: Spread) -> Spread:
    if isinstance(op, ast.Eq):
        return _equal(left, right)
    if isinstance(op, ast.NotEq):
        same = _equal(left, right)
        return _truth(true=same.can_be_false, false=same.can_be_true, fails=same.fails)
    return _ordered(op, left, right)


def _equal(left: Spread, right: Spread) -> Spread:
    if left.others is None or right.others is None:
        return _truth(true=True, false=True, fails=False)
    number = left.numbers and right.numbers
    overlap = number and left.low <= right.high and right.low <= left.high
    common = left.others & right.others
    count = len(left.others | right.others) + left.numbers + right.numbers * (not number)
    same = count == 1 and (bool(common) or left.low == left.high == right.low == right.high)
    return _truth(true=overlap or bool(common), false=not same, fails=False)


def _ordered(op: ast.cmpop, left: Spread, right: Spread) -> Spread:
    if left.others is None or right.others is None:
        return _truth(true=True, false=True, fails=True)
    true = false = False
    if left.numbers and right.numbers:
        true, false = _number_order(op, left, right)
    fails = bool(left.others and right.numbers) or bool(right.others and left.numbers)
    for one, other in product(left.others, right.others):
        if one is None or other is None:
            fails = True
        elif _TEXT_ORDER[type(op)](one, other):
            true = True
        else:
            false = True
    return _truth(true=true, false=false, fails=fails)


def _number_order(op: ast.cmpop, left: Spread, right: Spread) -> tuple[bool, bool]:
    """Whether the comparison can be true, and whether it can be false."""
    if isinstance(op, ast.Lt):
        return left.low < right.high, left.high >= right.low
    if isinstance(op, ast.LtE):
        return left.low <= right.high, left.high > right.low
    if isinstance(op, ast.Gt):
        return left.high > right.low, left.low <= right.high
    return left.high >= right.low, left.low < right.high


_TEXT_ORDER: dict[type[ast.cmpop], Callable[[str, str], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def _member(op: ast.cmpop, left: Spread, part: ast.expr, known: Mapping[str, Spread]) -> Spread:
    if not isinstance(part, (ast.List, ast.Tuple)):
        return _truth(true=True, false=True, fails=True)
    members = [_of(element, known) for element in part.elts]
    same = [_equal(left, member) for member in members]
    true, false = any(s.can_be_true for s in same), all(s.can_be_false for s in same)
    fails = any(member.fails for member in members)
    if isinstance(op, ast.NotIn):
        true, false = false, true
    return _truth(true=true, false=false, fails=fails)


def _choice(node: Any, known: Mapping[str, Spread]) -> Spread:
    test = _of(node.test, known)
    branches = [
        _of(branch, known)
        for branch, possible in ((node.body, test.can_be_true), (node.orelse, test.can_be_false))
        if possible
    ]
    found = reduce(_either, branches, Spread())
    return found._replace(fails=found.fails or test.fails)


def _either(one: Spread, other: Spread) -> Spread:
    others = None if one.others is None or other.others is None else one.others | other.others
    return Spread(min(one.low, other.low), max(one.high, other.high), others, one.fails or other.fails)


def _call(node: Any, known: Mapping[str, Spread]) -> Spread:
    given = [_of(argument, known) for argument in node.args]
    if not given or any(one.others is None for one in given):
        return ANYTHING
    fails = any(one.fails or one.others for one in given)
    name = node.func.id
    if name in {"max", "min"} and len(given) > 1 and not any(one.others for one in given):
        return _extreme(name, given, fails=fails)
    if len(given) > 1 or name not in _GROWING | {"abs"}:
        return ANYTHING
    (one,) = given
    if not one.numbers:
        return _FAILS
    if name == "abs":
        ends = (abs(one.low), abs(one.high))
        return Spread(0 if one.low <= 0 <= one.high else min(ends), max(ends), _NOTHING, fails)
    return _grown(name, one, fails=fails)


def _extreme(name: str, given: Sequence[Spread], *, fails: bool) -> Spread:
    pick: Callable[[Iterable[float]], float] = max if name == "max" else min
    if not all(one.numbers for one in given):
        return _FAILS
    return Spread(pick(one.low for one in given), pick(one.high for one in given), _NOTHING, fails)


_GROWING = frozenset({"ceil", "floor", "log2", "round", "sqrt"})
_GROWS: dict[str, Callable[[Any], float]] = {
    "ceil": math.ceil,
    "floor": math.floor,
    "log2": math.log2,
    "round": round,
    "sqrt": math.sqrt,
}


def _grown(name: str, one: Spread, *, fails: bool) -> Spread:
    """A function that never falls, between what it makes of the ends."""
    low, high = one.low, one.high
    if name in {"log2", "sqrt"}:
        if high < 0 or (high == 0 and name == "log2"):
            return _FAILS
        if low < 0 or (low == 0 and name == "log2"):
            lowest = -math.inf if name == "log2" else 0
            return Spread(lowest, _end(name, high), _NOTHING, fails=True)
    return Spread(_end(name, low), _end(name, high), _NOTHING, fails)


def _end(name: str, value: float) -> float:
    return value if math.isinf(value) else _GROWS[name](value)


_ARMS: dict[type[ast.expr], Callable[[Any, Mapping[str, Spread]], Spread]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _name,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _logic,
    ast.Compare: _compare,
    ast.IfExp: _choice,
    ast.Call: _call,
}
