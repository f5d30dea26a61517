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


@pytest.fixture
def server_profile(make_profile: Callable[..., Profile], make_change: Callable[..., Change]) -> Profile:
    """A profile with something for every format but SQL, in the forms that profiles have."""

    def by(parameter: str, before: Value, after: Value, actuator: str, name: str, **options: str) -> Change:
        apply = Apply(actuator=actuator, options={"name": name, **options})
        return make_change(parameter, after, before=before, apply=apply, scope="reload")

    return make_profile(
        by("swappiness", 60, 10, "sysctl", "vm.swappiness"),
        by("dirty", 0, 268435456, "sysctl", "vm.dirty_bytes"),
        by("rmem", "4096 131072 6291456", "4096 262144 16777216", "sysctl", "net/ipv4/tcp_rmem"),
        by("numa", True, False, "sysctl", "kernel.numa_balancing"),
        by("thp", "always", "madvise", "sysfs", "kernel/mm/transparent_hugepage/enabled"),
        by("arenas", None, 2, "env", "MALLOC_ARENA_MAX"),
        by("old", 3, None, "env", "OMP_NUM_THREADS"),
        by("share", "max 100000", "150000 100000", "cgroup", "system.slice/db.service", attribute="cpu.max"),
        by("weight", 100, 300, "cgroup", "system.slice/db.service", attribute="cpu.weight"),
        by("limit", "max", "max", "cgroup", "system.slice/db.service", attribute="memory.high"),
        by("nice", 0, -5, "process", "nice", of="db"),
        by("io", "none", "best-effort:2", "process", "ionice", of="db"),
        by("buffers", 128, 4096, "file", "postgresql.conf", key="shared_buffers", value="{value}MB"),
        by("cost", 4.0, 1.1, "postgres", "random_page_cost"),
        by("jit", True, False, "postgres", "jit"),
        by("policy", "noeviction", "allkeys-lru", "redis", "maxmemory-policy", port="6379"),
        by("threads", True, False, "redis", "activedefrag"),
        by("gzip", False, True, "file", "nginx.conf", key="http.gzip"),
        by("alive", "75s", "30s 20s", "file", "nginx.conf", key="keepalive_timeout"),
        by("workers", 1, "auto", "file", "nginx.conf", key="worker_processes"),
        risks={"durability": ("dirty",)},
    )
