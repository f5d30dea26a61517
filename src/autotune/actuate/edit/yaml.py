"""YAML: "services.db.port" is port in the mapping of that name, "list.0" the first of a list.

Texts of values are those of `literal`, in YAML 1.2's core schema; a string that YAML 1.1 takes for something
else (on, 1_000) is written in quotes. ruamel.yaml's round trip re-indents and folds what it does not change,
so the place of a value is taken from PyYAML's events, and the result is read again and compared.
"""

from __future__ import annotations

import json
import re

from autotune.actuate.edit import flow
from autotune.actuate.edit.lines import controlled, fault, inserted, line_of, proven, removed, split
from autotune.actuate.edit.literal import string_of, text_of
from autotune.actuate.edit.tree import Found, Item, Node, changed, find, parts, scalar
from autotune.core.yaml_nodes import YamlNode, nodes
from autotune.core.yaml_scalar import resolved

_PLAIN = re.compile(r"[A-Za-z_/][\w./+-]*(?: [\w./+-]+)*|[0-9]+[A-Za-z]+", re.ASCII)
_BOOL_OF_1_1 = re.compile(r"y|n|yes|no|on|off", re.IGNORECASE)
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def get(text: str, entry: str) -> str | None:
    """The number, string or word at the entry; null of a key without a value."""
    names = parts(entry)
    root = _read(text)
    found = find(text, root, names) if root else None
    return None if found is None or found.missing else scalar(text, found.node, names)


@proven(get)
def put(text: str, entry: str, value: str | None) -> str:
    """`text` with the value at the entry; mappings on the way to it are made."""
    names = parts(entry)
    new = _without(text, names) if value is None else _with(text, names, value)
    before, after = _read(text), _read(new)
    expected = changed(before.plain() if before else {}, names, value)
    if _comparable(after.plain() if after else {}) != _comparable(expected):
        raise ValueError(f"'{entry}' cannot be edited in this text without a change to something else")
    return new


def _with(text: str, names: list[str], value: str) -> str:
    root = _read(text)
    found = find(text, root, names) if root else None
    if found is None or found.missing:
        return _added(text, found, names, _source(value, None))
    node = found.node
    if node.style and node.style in "|>":
        raise fault(line_of(text, node.start), f"'{'.'.join(names)}' is a text of several lines")
    gap = " " if node.start == node.end and not text[node.start - 1].isspace() else ""
    return text[: node.start] + gap + _source(value, node) + text[node.end :]


def _added(text: str, found: Found | None, names: list[str], source: str) -> str:
    missing = list(found.missing) if found else names
    node = found.node if found else None
    if node is not None and node.kind == "list":
        raise fault(
            line_of(text, node.start), f"'{missing[0]}' is no item of the list; items cannot be added"
        )
    if node is not None and node.style == "{":
        inner = source
        for name in reversed(missing[1:]):
            inner = f"{{{_key(name)}: {inner}}}"
        return flow.added(text, node, _key(missing[0]), inner)
    lines = split(text)
    if node is None or found is None or (len(found.way) == 1 and node.kind == "scalar"):
        return inserted(lines, len(lines), *_nested(missing, source, 0))
    if node.kind == "scalar" and node.start != node.end:
        raise fault(line_of(text, node.start), f"null stands here, which has no '{missing[0]}'")
    holder = node if node.kind == "mapping" else found.way[-2]
    column = _column(text, holder.items[0].start if holder.items else 0)
    column += 0 if node.kind == "mapping" else 2
    return inserted(lines, _line_after(text, node), *_nested(missing, source, column))


def _nested(names: list[str], source: str, column: int) -> list[str]:
    lines = [f"{' ' * (column + 2 * depth)}{_key(name)}:" for depth, name in enumerate(names)]
    return [*lines[:-1], f"{lines[-1]} {source}"]


def _without(text: str, names: list[str]) -> str:
    root = _read(text)
    if root is None:
        return text
    parent = find(text, root, names).way[-2]
    if parent.kind == "list":
        raise ValueError(f"'{'.'.join(names)}' is an item of a list, which cannot be taken away")
    if parent.style == "{":
        return flow.taken(text, parent, names[-1])
    item = next(item for item in parent.items if item.name == names[-1])
    first = line_of(text, item.start) - 1
    if text[item.start - _column(text, item.start) : item.start].strip(" "):
        raise fault(first + 1, f"'{names[-1]}' stands behind something else in its line")
    return removed(split(text), range(first, _line_after(text, item.node)))


def _column(text: str, at: int) -> int:
    return at - text.rfind("\n", 0, at) - 1


def _line_after(text: str, node: Node) -> int:
    """The index of the first line behind the node."""
    return text.count("\n", 0, node.end) + (not text[: node.end].endswith("\n"))


def _key(name: str) -> str:
    return name if _PLAIN.fullmatch(name) and not _special(name) else json.dumps(name, ensure_ascii=False)


def _source(value: str, old: Node | None) -> str:
    """`value` as it is written, in the quotes that the old value had."""
    string = string_of(value, _is_literal)
    style = old.style if old else ""
    if string is None:
        return value
    if _SURROGATE.search(string):
        raise ValueError("half a surrogate pair is no character in YAML")
    if old and not style and _BOOL_OF_1_1.fullmatch(string) and _BOOL_OF_1_1.fullmatch(old.value):
        return string  # a reader of YAML 1.1 takes both for booleans, and goes on to
    if style == "'" and not controlled(string):
        return "'" + string.replace("'", "''") + "'"
    if style != '"' and _PLAIN.fullmatch(string) and not _special(string):
        return string
    quoted = json.dumps(string, ensure_ascii=False)
    return re.sub("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]", lambda m: f"\\u{ord(m.group()):04x}", quoted)


def _special(text: str) -> bool:
    return _is_literal(text) or _BOOL_OF_1_1.fullmatch(text) is not None


def _is_literal(text: str) -> bool:
    if not text:
        return False
    try:
        return not isinstance(resolved(text), str)
    except ValueError:
        return True  # a number beyond 64 bit, or not finite


def _comparable(data: object) -> object:
    """Without the difference between nothing and an empty mapping."""
    if isinstance(data, dict):
        return {key: _comparable(value) for key, value in data.items()} or "null"
    if isinstance(data, list):
        return [_comparable(value) for value in data]
    return "null" if data is None else data


def _read(text: str) -> Node | None:
    split(text)
    root = nodes(text)
    if root is None:
        return None
    node = _node(root)
    if node.kind == "list" or (node.kind == "scalar" and node.value != "null"):
        raise fault(line_of(text, node.start), "the outermost value is no mapping")
    return node


def _node(node: YamlNode) -> Node:
    items = [
        Item(name=_name(key, at), start=(key or member).start, node=_node(member))
        for at, (key, member) in enumerate(node.members)
    ]
    value = ""
    if node.kind == "scalar":
        value = (node.text or "null") if node.style == "" and _is_literal(node.text or "null") else text_of(
            node.text, _is_literal
        )  # fmt: skip
    return Node(
        kind=node.kind,
        start=node.start,
        end=node.end,
        style=node.style,
        value=value,
        items=items,
        shared=node.shared,
    )


def _name(key: YamlNode | None, at: int) -> str:
    if key is None:
        return str(at)
    return key.text if key.kind == "scalar" and key.style != "*" else f"\0{key.start}"
