import os
import sys
from pathlib import Path

from autotune.measure.launcher import Launcher
from autotune.measure.outcome import Outcome, Request
from autotune.measure.portable import Portable

TREE = """
import subprocess, sys
burn = "import time; x = bytearray(30 << 20)\\nwhile time.process_time() < 0.8: pass"
subprocess.run([sys.executable, "-c", burn])
"""


def measured(proc: Path, folder: Path) -> Outcome:
    """The outcome where /proc is at `proc`."""
    with Launcher(proc=proc) as launcher:
        return launcher.run(
            Request(argv=(sys.executable, "-c", TREE), cwd=folder, env=os.environ, timeout_s=60, monitor=True)
        )


def test_psutil_reads_the_series_where_there_is_no_proc(tmp_path: Path) -> None:
    outcome = measured(tmp_path / "missing", tmp_path)
    assert outcome.good
    columns = outcome.series.columns
    assert set(columns) == {"cpu_s", "rss_bytes", "processes"}
    assert max(columns["processes"]) == 2
    assert max(columns["rss_bytes"]) > 30 << 20
    assert max(columns["cpu_s"]) > 0.2
    assert {len(column) for column in columns.values()} == {len(outcome.series.seconds)}
    assert outcome.monitor_s > 0


def test_own_reader_is_used_where_proc_is_there(tmp_path: Path) -> None:
    assert "read_bytes" in measured(Path("/proc"), tmp_path).series.columns


def test_process_that_is_gone_gives_no_rows() -> None:
    with Portable(2**22 + 1) as series:
        pass
    assert series.columns() == {"seconds": [], "cpu_s": [], "rss_bytes": [], "processes": []}
