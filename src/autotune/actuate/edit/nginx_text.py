"""The text of an nginx.conf as directives with their places."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from autotune.actuate.edit.lines import checked, fault, line_of

_TOKEN = re.compile(
    r"""(?P<space>\s+)|(?P<comment>\#[^\n]*)|(?P<sign>[;{}])"""
    r"""|(?P<word>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|(?:\$\{[^}]*\}|[^\s;{}"'\\]|\\.|(?<=[^\s;{}])["'])+)""",
    re.VERBOSE | re.DOTALL,
)
_SCRIPT = "_by_lua_block"
"""Ends the names of directives whose block is a program, in which braces are all that is looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Directive:
    """A directive: its words with their places, and up to where it goes; a block's inside, too."""

    words: Sequence[str]
    spans: Sequence[tuple[int, int]]
    end: int
    block: bool = False
    inner: Sequence[Directive] = field(default=())

    @property
    def start(self) -> int:
        """Where it begins."""
        return self.spans[0][0]


@dataclass(frozen=True, slots=True)
class Token:
    """A word, or one of the signs that end a directive or a block."""

    kind: Literal["word", "sign"]
    text: str
    start: int
    end: int


def tokens(text: str) -> Iterator[Token]:
    """Words and signs of a text without scripts; raises ValueError where a quote is not closed."""
    at = 0
    while (token := _next(text, at)) is not None:
        yield token
        at = token.end


def read(text: str) -> Directive:
    """The whole text as a block without a name; raises ValueError where it is no nginx.conf."""
    checked(text)
    stack: list[list[Directive]] = [[]]
    heads: list[list[Token]] = []
    words: list[Token] = []
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
    return Directive(words=("",), spans=((0, 0),), end=len(text), block=True, inner=stack[0])


def _next(text: str, at: int) -> Token | None:
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise fault(line_of(text, at), "a quote is not closed")
        if match["word"] or match["sign"]:
            return Token("word" if match["word"] else "sign", match.group(), match.start(), match.end())
        at = match.end()
    return None


def _directive(words: Sequence[Token], end: int, inner: Sequence[Directive], *, block: bool) -> Directive:
    return Directive(
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
