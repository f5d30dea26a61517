"""A proven configuration: what changes, by how much it is better, and what it risks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autotune.model.space import Apply, Scope, Value
from autotune.model.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One parameter that the profile sets, from its baseline value to the proven one."""

    parameter: str
    before: Value
    after: Value
    unit: str
    scope: Scope
    apply: Apply


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Changes that were confirmed together, the verdict on them, and where they were proven."""

    name: str
    made_by: Mapping[str, Any]
    verdict: Verdict
    host: Mapping[str, Any]
    risks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
