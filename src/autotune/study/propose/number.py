"""Numbers in a line of text, with the unit behind each, and patterns that find them again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from autotune.study.propose.unit import unit_of

_NUMBER = re.compile(
    r"(?<![\w.,:/#-])(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)"
    r"(?:(?P<gap> ?)(?P<word>[A-Za-zµ%][A-Za-zµ/]*|%))?"
)
_GOES_ON = re.compile(r"[.,:/-]?\d|[.:/-]\w|[:']|s? of\b")
_PER = re.compile(r"(?: ?(?P<what>[A-Za-z]{2,}))? per (?:s|sec|second)\b")
_SCALES = {"k", "K", "M", "G"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A number at `start` of a line; `end` is where its unit ends, if it has one.

    `unit` is empty where none is known, `carried` says that autotune reads it as it stands, `spaced` that a
    blank stands before it; `scale` is a letter such as k at the number that no unit explains.
    """

    value: float
    start: int
    number_end: int
    end: int
    unit: str = ""
    carried: bool = False
    spaced: bool = False
    scale: str = ""


def tokens(line: str) -> Iterator[Token]:
    """Every number of `line` that a metric could read; dates, versions, `1,234` and `2x` are none."""
    for match in _NUMBER.finditer(line):
        token = _token(match, line)
        if token is not None:
            yield token


def _token(match: re.Match[str], line: str) -> Token | None:
    number_end = match.end("number")
    if per := _PER.match(line, number_end):
        unit = unit_of(f"{per['what'] or 1}/s")[0]
        return Token(
            value=float(match["number"]),
            start=match.start("number"),
            number_end=number_end,
            end=per.end(),
            unit=unit,
        )
    word, gap = match["word"] or "", match["gap"] or ""
    unit, carried = unit_of(word) if word else ("", False)
    scale = word if word in _SCALES and not gap and not unit else ""
    attached = bool(word) and not gap
    if attached and not unit and not scale:
        return None  # 2x, 64-bit, 16.04LTS
    end = match.end("word") if unit or scale else number_end
    if _GOES_ON.match(line[end:]) or (attached and line[end : end + 1].isalnum()):
        return None
    return Token(
        value=float(match["number"]),
        start=match.start("number"),
        number_end=number_end,
        end=end,
        unit=unit,
        carried=carried,
        spaced=bool(gap and unit),
        scale=scale,
    )


def group(token: Token, line: str) -> str:
    """The part of a regular expression that takes `token`, with its unit where autotune reads it."""
    ends_word = line[token.end : token.end + 1] in {"", " ", "\t"}
    if token.carried:
        if ends_word:
            return r"(\S+ \S+)" if token.spaced else r"(\S+)"
        return rf"([-+.\deE]+ ?{re.escape(line[token.number_end : token.end].strip())})"
    if token.number_end == token.end and ends_word:
        return r"(\S+)"
    said = line[token.number_end : token.end]
    return r"([-+.\deE]+)" + (re.escape(said) if " per " in said else re.escape(token.scale))


def flexible(text: str) -> str:
    """`text` as a pattern, any run of blanks for each of its own."""
    return r"\s+".join(re.escape(part).replace(r"\ ", " ") for part in text.split())
