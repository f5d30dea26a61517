from __future__ import annotations

import pytest

from autotune.judge.brevity import calls_needed, too_short
from autotune.model.run import RunRecord
from autotune.model.trial import Sample, State


def record(wall_s, floor_s, *, state=State.OK):
    return RunRecord(
        run="r",
        study="s",
        document={},
        host={"spawn_floor_s": floor_s},
        baseline=tuple(Sample(state=state, wall_s=wall_s) for _ in range(5)),
    )


@pytest.mark.parametrize(
    ("call_s", "overhead_s", "calls"),
    [(0.001, 0.03, 600), (1.0, 0.03, 1), (1e-9, 0.03, 1_000_000), (0.0, 0.03, 1_000_000), (0.5, -0.1, 1)],
)
def test_calls_take_twenty_times_what_the_start_costs(call_s, overhead_s, calls):
    assert calls_needed(call_s, overhead_s) == calls


def test_a_sample_below_twenty_starts_is_warned_of():
    assert "a sample takes 10 ms, starting a process alone 0.6 ms" in too_short(record(0.010, 0.0006))
    assert too_short(record(0.012, 0.0006)) == ""


def test_without_a_floor_or_a_baseline_nothing_is_said():
    assert too_short(record(0.01, None)) == ""
    assert too_short(record(0.01, 1.0, state=State.TIMEOUT)) == ""
