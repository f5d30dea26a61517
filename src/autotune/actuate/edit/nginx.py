"""nginx.conf: "worker_processes", "http.server.keepalive_timeout", "http.upstream backend.keepalive".

A block is named by its directive, alone or with its arguments; what has a dot in it stands in double quotes:
http."server_name a.example". The value is the arguments as they are written, quotes included. A name that
fits several is refused. crossplane writes a file anew as a whole, so this is code of our own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from autotune.actuate.edit.lines import body, fault, inserted, line_of, newline, proven, split
from autotune.actuate.edit.nginx_text import Directive, read, tokens

_PART = re.compile(r'"(?:[^"\\]|\\.)*"|[^."]+')


def get(text: str, entry: str) -> str | None:
    """The arguments of the directive."""
    blocks, wanted = _place(text, entry)
    found = _leaf(text, blocks[-1], wanted) if blocks else None
    return _value(text, found, wanted)[0] if found else None


@proven(get)
def put(text: str, entry: str, value: str | None) -> str:
    """`text` with these arguments of the directive, which is made at the end of its block.

    A block that is not there is not made: nginx needs more in it than one directive.
    """
    blocks, wanted = _place(text, entry)
    found = _leaf(text, blocks[-1], wanted) if blocks else None
    if value is None:
        return _taken(text, found) if found else text
    old, start = _value(text, found, wanted) if found else (None, 0)
    _check(value)
    if old is not None:
        return text[:start] + value + text[start + len(old) :]
    if not blocks:
        raise ValueError(f"'{entry}' is in a block that the text does not have")
    return _added(text, blocks, f"{' '.join(wanted)} {value};")


def _check(value: str) -> None:
    words = list(tokens(value))
    whole = words and (words[0].start, words[-1].end) == (0, len(value))  # no comment, no space around
    if not whole or any(token.kind != "word" for token in words):
        raise ValueError(
            f"'{value}' cannot stand here: arguments are words; quotes hold ';', '{{', '}}' and '#'"
        )


def _place(text: str, entry: str) -> tuple[list[Directive], list[str]]:
    """The blocks that lead to the directive, the whole text first (none: one is missing), and its words."""
    *way, wanted = _parts(entry)
    root = read(text)
    blocks = [root]
    for words in way:
        fitting = [each for each in blocks[-1].inner if each.block and _fits(each, words)]
        if len(fitting) > 1:
            raise _ambiguous(text, " ".join(words), fitting)
        if not fitting:
            return [], wanted
        blocks.append(fitting[0])
    return blocks, wanted


def _parts(entry: str) -> list[list[str]]:
    found: list[list[str]] = []
    at = 0
    while (part := _PART.match(entry, at)) and (part.end() == len(entry) or entry[part.end()] == "."):
        name = json.loads(part.group()) if entry[at] == '"' else part.group()
        words = [token.text for token in tokens(name) if token.kind == "word"]
        if not words or name.split() != " ".join(words).split():
            break
        found.append(words)
        at = part.end() + 1
    if not found or at != len(entry) + 1 or re.search(r"[\n\r\0]", entry):
        raise ValueError(
            f"'{entry}' is no entry: name blocks and directive, such as http.server.keepalive_timeout"
        )
    return found


def _fits(directive: Directive, words: Sequence[str]) -> bool:
    """Whether it has this name and, where there are more words, exactly these arguments."""
    return list(directive.words) == list(words) or (len(words) == 1 and directive.words[0] == words[0])


def _leaf(text: str, block: Directive, wanted: Sequence[str]) -> Directive | None:
    fitting = [each for each in block.inner if list(each.words[: len(wanted)]) == list(wanted)]
    if len(fitting) > 1:
        raise _ambiguous(text, " ".join(wanted), fitting)
    if fitting and fitting[0].block:
        raise fault(
            line_of(text, fitting[0].start), f"'{' '.join(wanted)}' is a block: name a directive in it"
        )
    return fitting[0] if fitting else None


def _ambiguous(text: str, name: str, fitting: Sequence[Directive]) -> ValueError:
    each = ", ".join(f"'{' '.join(one.words)}' in line {line_of(text, one.start)}" for one in fitting)
    return ValueError(f"'{name}' fits {each}: name the one with its arguments")


def _value(text: str, found: Directive, wanted: Sequence[str]) -> tuple[str, int]:
    if len(found.words) == len(wanted):
        return "", found.spans[-1][1]
    start, end = found.spans[len(wanted)][0], found.spans[-1][1]
    return text[start:end], start


def _taken(text: str, found: Directive) -> str:
    """Without the directive: with its lines where nothing else stands in them."""
    begin = text.rfind("\n", 0, found.start) + 1
    end = text.find("\n", found.end)
    end = len(text) if end < 0 else end + 1
    alone = not text[begin : found.start].strip() and re.fullmatch(r"\s*(#[^\n]*\s*)?", text[found.end : end])
    if not alone:
        return text[: found.start].rstrip(" \t") + text[found.end :]
    if end == len(text) and not text.endswith("\n"):
        return body(text[:begin])
    return text[:begin] + text[end:]


def _added(text: str, blocks: Sequence[Directive], line: str) -> str:
    block = blocks[-1]
    if len(blocks) == 1:
        lines = split(text)
        return inserted(lines, len(lines), line)
    close = block.end - 1
    begin = text.rfind("\n", 0, close) + 1
    if text[begin:close].strip():
        before = text[:close].rstrip(" \t")
        return f"{before} {line}{text[len(before) : close] or ' '}{text[close:]}"
    return f"{text[:begin]}{_indent(text, block, text[begin:close])}{line}{newline(text)}{text[begin:]}"


def _indent(text: str, block: Directive, outer: str) -> str:
    if not block.inner:
        return outer + ("\t" if outer.startswith("\t") else "    ")
    start = block.inner[-1].start
    return (
        text[text.rfind("\n", 0, start) + 1 : start]
        if not text[:start].rsplit("\n", 1)[-1].strip()
        else outer
    )
