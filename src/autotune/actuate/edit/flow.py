"""Members of collections in braces, as JSON and YAML's flow style write them."""

from __future__ import annotations

import re

from autotune.actuate.edit.tree import Node


def added(text: str, node: Node, name: str, value: str) -> str:
    """`text` with a member, both as source, after the last of the collection, spaced as that is."""
    if not node.items:
        return f"{text[: node.start + 1]}{name}: {value}{text[node.start + 1 :]}"
    last = node.items[-1]
    before = text[: last.start]
    own_line = re.search(r"(\r?\n[ \t]*)\Z", before)
    colon = re.search(r":\s*\Z", text[last.start : last.node.start])
    tight = colon is not None and colon.group() == ":"
    gap = own_line[1] if own_line else "" if tight else " "
    member = f",{gap}{name}{':' if tight else ': '}{value}"
    return text[: last.node.end] + member + text[last.node.end :]


def taken(text: str, node: Node, name: str) -> str:
    """`text` without the member and the comma that goes with it."""
    at = next(n for n, item in enumerate(node.items) if item.name == name)
    begin, end = node.items[at].start, node.items[at].node.end
    if at > 0:
        begin = node.items[at - 1].node.end
    elif len(node.items) > 1:
        end = node.items[1].start
    return text[:begin] + text[end:]
