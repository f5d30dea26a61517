"""TOML: "server.port" is port in [server], "list.0" the first of an array, by tomlkit.

Texts of values are those of `literal`, dates as they stand. What tomlkit made is read again and
compared, and every line but the changed one has to be as it was.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

import tomlkit
from tomlkit.exceptions import ParseError, TOMLKitError
from tomlkit.items import Array, Item

from autotune.actuate.edit.lines import checked, controlled, fault, proven
from autotune.actuate.edit.literal import string_of, text_of
from autotune.actuate.edit.tree import changed, parts

_BARE = re.compile(r"[^\s#'\"\[\]{},=](?:[^\n#'\"\[\]{},=]*[^\s#'\"\[\]{},=])?")


def get(text: str, entry: str) -> str | None:
    """The number, string, word or date at the entry."""
    names = parts(entry)
    node = _at(_read(text), names)
    if node is None:
        return None
    if isinstance(node, (Mapping, list)):
        raise _no_value(entry, "list" if isinstance(node, list) else "table")
    return _text(node)


@proven(get)
def put(text: str, entry: str, value: str | None) -> str:
    """`text` with the value at the entry; tables on the way to it are made."""
    names = parts(entry)
    crlf = "\r\n" in text and re.search(r"(?<!\r)\n", text) is None
    document = _read(text.replace("\r\n", "\n") if crlf else text)
    try:
        _change(document, names, value)
        new = tomlkit.dumps(document)
    except TOMLKitError as error:
        raise ValueError(f"'{entry}' cannot be edited: {error}") from error
    if text and not text.endswith("\n"):
        new = new.removesuffix("\n")
    new = new.replace("\n", "\r\n") if crlf else new
    _verify(text, new, names, value)
    return new


def _change(document: MutableMapping[str, Any], names: Sequence[str], value: str | None) -> None:
    *way, last = names
    holder: Any = document
    for name in way:
        inner = _member(holder, name)
        if inner is None and isinstance(holder, MutableMapping):
            holder[name] = tomlkit.table() if holder is document else tomlkit.inline_table()
            inner = holder[name]
        if not isinstance(inner, (MutableMapping, list)):
            raise _no_member(name, last)
        holder = inner
    if isinstance(holder, list):
        if _member(holder, last) is None or value is None:
            raise ValueError(f"'{last}' is an item of a list: it can be changed, not added or taken away")
        holder[int(last)] = _item(value, _member(holder, last))
    elif value is None:
        holder.pop(last)
    else:
        holder[last] = _item(value, _member(holder, last))


def _no_value(entry: str, kind: str) -> ValueError:
    return ValueError(f"'{entry}' is a {kind}: name one value in it")


def _no_member(name: str, member: str) -> ValueError:
    return ValueError(f"'{name}' is a single value, or no item of its list, which has no '{member}'")


def _item(value: str, old: Any) -> Item:
    """The value as an item, in the quotes that the old one had."""
    string = string_of(value, _is_literal)
    if string is None:
        return tomlkit.value(value)
    quote = isinstance(old, Item) and old.as_string()[:1] == "'"
    return tomlkit.string(string, literal=quote and "'" not in string and not controlled(string))


def _member(holder: Any, name: str) -> Any:
    if isinstance(holder, list):
        return holder[int(name)] if name.isdecimal() and int(name) < len(holder) else None
    return holder.get(name) if isinstance(holder, Mapping) else None


def _at(document: Any, names: Sequence[str]) -> Any:
    node = document
    for depth, name in enumerate(names):
        if not isinstance(node, (Mapping, list)):
            raise _no_member(".".join(names[:depth]), name)
        node = _member(node, name)
        if node is None:
            return None
    return node


def _text(node: Any) -> str:
    item = tomlkit.item(node)
    if isinstance(item, str):
        return text_of(str(item), _is_literal)
    return str(item.as_string()).strip()


def _is_literal(text: str) -> bool:
    """Whether a bare text is a number, a boolean, a date or a time."""
    if not _BARE.fullmatch(text):
        return False
    try:
        tomllib.loads(f"x = {text}")
    except ValueError:
        return False
    return True


def _read(text: str) -> MutableMapping[str, Any]:
    """The document; raises ValueError where it is not TOML, or tomlkit would not write it as it is."""
    checked(text)
    try:
        tomllib.loads(text)
        document = tomlkit.parse(text)
    except ParseError as error:
        raise fault(error.line, f"is not TOML: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"is not TOML: {error}") from error
    except (TOMLKitError, RecursionError) as error:
        raise ValueError(f"cannot be edited: {error}") from error
    if tomlkit.dumps(document) != text:
        raise ValueError("cannot be edited: a change would alter other lines too")
    return document


def _verify(old: str, new: str, names: Sequence[str], value: str | None) -> None:
    """Raises ValueError unless `new` reads as `old` with the value, and has all its other lines."""
    after = _read(new)
    expected = changed(_plain(_read(old)), names, value)
    if _plain(after) != expected or not _kept(old.splitlines(), new.splitlines()):
        raise ValueError(
            f"'{'.'.join(names)}' cannot be edited in this text without a change to something else"
        )


def _plain(node: Any) -> object:
    if isinstance(node, Mapping):
        return {str(key): _plain(inner) for key, inner in node.items()}
    if isinstance(node, (Array, list)):
        return [_plain(inner) for inner in node]
    return _text(node)


def _kept(old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether the texts differ in one place: one old line at most, and new ones for it."""
    before = 0
    while before < min(len(old), len(new)) and old[before] == new[before]:
        before += 1
    after = 0
    while after < min(len(old), len(new)) - before and old[-1 - after] == new[-1 - after]:
        after += 1
    return len(old) - before - after <= 1
