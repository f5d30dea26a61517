"""Expressions of a file, and the names in them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from autotune.core.expression import Expression, ExpressionError, parse
from autotune.core.hint import did_you_mean
from autotune.model.space import Parameter
from autotune.study.schema.read import Mistake, Path


def read_expression(
    text: str, path: Path, *, known: Collection[str], within: Path, mistakes: list[Mistake]
) -> Expression | None:
    """The expression, or None with the reason added to `mistakes`.

    `known` are the names it may use; the parameters among them are written at `within`.
    """
    try:
        expression = parse(text)
    except ExpressionError as error:
        mistakes.append(Mistake(path=path, message=f"{error}. Write it as in: a <= 2 * b"))
        return None
    for name in sorted(expression.names - set(known)):
        hint = did_you_mean(name, known)
        message = f"'{name}' in '{text}' is neither a parameter nor a fact of the host.{hint}"
        mistakes.append(Mistake(path=path, message=message, also=((*within, name),)))
    return expression


def circles(parameters: Sequence[Parameter], path: Path) -> Iterator[Mistake]:
    """A mistake for each parameter whose `when` depends, by way of others, on itself."""
    needs = {p.name: p.when.names if p.when else frozenset[str]() for p in parameters}
    for name in needs:
        way = _way_back(name, needs)
        if way:
            message = f"'when' goes in a circle: {' -> '.join([name, *way])}"
            yield Mistake(path=(*path, name, "when"), message=message)


def _way_back(name: str, needs: Mapping[str, frozenset[str]]) -> list[str]:
    """The names from `name` back to itself; empty where no way leads back."""
    ways, seen = [[step] for step in sorted(needs[name])], set[str]()
    while ways:
        way = ways.pop(0)
        if way[-1] == name:
            return way
        if way[-1] not in seen:
            seen.add(way[-1])
            ways.extend([*way, step] for step in sorted(needs.get(way[-1], ())))
    return []
