"""A study with three ways to apply a parameter, and the profile that was proven for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from autotune.model.profile import Change, Profile, Proof
from autotune.model.space import Apply, Value
from autotune.model.verdict import Effect, Held, Result

_ENV = Apply(actuator="env", options={"name": "MALLOC_ARENA_MAX"})


@pytest.fixture
def make_change() -> Callable[..., Change]:
    """Changes by argv unless told otherwise."""

    def make(parameter: str, after: Value, **changed: Any) -> Change:
        settings: dict[str, Any] = {
            "before": None,
            "unit": "",
            "scope": "restart",
            "apply": Apply(actuator="argv"),
        }
        return Change(parameter=parameter, after=after, **{**settings, **changed})

    return make


@pytest.fixture
def make_profile(make_change: Callable[..., Change]) -> Callable[..., Profile]:
    """Profiles with the given changes."""

    def make(*changes: Change, **changed: Any) -> Profile:
        settings: dict[str, Any] = {
            "name": "quickstart",
            "made_by": {
                "study": "quickstart",
                "run": "2026-11-24T22-10-03",
                "store_sha256": "ab" * 32,
                "autotune": "0.1.0",
            },
            "verdict": Proof(
                metric="tps",
                result=Result.BETTER,
                effect=Effect(estimate=0.182, low=0.159, high=0.204, level=0.9785),
                pairs=20,
                margin=0.02,
                limits={"p95_ms <= 1.05 * baseline": Held.HELD},
            ),
            "host": {
                "os": "linux",
                "cpus": 2,
                "kernel": "6.18",
                "virtual": True,
                "software": {"sqlite": "3.40.1"},
            },
            "risks": {},
            "changes": changes
            or (
                make_change("journal_mode", "wal", before="delete"),
                make_change("page_size", 8192, before=4096, unit="B"),
                make_change("arenas", 2, apply=_ENV),
                make_change("wal_autocheckpoint", None, before=1000),
            ),
        }
        return Profile(**{**settings, **changed})

    return make


@pytest.fixture
def profile(make_profile: Callable[..., Profile]) -> Profile:
    """A profile that uses every form the file has."""
    return make_profile()
