import json
import os
import platform
from pathlib import Path

import pytest

from autotune.measure import host
from autotune.measure.host import describe, facts


def test_facts_are_plain_values_under_host() -> None:
    known = facts()
    assert set(known) == {"host.cpus", "host.memory_mib", "host.page_size", "host.arch", "host.kernel"}
    assert known["host.page_size"] == os.sysconf("SC_PAGE_SIZE")
    assert known["host.kernel"] == platform.release()


def test_cpus_are_those_this_process_may_use() -> None:
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        assert facts()["host.cpus"] == 1
    finally:
        os.sched_setaffinity(0, allowed)


def test_memory_limit_of_a_control_group_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "_memory_limits", lambda: iter([1 << 40, 512 << 20]))
    assert facts()["host.memory_mib"] == 512


def test_description_names_neither_host_nor_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("API_TOKEN", "canary-7f3a9")
    text = json.dumps(describe(tmp_path))
    assert "canary" not in text
    assert platform.node() not in {value for value in describe().values() if isinstance(value, str)}


def test_description_is_complete() -> None:
    described = describe()
    wanted = {"os", "arch", "cpus", "memory_mib", "kernel", "cpu_model", "python", "filesystem", "sqlite"}
    assert wanted | {"container", "load"} <= set(described)
    assert all(described[name] for name in wanted)
