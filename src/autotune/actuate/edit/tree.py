"""Nested values with their places in a text, and the way of an entry through them."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from autotune.actuate.edit.lines import fault, line_of

_PART = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s."\[\]](?:[^."\[\]]*[^\s."\[\]])?')


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A member of a mapping or list: its name, where its key begins (a list's: its value), and its value."""

    name: str
    start: int
    node: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A value from `start` to `end` of the text; `value` is what a scalar holds, as `get` says it.

    `style` is how it is written: the quote or sign of a scalar, "{" and "[" or nothing of a collection.
    What is `shared` is named elsewhere (an anchor, an alias, a tag): it cannot be edited.
    """

    kind: Literal["mapping", "list", "scalar"]
    start: int
    end: int
    style: str = ""
    value: str = ""
    items: Sequence[Item] = field(default=())
    shared: bool = False

    def plain(self) -> object:
        """What it holds, without places: for comparison."""
        if self.kind == "scalar":
            return self.value
        if self.kind == "list":
            return [item.node.plain() for item in self.items]
        return {item.name: item.node.plain() for item in self.items}


@dataclass(frozen=True, slots=True)
class Found:
    """How far an entry leads: the nodes on its way, the root first, and the parts that are not there."""

    way: Sequence[Node]
    missing: Sequence[str]

    @property
    def node(self) -> Node:
        """The last node that is there."""
        return self.way[-1]


def parts(entry: str) -> list[str]:
    """The names in an entry: dots part them, a name with a dot stands in double quotes.

    Raises ValueError where it is no entry.
    """
    found: list[str] = []
    at = 0
    while (part := _PART.match(entry, at)) and (part.end() == len(entry) or entry[part.end()] == "."):
        name = part.group()
        found.append(json.loads(name) if name[0] == '"' else name)
        at = part.end() + 1
    if at != len(entry) + 1 or re.search(r"[\0\n\r]", entry):
        raise ValueError(
            f"'{entry}' is no entry: names with dots between them, such as server.port or list.0.name"
        )
    return found


def find(text: str, root: Node, names: Sequence[str]) -> Found:
    """How far `names` lead from `root`; raises ValueError where one is given twice or leads into a scalar."""
    way = [root]
    for depth, name in enumerate(names):
        node = way[-1]
        line = line_of(text, node.start)
        if node.shared:
            raise fault(
                line, f"'{_shown(names[:depth])}' has an anchor, alias or tag, which cannot be edited"
            )
        if node.kind == "scalar":
            if node.value == "null":
                return Found(way, names[depth:])
            raise fault(line, f"'{_shown(names[:depth])}' is a single value, which has no '{name}'")
        matching = [item for item in node.items if item.name == name]
        if len(matching) > 1:
            raise fault(line_of(text, matching[1].start), f"'{_shown(names[: depth + 1])}' is given twice")
        if not matching:
            return Found(way, names[depth:])
        way.append(matching[0].node)
    return Found(way, ())


def scalar(text: str, node: Node, names: Sequence[str]) -> str:
    """What the scalar holds; raises ValueError for a collection and for what is shared."""
    line = line_of(text, node.start)
    if node.kind != "scalar":
        raise fault(line, f"'{_shown(names)}' is a {node.kind}: name one value in it")
    if node.shared:
        raise fault(line, f"'{_shown(names)}' has an anchor, alias or tag, which cannot be edited")
    return node.value


def changed(data: object, names: Sequence[str], value: str | None) -> object:
    """`data` with `value` at `names` (None: without it): what the text has to read as afterwards."""
    name, *rest = names
    if isinstance(data, list):
        return [changed(each, rest, value) if rest and str(n) == name else value if str(n) == name else each
                for n, each in enumerate(data)]  # fmt: skip
    members = dict(data) if isinstance(data, dict) else {}
    if rest:
        members[name] = changed(members.get(name), rest, value)
    elif value is None:
        members.pop(name, None)
    else:
        members[name] = value
    return members


def _shown(names: Sequence[str]) -> str:
    return ".".join(names)
