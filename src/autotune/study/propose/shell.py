"""What a command line asks of a shell, which autotune never starts by itself."""

from __future__ import annotations

import re
import shlex

_OPERATORS = ("||", "&&", "|", "&", ";", "<", ">", "(", ")", "`")
_VARIABLE = re.compile(r"\$[\w{(*@#?!$]")
_SET_BEFORE = re.compile(r"\s*([A-Za-z_]\w*)=")


def split(text: str) -> list[str]:
    """The words of a command line; raises ValueError where a quote is left open."""
    return shlex.split(text)


def asked_of_shell(text: str) -> str:
    """The first part of `text` that only a shell understands, outside of quotes; empty: none."""
    if before := _SET_BEFORE.match(text):
        return f"{before[1]}="
    quote, at = "", 0
    while at < len(text):
        sign = text[at]
        if sign == "\\" and quote != "'":
            at += 2
            continue
        if sign in {"'", '"'} and quote in {"", sign}:
            quote = "" if quote else sign
        elif found := _special(text, at, quote):
            return found
        at += 1
    return ""


def _special(text: str, at: int, quote: str) -> str:
    if quote != "'" and (variable := _VARIABLE.match(text, at)):
        return variable[0] + (re.match(r"\w*", text[variable.end() :]) or [""])[0]
    if quote != "'" and text[at] == "`":
        return "`"
    if quote:
        return ""
    starts = at == 0 or text[at - 1].isspace()
    if text[at] == "~" and starts and re.match(r"~(/|\s|$)", text[at:]):
        return "~"
    if text[at] in "*\n":
        return "*" if text[at] == "*" else "a line break"
    return next((sign for sign in _OPERATORS if text.startswith(sign, at)), "")
