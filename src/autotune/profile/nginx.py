"""Exports directives of nginx as a snippet that nginx.conf includes."""

from __future__ import annotations

import re

from autotune.core.errors import UsageError
from autotune.model.profile import Change, Profile
from autotune.profile.exporting import chosen, commented, comments, left, no_words, written
from autotune.profile.place import place_of
from autotune.profile.words import one_line

_NAME = re.compile(r"(?:(?:main|events|http)[./ ])?([a-z][a-z0-9_]*)")
_WORDS = re.compile(r"[A-Za-z0-9_.:/%=+-]+( [A-Za-z0-9_.:/%=+-]+)*")
_MAIN = ("worker_processes", "worker_rlimit_nofile", "worker_cpu_affinity", "worker_priority", "pcre_jit")
_EVENTS = ("worker_connections", "multi_accept", "accept_mutex", "accept_mutex_delay", "use")
_PARTS = {
    "http": "Include it in http { }, as /etc/nginx/conf.d/*.conf is on Debian",
    "main": "Include it in the main part of nginx.conf, outside of every block",
    "events": "Include it in events { }",
}


def export(profile: Profile) -> str:
    """`directive value;` per directive, under comments that say what is proven and where it is included.

    One snippet belongs to one part of nginx.conf: where there is something for http { }, what belongs to
    another part stands as a comment. Raises UsageError where there is no directive, or one cannot stand in a
    snippet; RefusedError for one that is never set.
    """
    taken = chosen(profile, _fits, "no directive of nginx for main, events or http")
    parts = {change.parameter: _part(_directive(change)) for change in taken}
    part = next(name for name in _PARTS if name in parts.values())
    use = f"{_PARTS[part]}; a directive may stand there once, so take the old one out. Then: nginx -t"
    own = [_line(change) for change in taken if parts[change.parameter] == part]
    others = [
        f"# INCOMPLETE: in {parts[change.parameter]}: {_line(change)}"
        for change in taken
        if parts[change.parameter] != part
    ]
    return "\n".join([*commented((*comments(profile, taken), use)), *others, *own]) + "\n"


def _fits(change: Change) -> bool:
    return place_of(change.apply).system == "nginx" and bool(_NAME.fullmatch(_entry(change)))


def _entry(change: Change) -> str:
    return change.apply.options.get("key", "")


def _directive(change: Change) -> str:
    match = _NAME.fullmatch(_entry(change))
    if match is None:
        raise UsageError(f"parameter '{one_line(change.parameter)}' names no directive of nginx")
    return match[1]


def _part(directive: str) -> str:
    if directive in _MAIN:
        return "main"
    return "events" if directive in _EVENTS else "http"


def _line(change: Change) -> str:
    directive = _directive(change)
    text = written(change, "nginx")
    if text is None:
        return left(directive)
    if not _WORDS.fullmatch(text):
        raise no_words(change, text, "no directive of nginx takes unquoted")
    return f"{directive} {text};"
