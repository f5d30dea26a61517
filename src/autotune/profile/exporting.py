"""What all exports share: which changes a format has words for, and what is said above them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from autotune.core.errors import RefusedError, UsageError
from autotune.model.profile import Change, Profile
from autotune.profile.place import place_of
from autotune.profile.policy import never
from autotune.profile.texts import text as text_of
from autotune.profile.words import headline, one_line

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_FORMATS = {
    "env": "env or systemd",
    "sysctl": "sysctl or shell",
    "sysfs": "shell",
    "cgroup": "systemd or shell",
    "process": "systemd",
    "pragma": "sql",
    "postgres": "postgres",
    "redis": "redis",
    "nginx": "nginx",
    "systemd": "systemd",
}


def chosen(profile: Profile, fits: Callable[[Change], bool], what: str) -> tuple[Change, ...]:
    """The changes that fit.

    Raises UsageError, with the formats that would do, where none does (`what` says what it takes), and
    RefusedError where one that fits may never be set.
    """
    found = tuple(change for change in profile.changes if fits(change))
    if not found:
        changes = _told(profile.changes) or "nothing"
        raise UsageError(f"profile '{one_line(profile.name)}' sets {what}. It changes: {changes}.")
    if refused := [ruling.why for ruling in never(found)]:
        raise RefusedError(f"profile '{one_line(profile.name)}' is not exported: {' '.join(refused)}")
    return found


def comments(profile: Profile, taken: Iterable[Change]) -> tuple[str, ...]:
    """What is proven and risked, one line each, and what has to be applied in another way beside `taken`."""
    names = {change.parameter for change in taken}
    others = [change for change in profile.changes if change.parameter not in names]
    lines = headline(profile)
    return (*lines, f"INCOMPLETE: apply these as well: {_told(others)}") if others else lines


def written(change: Change, system: str) -> str | None:
    """The value's text in the words of `system`; None where it is left unset.

    Raises UsageError where it holds a control character, which would end its line.
    """
    text = text_of(change.apply, change.after, system=system)
    if text is not None and _CONTROL.search(text):
        raise no_words(change, text, "holds a control character")
    return text


def no_words(change: Change, text: str, why: str) -> UsageError:
    """The error for a value that the format has no words for."""
    return UsageError(
        f"parameter '{one_line(change.parameter)}' has the value {one_line(text)[:80]!r}, which {why}. "
        "Export it as json."
    )


def left(name: str) -> str:
    """The comment for a parameter that stays unset."""
    return f"# {one_line(name)}: leave it unset"


def commented(lines: Iterable[str]) -> list[str]:
    """The lines as comments; a backslash at the end, which would join the next line, goes."""
    return [f"# {line}".rstrip("\\ ") for line in lines]


def _told(changes: Iterable[Change]) -> str:
    """Each parameter with the formats that have words for it."""
    return ", ".join(
        f"{one_line(change.parameter)} (format {_FORMATS.get(place_of(change.apply).system, 'json')})"
        for change in changes
    )
