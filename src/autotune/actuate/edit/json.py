"""JSON: "server.port" is port in the object server, "list.0" the first of a list.

Texts of values are those of `literal`. json writes a file anew as a whole, so the place of a value is found
by code of our own, and the result is read again and compared.
"""

from __future__ import annotations

import json
import re
from typing import NoReturn

from autotune.actuate.edit import flow
from autotune.actuate.edit.lines import checked, fault, newline, prefix, proven
from autotune.actuate.edit.literal import string_of, text_of
from autotune.actuate.edit.tree import Item, Node, changed, find, parts, scalar

_SPACE = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_LITERAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|true|false|null")


def get(text: str, entry: str) -> str | None:
    """The number, string or word at the entry."""
    names = parts(entry)
    root = _read(text)
    found = find(text, root, names) if root else None
    return None if found is None or found.missing else scalar(text, found.node, names)


@proven(get)
def put(text: str, entry: str, value: str | None) -> str:
    """`text` with the value at the entry; objects on the way to it are made."""
    names = parts(entry)
    new = _without(text, names) if value is None else _with(text, names, value)
    expected = changed(root.plain() if (root := _read(text)) else {}, names, value)
    if (after := _read(new)) is None or after.plain() != expected:
        raise ValueError(f"'{entry}' cannot be edited in this text without a change to something else")
    return new


def _with(text: str, names: list[str], value: str) -> str:
    source = _source(value)
    root = _read(text)
    if root is None:
        return f"{_members(names, source)}{newline(text)}"
    found = find(text, root, names)
    node = found.node
    if not found.missing:
        return text[: node.start] + source + text[node.end :]
    if node.kind == "list":
        raise ValueError(f"'{found.missing[0]}' is no item of the list; items cannot be added")
    first, *rest = found.missing
    inner = _members(rest, source)
    if node.kind == "scalar":
        return text[: node.start] + _members(list(found.missing), source) + text[node.end :]
    return flow.added(text, node, json.dumps(first, ensure_ascii=False), inner)


def _without(text: str, names: list[str]) -> str:
    root = _read(text)
    if root is None:
        return text
    parent = find(text, root, names).way[-2]
    if parent.kind == "list":
        raise ValueError(f"'{'.'.join(names)}' is an item of a list, which cannot be taken away")
    return flow.taken(text, parent, names[-1])


def _members(names: list[str], source: str) -> str:
    for name in reversed(names):
        source = f"{{{json.dumps(name, ensure_ascii=False)}: {source}}}"
    return source


def _source(value: str) -> str:
    string = string_of(value, _is_literal)
    if string is None:
        return value
    return json.dumps(string, ensure_ascii=not string.isprintable())


def _is_literal(text: str) -> bool:
    return _LITERAL.fullmatch(text) is not None


def _read(text: str) -> Node | None:
    """The outermost value; None of an empty text. Raises ValueError where it is not JSON."""
    checked(text)
    if not text.strip(" \t\r\n"):
        return None
    try:
        json.loads(text, parse_constant=_refuse, parse_int=str, parse_float=str)
        node = _node(text, _skip(text, 0))
    except json.JSONDecodeError as error:
        raise fault(error.lineno, f"is not JSON: {error.msg} (column {error.colno})") from error
    except RecursionError as error:
        raise ValueError("is nested too deep") from error
    if node.kind != "mapping":
        raise fault(1, "the outermost value is no object")
    return node


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _skip(text: str, at: int) -> int:
    return at + len(prefix(_SPACE, text, at))


def _node(text: str, at: int) -> Node:
    """The value that begins at `at`; the text is known to be JSON."""
    if text[at] in "{[":
        return _collection(text, at)
    if string := _STRING.match(text, at):
        value = text_of(json.loads(string.group()), _is_literal)
        return Node(kind="scalar", start=at, end=string.end(), style='"', value=value)
    end = at + len(prefix(_LITERAL, text, at))
    return Node(kind="scalar", start=at, end=end, value=text[at:end])


def _collection(text: str, at: int) -> Node:
    begin = at
    mapping = text[begin] == "{"
    items: list[Item] = []
    at = _skip(text, at + 1)
    while text[at] not in "}]":
        start, name = at, str(len(items))
        if mapping:
            end = at + len(prefix(_STRING, text, at))
            name = json.loads(text[at:end])
            at = _skip(text, _skip(text, end) + 1)
        node = _node(text, at)
        items.append(Item(name=name, start=start, node=node))
        at = _skip(text, node.end)
        at = _skip(text, at + 1) if text[at] == "," else at
    return Node(
        kind="mapping" if mapping else "list", start=begin, end=at + 1, style=text[begin], items=items
    )
