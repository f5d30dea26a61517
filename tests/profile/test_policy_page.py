"""The page of the policy is made from its tables, so that it tells the policy that rules."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from autotune.profile.limits.host import PROTECTED_FILES, PROTECTED_GROUPS, PROTECTED_PROCESSES
from autotune.profile.limits.limit import Table
from autotune.profile.limits.tables import TABLES
from autotune.profile.within import shown_range

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "policy.md"
NAMES = {
    "sysctl": "Sysctls",
    "sysfs": "Files below /sys",
    "cgroup": "Control groups",
    "process": "Processes",
    "pragma": "SQLite pragmas",
    "systemd": "Files, and units of systemd among them",
    "postgres": "PostgreSQL",
    "redis": "Redis",
    "nginx": "nginx",
    "mysql": "MySQL",
    "env": "Environment",
}

PROTECTED = {
    "cgroup": ("Never, whatever the attribute: the root", [name for name in PROTECTED_GROUPS if name]),
    "process": ("Never, whatever the property", PROTECTED_PROCESSES),
    "systemd": ("Files whose entries are never set, whatever their format", PROTECTED_FILES),
}


def _section(system: str, table: Table) -> Iterator[str]:
    yield f"\n## {NAMES[system]}\n"
    if table.closed:
        yield f"Only these are open: {_code(table.closed)}. All others are never set.\n"
    if system in PROTECTED:
        told, names = PROTECTED[system]
        yield f"{told}: {_code(' '.join(names))}.\n"
    reasons: dict[str, list[str]] = {}
    for key, reason in table.never.items():
        reasons.setdefault(reason, []).append(key)
    if reasons:
        yield "| never, because | keys |\n|---|---|"
        yield from (f"| {reason} | {_code(' '.join(keys))} |" for reason, keys in reasons.items())
        yield ""
    yield "| allowed | safe |\n|---|---|"
    for key, limit in table.allowed.items():
        yield f"| `{key}` | {shown_range(limit, {}).replace('|', '/')} |"


def _code(keys: str) -> str:
    return ", ".join(f"`{key}`" for key in keys.split())


def test_the_page_tells_the_policy_that_rules() -> None:
    head = PAGE.read_text().split("\n## ")[0]
    page = head + "\n".join(line for system in NAMES for line in _section(system, TABLES[system])) + "\n"
    if os.environ.get("AUTOTUNE_GOLDEN") == "write":
        PAGE.write_text(page)
    assert PAGE.read_text() == page


def test_every_table_is_on_the_page() -> None:
    assert set(NAMES) == set(TABLES)
