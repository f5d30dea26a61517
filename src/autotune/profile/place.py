"""Which key of which system an `apply` means, whatever way it goes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePath

from autotune.model.space import Apply

_BY_NAME = {
    "postgres*.conf": "postgres",
    "redis*.conf": "redis",
    "valkey*.conf": "redis",
    "nginx*.conf": "nginx",
    "my.cnf": "mysql",
    "*.service": "systemd",
    "*sysctl*.conf": "sysctl",
}
_BY_FOLDER = {
    "sysctl.d": "sysctl",
    "*.service.d": "systemd",
    "nginx": "nginx",
    "sites-*": "nginx",
}
_BY_FORMAT = {"postgres": "postgres", "nginx": "nginx", "redis": "redis", "systemd": "systemd"}
UNKNOWN = ""

_QUOTES = " \t\r\n\"'`@;"
_SEPARATORS = " \t./:>"
_PARTS = re.compile(r'"(?:[^"\\]|\\.)*"|[^./:>\s"]+')


@dataclass(frozen=True, slots=True)
class Place:
    """A key, in small letters, of a `system`; UNKNOWN is a file of which nobody knows what reads it."""

    system: str
    key: str


def place_of(apply: Apply) -> Place:
    """What is set; of a file, the system that its name says, or else its folder or its format."""
    name = apply.options.get("name", "")
    if apply.actuator == "sysctl":
        return Place("sysctl", re.sub(r"\.+", ".", plain_sysctl(name.strip())).casefold())
    if apply.actuator == "cgroup":
        return Place("cgroup", apply.options.get("attribute", "").casefold())
    if apply.actuator == "file":
        system = _reader(name, apply.options.get("format", ""))
        entry = apply.options.get("key", "")
        whole = {"sysctl": plain_sysctl(entry.strip(" -")), "postgres": entry.strip()}
        return Place(system, whole.get(system, _last(entry)).casefold())
    key = name.strip(_QUOTES).casefold()
    if apply.actuator in {"mysql", "pragma"}:  # global.max_connections, main.journal_mode
        key = re.split(r"[.\s]+", key)[-1].strip(_QUOTES)
    return Place(apply.actuator, key)


def spellings(apply: Apply) -> frozenset[str]:
    """Every key, in small letters, that the entry of a file could mean to whoever reads it."""
    entry = apply.options.get("key", "")
    last = _last(entry)
    plain = entry.strip().strip('"')
    return frozenset(
        text.casefold()
        for text in (last, entry, plain, plain_sysctl(plain.lstrip("-")), *last.split(), last.split("[")[0])
        if text
    )


def _last(entry: str) -> str:
    """The last part of an entry, without quotes: of http."server_name a.example".gzip it is gzip."""
    parts = _PARTS.findall(entry.strip(_SEPARATORS))
    last = parts[-1] if parts else ""
    return (
        re.sub(r"\\(.)", r"\1", last[1:-1])
        if last.startswith('"') and last.endswith('"')
        else last.strip('"')
    )


def plain_sysctl(name: str) -> str:
    """The name with dots between its parts; a dot within a part is a slash, as sysctl(8) has it."""
    first = re.search(r"[./]", name)
    if first is None or first.group() == ".":
        return name
    return name.translate(str.maketrans("./", "/."))


def _reader(name: str, form: str) -> str:
    path = PurePath(name.casefold())
    for part, patterns in ((path.name, _BY_NAME), (path.parent.name, _BY_FOLDER)):
        for pattern, system in patterns.items():
            if fnmatchcase(part, pattern):
                return system
    return _BY_FORMAT.get(form, UNKNOWN)
