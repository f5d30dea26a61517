from __future__ import annotations

import time

import pytest

from autotune.sidecar import moment, recovery


def records(until: float, boot: str = "") -> list[dict[str, object]]:
    return [
        {"r": "begin", "boot": boot or moment.boot()},
        {"r": "lease", "until": until, "generations": []},
    ]


def test_lease_does_not_follow_the_clock_of_the_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    lease = records(moment.now_s() + 60)
    hour = 3600
    for jump in (-hour, hour):
        real = time.time()
        monkeypatch.setattr(time, "time", lambda now=real + jump: now)
        left_s = recovery.lease_s(lease)
        assert left_s is not None
        assert 50 < left_s <= 60


def test_lease_of_another_boot_counts_no_more() -> None:
    assert recovery.lease_s(records(moment.now_s() + 60, boot="another")) is None


def test_lease_that_is_over_is_told_as_such() -> None:
    left_s = recovery.lease_s(records(moment.now_s() - 1))
    assert left_s is not None
    assert left_s < 0


def test_change_that_was_committed_has_no_lease() -> None:
    assert recovery.lease_s([*records(moment.now_s() + 60), {"r": "commit", "generations": []}]) is None
