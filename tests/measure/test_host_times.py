from __future__ import annotations

import time

from autotune.measure.doctor.finding import Machine
from autotune.measure.doctor.host_times import host_times


def test_a_missing_file_is_no_reading(tmp_path):
    assert host_times(Machine(root=tmp_path)) is None


def test_time_goes_on_here():
    before = host_times(Machine())
    time.sleep(0.1)
    after = host_times(Machine())
    assert after.total_s > before.total_s
    assert after.busy_s >= before.busy_s
