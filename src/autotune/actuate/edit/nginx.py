"""nginx.conf: "worker_processes", "http.server.keepalive_timeout", "http.upstream backend.keepalive".

A block is named by its directive, alone or with its arguments; what has a dot in it stands in double quotes:
http."server_name a.example". The value is the arguments as they are written, quotes included. A name that
fits several is refused. crossplane writes a file anew as a whole, so this is code of our own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from autotune.actuate.edit.lines import body, checked, fault, inserted, line_of, newline, proven, split

_TOKEN = re.compile(
    r"""(?P<space>\s+)|(?P<comment>\#[^\n]*)|(?P<sign>[;{}])"""
    r"""|(?P<word>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|(?:\$\{[^}]*\}|[^\s;{}"'\\]|\\.|(?<=[^\s;{}])["'])+)""",
    re.VERBOSE | re.DOTALL,
)
_PART = re.compile(r'"(?:[^"\\]|\\.)*"|[^."]+')
_SCRIPT = "_by_lua_block"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Directive:
    """A directive: its words with their places, and up to where it goes; a block's inside, too."""

    words: Sequence[str]
    spans: Sequence[tuple[int, int]]
    end: int
    block: bool = False
    inner: Sequence[_Directive] = field(default=())

    @property
    def start(self) -> int:
        return self.spans[0][0]


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int


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
    tokens = list(_tokens(value)) if value else []
    if not tokens or value != value.strip() or any(token.kind != "word" for token in tokens):
        raise ValueError(
            f"'{value}' cannot stand here: arguments are words; quotes hold ';', '{{', '}}' and '#'"
        )


def _place(text: str, entry: str) -> tuple[list[_Directive], list[str]]:
    """The blocks that lead to the directive, the whole text first (none: one is missing), and its words."""
    *way, wanted = _parts(entry)
    root = _read(text)
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
        words = [token.text for token in _tokens(name) if token.kind == "word"]
        if not words or name.split() != " ".join(words).split():
            break
        found.append(words)
        at = part.end() + 1
    if not found or at != len(entry) + 1 or re.search(r"[\n\r\0]", entry):
        raise ValueError(
            f"'{entry}' is no entry: name blocks and directive, such as http.server.keepalive_timeout"
        )
    return found


def _fits(directive: _Directive, words: Sequence[str]) -> bool:
    """Whether it has this name and, where there are more words, exactly these arguments."""
    return list(directive.words) == list(words) or (len(words) == 1 and directive.words[0] == words[0])


def _leaf(text: str, block: _Directive, wanted: Sequence[str]) -> _Directive | None:
    fitting = [each for each in block.inner if list(each.words[: len(wanted)]) == list(wanted)]
    if len(fitting) > 1:
        raise _ambiguous(text, " ".join(wanted), fitting)
    if fitting and fitting[0].block:
        raise fault(
            line_of(text, fitting[0].start), f"'{' '.join(wanted)}' is a block: name a directive in it"
        )
    return fitting[0] if fitting else None


def _ambiguous(text: str, name: str, fitting: Sequence[_Directive]) -> ValueError:
    each = ", ".join(f"'{' '.join(one.words)}' in line {line_of(text, one.start)}" for one in fitting)
    return ValueError(f"'{name}' fits {each}: name the one with its arguments")


def _value(text: str, found: _Directive, wanted: Sequence[str]) -> tuple[str, int]:
    if len(found.words) == len(wanted):
        return "", found.spans[-1][1]
    start, end = found.spans[len(wanted)][0], found.spans[-1][1]
    return text[start:end], start


def _taken(text: str, found: _Directive) -> str:
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


def _added(text: str, blocks: Sequence[_Directive], line: str) -> str:
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


def _indent(text: str, block: _Directive, outer: str) -> str:
    if not block.inner:
        return outer + ("\t" if outer.startswith("\t") else "    ")
    start = block.inner[-1].start
    return (
        text[text.rfind("\n", 0, start) + 1 : start]
        if not text[:start].rsplit("\n", 1)[-1].strip()
        else outer
    )


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise fault(line_of(text, at), "a quote is not closed")
        kind = match.lastgroup or ""
        if kind not in {"space", "comment"} or (kind == "comment" and "\n" not in text):
            yield _Token(kind, match.group(), match.start(), match.end())
        at = match.end()


def _read(text: str) -> _Directive:
    checked(text)
    stack: list[list[_Directive]] = [[]]
    heads: list[list[_Token]] = []
    words: list[_Token] = []
    at = 0
    while (token := _next(text, at)) is not None:
        at = token.end
        if token.kind == "word":
            words.append(token)
            continue
        if token.text == "}":
            if words or not heads:
                raise fault(line_of(text, token.start), "'}' is not expected here")
            head, inner = heads.pop(), stack.pop()
            stack[-1].append(_directive(head, token.end, inner, block=True))
            continue
        if not words:
            raise fault(line_of(text, token.start), f"'{token.text}' is not expected here")
        if token.text == ";":
            stack[-1].append(_directive(words, token.end, (), block=False))
        elif words[0].text.endswith(_SCRIPT):
            at = _script_end(text, token.start)
            stack[-1].append(_directive(words, at, (), block=True))
        else:
            heads.append(words)
            stack.append([])
        words = []
    if words or heads:
        raise fault(line_of(text, (words or heads[-1])[0].start), "is not closed by ';' or '}'")
    return _Directive(words=("",), spans=((0, 0),), end=len(text), block=True, inner=stack[0])


def _next(text: str, at: int) -> _Token | None:
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise fault(line_of(text, at), "a quote is not closed")
        if match.lastgroup in {"word", "sign"}:
            return _Token(match.lastgroup or "", match.group(), match.start(), match.end())
        at = match.end()
    return None


def _directive(words: Sequence[_Token], end: int, inner: Sequence[_Directive], *, block: bool) -> _Directive:
    return _Directive(
        words=tuple(word.text for word in words), spans=tuple((word.start, word.end) for word in words),
        end=end, block=block, inner=tuple(inner),
    )  # fmt: skip


def _script_end(text: str, at: int) -> int:
    """Behind the brace that closes a block of Lua."""
    depth = 0
    for brace in re.finditer(r"[{}]", text[at:]):
        depth += 1 if brace.group() == "{" else -1
        if depth == 0:
            return at + brace.end()
    raise fault(line_of(text, at), "is not closed by '}'")
