from __future__ import annotations

import time

import pytest

from autotune.measure.noise import NAMES, HostTimes, foreign, host_times

STAT = "cpu  100 10 50 800 20 5 5 10 30 0\ncpu0 100 10 50 800 20 5 5 10 30 0\nctxt 7\n"


def fake(tmp_path, text):
    (tmp_path / "stat").write_text(text)
    return tmp_path


def test_guests_are_part_of_user_and_waiting_is_idle(tmp_path):
    found = host_times(fake(tmp_path, STAT))
    assert found == HostTimes(busy_s=1.7, steal_s=0.1, total_s=10.0)


@pytest.mark.parametrize("text", ["", "cpu  1 2 3 4\n", "cpu a b c d e f g h\n"])
def test_a_file_that_tells_less_is_no_reading(tmp_path, text):
    assert host_times(fake(tmp_path, text)) is None


def test_a_missing_file_leaves_the_figures_unavailable(tmp_path):
    none = host_times(tmp_path)
    assert [(r.name, r.value, r.quality) for r in foreign(none, none, 0.5)] == [
        (name, None, "unavailable") for name in NAMES
    ]


def test_foreign_cpu_is_what_was_busy_less_ones_own():
    before = HostTimes(busy_s=10, steal_s=1, total_s=100)
    after = HostTimes(busy_s=12, steal_s=1.5, total_s=104)
    assert {r.name: r.value for r in foreign(before, after, 0.75)} == {
        "steal_s": 0.5,
        "foreign_cpu_s": 1.25,
        "host_cpu_s": 4,
    }


def test_own_cpu_beyond_the_ticks_is_no_negative_neighbour():
    still = HostTimes(busy_s=10, steal_s=1, total_s=100)
    assert foreign(still, still, 0.003)[1].value == 0.0


def test_time_goes_on_here():
    before = host_times()
    time.sleep(0.1)
    after = host_times()
    assert after.total_s > before.total_s
    assert after.busy_s >= before.busy_s
