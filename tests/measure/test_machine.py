from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from autotune.measure import machine
from autotune.measure.machine import Around

BUDDY = "Node 0, zone      DMA      1      0      2\nNode 0, zone   Normal     10      5      0\n"


def fake(root: Path, *, busy: tuple[int, int], idle: int, throttled: tuple[str, ...] = ()) -> Path:
    """A fake tree of two CPUs."""
    (root / "proc").mkdir(parents=True, exist_ok=True)
    rows = [f"cpu{n} {b} 0 0 {idle - b} 0 0 0 0 999 0" for n, b in enumerate(busy)]
    (root / "proc/stat").write_text("\n".join(["cpu  0 0", *rows, "intr 5"]) + "\n")
    (root / "proc/buddyinfo").write_text(BUDDY)
    for n, text in enumerate(throttled):
        folder = root / f"sys/devices/system/cpu/cpu{n}/thermal_throttle"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "core_throttle_total_time_ms").write_text(f"{text}\n")
    return root


def test_busy_time_and_throttling_are_what_the_counters_grew_by(tmp_path: Path) -> None:
    before = machine.read({0, 1}, root=fake(tmp_path, busy=(10, 20), idle=1000, throttled=("5", "7")))
    after = machine.read({0, 1}, root=fake(tmp_path, busy=(110, 30), idle=1200, throttled=("105", "307")))
    around = Around(before=before, after=after)
    tick = os.sysconf("SC_CLK_TCK")
    assert around.busy_s() == (100 / tick, 10 / tick)
    assert around.throttled_s() == 0.2
    assert after.free_blocks == (11, 5, 2)


def test_only_the_cpus_that_were_asked_for_are_read(tmp_path: Path) -> None:
    root = fake(tmp_path, busy=(10, 20), idle=1000, throttled=("5",))
    assert machine.read({1}, root=root).busy_ticks == (20,)
    assert machine.read({0, 1}, root=root).throttled_ms == ()  # the second one does not tell


def test_a_sample_of_a_few_ticks_says_nothing_of_the_cpus(tmp_path: Path) -> None:
    before = machine.read({0, 1}, root=fake(tmp_path, busy=(10, 20), idle=1000))
    after = machine.read({0, 1}, root=fake(tmp_path, busy=(20, 20), idle=1019))
    around = Around(before=before, after=after)
    assert around.busy_s() is None
    assert around.throttled_s() is None


def test_a_machine_without_counters_yields_nothing(tmp_path: Path) -> None:
    assert machine.read({0}, root=tmp_path) == machine.Reading()
    assert Around(before=machine.Reading(), after=machine.Reading()).busy_s() is None


@pytest.mark.needs("cores")
def test_a_busy_cpu_of_this_machine_shows() -> None:
    before = machine.read()
    until = time.process_time() + 0.5
    while time.process_time() < until:
        pass
    busy = Around(before=before, after=machine.read()).busy_s()
    assert busy is not None
    assert len(busy) == len(os.sched_getaffinity(0))
    assert sum(busy) >= 0.4  # ticks of 10 ms: one is lost at each end of each stay on a CPU
