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
    assert zstd.keeps({"ratio": 1.0, "speed": 5.0})
    zstd.baselines.append({"ratio": 3.0, "speed": 2.0})

    assert zstd.keeps({"ratio": 2.9999, "speed": 5.0})
    assert not zstd.keeps({"ratio": 2.9, "speed": 5.0})


def test_what_is_not_permitted_is_not_run(zstd):
    assert zstd.cost({"level": 10**6}) is None
    assert zstd.ran == 0


STUDY = """\
study: echo
workload:
  workload: formula
  command: ["echo", "speed={x} ratio={y}"]
  metrics:
    speed: {regex: 'speed=(\\S+)', direction: maximize}
    ratio: {regex: 'ratio=(\\S+)', direction: maximize}
  parameters:
    x: {int: [1, 100], default: 10}
    y: {int: [1, 5], default: 3}
objective: {metric: speed}
limits: ["ratio >= 0.9 * baseline"]
budget: {trials: 10}
"""


def test_every_measurement_is_a_run_that_keeps_the_limits(tmp_path):
    (tmp_path / "echo.yaml").write_text(STUDY)
    live = Live.of(tmp_path / "echo.yaml")

    assert live.baseline() == -10
    assert live.cost({"x": 50, "y": 4}) == -50
    assert live.cost({"x": 50, "y": 1}) is None
    assert live.ran == 3
