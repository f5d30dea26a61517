"""Placeholders `{name}` in the words of a command."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from autotune.core.hint import did_you_mean

PART = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
"""A doubled brace, a placeholder with its name as the group, or a brace that stands alone."""


def names(text: str) -> frozenset[str]:
    """Names between single braces in `text`."""
    return frozenset(match[1] for match in PART.finditer(text) if match[1] is not None)


def problems(text: str, known: Collection[str]) -> Iterator[tuple[str, str]]:
    """What is wrong with the placeholders in `text`: a name (empty: none) and a sentence for each.

    `known` are the names that something fills.
    """
    for match in PART.finditer(text):
        if match[0] in {"{", "}"}:
            yield "", f"a single '{match[0]}' in '{text}'; write '{match[0] * 2}' for the character itself"
        elif match[1] is not None and match[1] not in known:
            hint = did_you_mean(match[1], known) or " For literal braces write {{ and }}."
            yield match[1], f"'{match[0]}' is no field. Known: {', '.join(sorted(known))}.{hint}"
