"""Exports what a unit of systemd can set as a drop-in: environment, priorities, control group."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath

from autotune.core.errors import UsageError
from autotune.model.profile import Change, Profile
from autotune.profile.exporting import chosen, commented, comments, no_words, written
from autotune.profile.limits.host import SYSTEMD
from autotune.profile.place import place_of
from autotune.profile.words import one_line

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WHOLE = re.compile(r"-?[0-9]+")
_CPUS = re.compile(r"[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*")
_QUOTA = re.compile(r"([0-9]+)(?: ([0-9]+))?")
_IONICE = re.compile(r"(none|idle|realtime|best-effort)(?:[ :/]([0-7]))?")
_ENTRY = re.compile(r"(?:Service[./])?([A-Z][A-Za-z]*)")
_WORD = re.compile(r"[A-Za-z0-9_.,-]+")
_USE = "Save as /etc/systemd/system/UNIT.service.d/autotune.conf, then: systemctl daemon-reload, restart UNIT"
_DEFAULT_PERIOD_US = 100_000


def export(profile: Profile) -> str:
    """A `[Service]` drop-in under comments that say what is proven.

    Raises UsageError where nothing belongs to a unit, the changes belong to several, or a value cannot stand
    in a unit; RefusedError for a key that is never set.
    """
    taken = chosen(profile, _fits, "nothing that a unit of systemd can set")
    told = _for_whom(taken)
    lines = [line for change in taken for line in _lines(change)]
    return "\n".join([*commented((*comments(profile, taken), _USE, *told)), "[Service]", *lines]) + "\n"


def _fits(change: Change) -> bool:
    apply = change.apply
    if apply.actuator == "cgroup":
        return apply.options.get("attribute", "") in _ATTRIBUTES
    if apply.actuator == "process":
        return apply.options.get("name", "") in _PROCESS
    if apply.actuator == "file":
        entry = _ENTRY.fullmatch(apply.options.get("key", ""))
        return place_of(apply).system == "systemd" and bool(entry) and place_of(apply).key in SYSTEMD.allowed
    return apply.actuator == "env"


def _for_whom(taken: Sequence[Change]) -> tuple[str, ...]:
    """Whom the drop-in is for, as a comment; raises UsageError for several groups, or several processes."""
    groups = {PurePath(c.apply.options.get("name", "")).name for c in taken if c.apply.actuator == "cgroup"}
    processes = {c.apply.options.get("of", "") for c in taken if c.apply.actuator == "process"}
    if several := max(groups, processes, key=len) if max(len(groups), len(processes)) > 1 else None:
        names = ", ".join(sorted(map(one_line, several)))
        raise UsageError(f"a drop-in is for one unit, and this profile changes several: {names}.")
    named = [one_line(name) for name in (*groups, *processes) if name]
    return (f"for: {', '.join(named)}",) if named else ()


def _lines(change: Change) -> list[str]:
    apply = change.apply
    if apply.actuator == "env":
        return [_environment(change)]
    text = written(change, apply.actuator)
    if text is None:
        return [f"# {one_line(change.parameter)}: leave it unset"]
    if apply.actuator == "file":
        entry = _ENTRY.fullmatch(apply.options.get("key", ""))
        made = [f"{entry[1]}={text}"] if entry and _WORD.fullmatch(text) else []
    elif apply.actuator == "cgroup":
        made = _ATTRIBUTES[apply.options.get("attribute", "")](text)
    else:
        made = _PROCESS[apply.options.get("name", "")](text)
    if not made:
        raise no_words(change, text, "a unit of systemd has no words for")
    return made


def _environment(change: Change) -> str:
    name = change.apply.options.get("name", "")
    if not _VARIABLE.fullmatch(name):
        raise UsageError(f"parameter '{one_line(change.parameter)}' names no environment variable")
    text = written(change, "env")
    if text is None:
        return f"UnsetEnvironment={name}"
    quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'Environment="{name}={quoted}"'


def _matching(key: str, pattern: re.Pattern[str], most: str = "") -> Callable[[str], list[str]]:
    """A line of `key` for texts that match; `most` is what the word `max` is called there."""

    def lines(text: str) -> list[str]:
        text = most if most and text == "max" else text
        return [f"{key}={text}"] if pattern.fullmatch(text) or (most and text == most) else []

    return lines


def _quota(text: str) -> list[str]:
    if text.split()[:1] == ["max"]:
        return ["CPUQuota="]
    match = _QUOTA.fullmatch(text)
    period = int(match[2] or _DEFAULT_PERIOD_US) if match else 0
    if match is None or not period:
        return []
    share = f"{100 * int(match[1]) / period:.2f}".rstrip("0").rstrip(".")
    return [f"CPUQuota={share}%", f"CPUQuotaPeriodSec={period}us"]


def _weight(text: str) -> list[str]:
    return _matching("IOWeight", _WHOLE)(text.removeprefix("default "))


def _ionice(text: str) -> list[str]:
    match = _IONICE.fullmatch(text)
    if match is None:
        return []
    return [f"IOSchedulingClass={match[1]}", *([f"IOSchedulingPriority={match[2]}"] if match[2] else [])]


_ATTRIBUTES: Mapping[str, Callable[[str], list[str]]] = {
    "cpu.weight": _matching("CPUWeight", _WHOLE),
    "cpu.max": _quota,
    "cpuset.cpus": _matching("AllowedCPUs", _CPUS),
    "memory.max": _matching("MemoryMax", re.compile(r"[0-9]+[KMGT]?"), "infinity"),
    "memory.high": _matching("MemoryHigh", re.compile(r"[0-9]+[KMGT]?"), "infinity"),
    "pids.max": _matching("TasksMax", _WHOLE, "infinity"),
    "io.weight": _weight,
}
_PROCESS: Mapping[str, Callable[[str], list[str]]] = {
    "nice": _matching("Nice", _WHOLE),
    "affinity": _matching("CPUAffinity", _CPUS),
    "policy": _matching("CPUSchedulingPolicy", re.compile(r"other|batch|idle")),
    "ionice": _ionice,
}
