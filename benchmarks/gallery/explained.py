"""What each parameter does, in the words of the workload's file."""

from __future__ import annotations

import re

import declared
from entries import Entry


def parameters(entry: Entry) -> dict[str, str]:
    """The description of each parameter; where it has none, the comments beside and below its name."""
    path = declared.file_of(entry) or entry.path
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    forms = declared.workload(entry).get("parameters", {})
    found = {name: str(form.get("description") or "").strip() for name, form in forms.items()}
    return {name: text or _commented(lines, name) for name, text in found.items()}


def _commented(lines: list[str], name: str) -> str:
    """The comments of the mapping `name:`, in one line; empty where there is none."""
    head = re.compile(rf"^(\s+){re.escape(name)}:(\s|$)")
    start = next((number for number, line in enumerate(lines) if head.match(line)), None)
    if start is None:
        return ""
    indent = len(lines[start]) - len(lines[start].lstrip())
    below = []
    for line in lines[start + 1 :]:
        if line.strip() and len(line) - len(line.lstrip()) <= indent:
            break
        below.append(line)
    found = (re.search(r"(?:^|\s)#\s?(.*)$", line) for line in (lines[start], *below))
    return " ".join(match[1].strip() for match in found if match)
