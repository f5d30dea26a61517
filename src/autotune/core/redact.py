"""Keeps secrets and control characters out of whatever is stored or shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

HIDDEN = "[hidden]"

_SECRET_NAME = re.compile(r"key|token|pass|secret|credential|auth", re.IGNORECASE)
_URL_PASSWORD = re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s:/@]*:)[^\s@]+(@)", re.IGNORECASE)
_NAMED = (
    r"(?:token|passw(?:or)?d|(?:require|master)pass|masterauth|passphrase|secret|api[_-]?key|access[_-]?key)"
)
_SAID = re.compile(
    rf"({_NAMED}[\"']?\s*[=:]\s*[\"']?|--?{_NAMED}\s+|authorization[\"']?\s*[=:]\s*[\"']?(?:[a-z]+\s+)?|"
    r"\bbearer\s+)(?!\{[a-z_]\w*\})[^\s\"',;]+",
    re.IGNORECASE,
)
_OPTION = re.compile(rf"--?[a-z-]*{_NAMED}", re.IGNORECASE)
_ESCAPE = re.compile(r"\x1b(?:\][^\x07\x1b]*(?:\x07|\x1b\\)?|[\[P^_X][0-?]*[ -/]*[@-~]?|.)?|[\x80-\x9f]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
_PLACEHOLDER = re.compile(r"\{\w+\}")
_SHORTEST_SECRET = 4


def secret_values(environment: Mapping[str, str]) -> frozenset[str]:
    """Values of variables whose name says secret, long enough to be told from ordinary text."""
    return frozenset(
        value
        for name, value in environment.items()
        if _SECRET_NAME.search(name) and len(value) >= _SHORTEST_SECRET
    )


def redacted(text: str, secrets: Iterable[str] = ()) -> str:
    """`text` without the given secrets, passwords in URLs, and what follows `token=` or `--password`."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return _SAID.sub(rf"\1{HIDDEN}", _URL_PASSWORD.sub(rf"\1{HIDDEN}\2", text))


def without_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    """`environment` with the values of secret-sounding names, and passwords in URLs, hidden."""
    return {
        name: HIDDEN if _SECRET_NAME.search(name) else redacted(value) for name, value in environment.items()
    }


def without_secret_words(command: Sequence[str]) -> list[str]:
    """The words of a command; what follows an option that sounds secret is hidden, in its word or the next.

    So is what some programs' short options hold: -a of Redis, -p of MySQL, the password of curl's -u. A
    placeholder stays: its value comes from a parameter, which is no secret.
    """
    program = command[0].rpartition("/")[2] if command else ""
    return [_hidden(program, last, word) for last, word in pairwise(("", *command))]


def _hidden(program: str, last: str, word: str) -> str:
    if _PLACEHOLDER.fullmatch(word):
        return word
    if _OPTION.fullmatch(last) or (last == "-a" and program.startswith("redis")):
        return HIDDEN
    if program.startswith(("mysql", "mariadb")) and word.startswith("-p") and len(word) > 2:
        return f"-p{HIDDEN}"
    if last in {"-u", "--user"} and ":" in word:
        return f"{word.partition(':')[0]}:{HIDDEN}"
    return redacted(word)


def printable(text: str) -> str:
    """`text` that cannot steer a terminal or break XML: newlines and tabs stay, other controls go."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("", _ESCAPE.sub("", text))
