"""What is never set, whatever is said."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import PurePath

from autotune.model.space import Apply
from autotune.profile.limits.host import PROTECTED_FILES, PROTECTED_GROUPS, PROTECTED_PROCESSES
from autotune.profile.limits.limit import Table
from autotune.profile.limits.tables import READERS, table_of
from autotune.profile.place import UNKNOWN, Place, spellings
from autotune.profile.words import one_line


def reason_against(apply: Apply, place: Place) -> str:
    """The reason that forbids it whatever is said; empty where there is none."""
    if place.system == "cgroup":
        why = _of_group(apply.options.get("name", "").strip("/ "))
    elif place.system == "process":
        why = _of_process(apply.options.get("of", "").strip())
    elif place.system in {"sysfs", "sysctl"}:
        why = _of_path(place.key)
    else:
        why = ""
    if apply.actuator == "file":
        return _in_file(apply, place)
    return why or _forbidden(table_of(place.system), place.key)


def _of_group(group: str) -> str:
    if any(fnmatchcase(group, known) for known in PROTECTED_GROUPS):
        return "the group holds the system, or what it is reached by"
    return "it leads out of its folder" if ".." in group.split("/") else ""


def _of_process(process: str) -> str:
    if any(fnmatchcase(process, known) for known in PROTECTED_PROCESSES):
        return f"the machine needs '{one_line(process)}' to be reached and ended in order"
    return ""


def _of_path(key: str) -> str:
    if not key.replace("/", ".").strip("."):
        return "it names no file"
    return "it leads out of its folder" if ".." in key.split("/") or key[:1] in {"/", "."} else ""


def _in_file(apply: Apply, place: Place) -> str:
    name = PurePath(apply.options.get("name", "")).name.casefold()
    if any(fnmatchcase(name, pattern) for pattern in PROTECTED_FILES):
        return f"the file '{one_line(name)}' decides who may do what on this machine"
    # Of a file that nobody knows: whoever reads it, nothing that any of them must not be told.
    tables = READERS if place.system == UNKNOWN else (table_of(place.system),)
    keys = sorted({place.key, *spellings(apply)})
    return next((why for table in tables for key in keys if (why := _forbidden(table, key))), "")


def _forbidden(table: Table, key: str) -> str:
    for pattern, reason in table.never.items():
        if fnmatchcase(key, pattern):
            return reason
    if table.closed and not any(fnmatchcase(key, pattern) for pattern in table.closed.split()):
        return f"only these are open: {', '.join(table.closed.split())}"
    return ""
