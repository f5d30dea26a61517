from pathlib import Path

import pytest

from autotune.sidecar import monitor
from autotune.sidecar.figures import Figures


def test_rows_stay_bounded_and_the_period_doubles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(monitor, "_MOST_ROWS", 8)
    series = monitor.Monitor(100.0)
    while series.due < 120.0:
        series.read(series.due)
    answer = series.answer()
    seconds = answer["seconds"]
    assert 4 <= len(seconds) < 8
    assert seconds == sorted(seconds)
    assert seconds[-1] > 15
    assert {len(column) for column in answer.values()} == {len(seconds)}


def test_series_without_a_reading_has_empty_columns() -> None:
    answer = monitor.Monitor(0.0).answer()
    assert set(answer) == {"seconds", *monitor.COLUMNS} - {"pss_bytes", "anonymous_bytes"}
    assert all(column == [] for column in answer.values())


def test_most_tasks_that_a_reading_saw_are_remembered(tmp_path: Path) -> None:
    (tmp_path / "cgroup.procs").write_text("")
    series = monitor.Monitor(0.0, Figures({"": str(tmp_path)}))
    for tasks in (1, 3, 2):
        (tmp_path / "pids.current").write_text(f"{tasks}\n")
        series.read(series.due)
    series.close()
    assert series.most_tasks == 3
