from __future__ import annotations

from pathlib import Path

import pytest
from search.live import Live

ROOT = Path(__file__).parents[2]


@pytest.fixture
def zstd():
    """A study of the gallery with a limit relative to its baseline."""
    live = Live.of(ROOT / "studies" / "zstd.yaml")
    assert any(limit.kind == "relative" for limit in live.study.limits)
    return live


def test_indices_of_a_peer_are_configurations_of_the_study(zstd):
    for place in (0, -1):
        config = zstd.config([range(size)[place] for size in zstd.sizes])
        assert all(zstd.study.workload.space[name].contains(value) for name, value in config.items())


def test_limits_relative_to_the_baseline_count_once_it_is_known(zstd):
    assert zstd._keeps({"ratio": 1.0, "speed": 5.0})
    zstd.baselines.append({"ratio": 3.0, "speed": 2.0})

    assert zstd._keeps({"ratio": 2.9999, "speed": 5.0})
    assert not zstd._keeps({"ratio": 2.9, "speed": 5.0})


def test_what_is_not_permitted_is_not_run(zstd):
    assert zstd.cost({"level": 10**6}) is None
    assert zstd.ran == 0
