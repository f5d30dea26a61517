"""Files of control groups in both spellings, from fake trees."""

from pathlib import Path

import pytest

from autotune.sidecar.descriptors import Descriptors
from autotune.sidecar.figures import Figures, pressure

SECOND = {
    "cpu.stat": "usage_usec 3500000\nuser_usec 2500000\nsystem_usec 1000000\nnr_throttled 0\n",
    "memory.stat": "anon 1000\nfile 900000\nkernel 5\nshmem 200\n",
    "memory.peak": "901205\n",
    "memory.events": "low 0\nhigh 0\nmax 7\noom 1\noom_kill 2\n",
    "pids.current": "3\n",
    "pids.peak": "9\n",
    "cgroup.procs": "11\n12\n",
    "cpu.pressure": "some avg10=0.00 avg60=0.00 avg300=0.00 total=1500000\nfull avg10=0.00 total=0\n",
    "memory.pressure": "some avg10=0.00 total=7\n",
}
FIRST = {
    "cpuacct.usage": "4000000000\n",
    "cpuacct.stat": "user 300\nsystem 100\n",
    "memory.stat": "cache 900000\nrss 1\ntotal_cache 900000\ntotal_rss 1000\ntotal_shmem 200\n",
    "memory.max_usage_in_bytes": "901205\n",
    "memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n",
    "pids.current": "3\n",
    "pids.peak": "9\n",
    "cgroup.procs": "11\n12\n",
}


def write(folder: Path, files: dict[str, str]) -> str:
    """The folder with these files in it."""
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name).write_text(content)
    return str(folder)


def test_version_2_files_are_read(tmp_path: Path) -> None:
    figures = Figures({"": write(tmp_path / "g", SECOND)})
    assert figures.cpu() == (2.5, 1.0)
    assert figures.anonymous() == 1200
    assert figures.peak_with_cache() == 901205
    assert figures.oom_kills() == 2
    assert (figures.processes(), figures.peak_processes()) == (3, 9)
    assert figures.pids() == [11, 12]
    assert figures.pressure() == {"cpu_some": 1.5, "cpu_full": 0.0, "memory_some": 7e-6}
    figures.close()


def test_version_1_files_are_read(tmp_path: Path) -> None:
    folder = write(tmp_path / "g", FIRST)
    figures = Figures(dict.fromkeys(("cpuacct", "memory", "pids", "freezer"), folder))
    assert figures.cpu() == (3.0, 1.0)
    assert figures.anonymous() == 1200
    assert figures.peak_with_cache() == 901205
    assert figures.oom_kills() == 2
    assert figures.peak_processes() == 9
    assert figures.pids() == [11, 12]
    assert figures.pressure() == {}
    figures.close()


@pytest.mark.parametrize("version", ["", "cpuacct"])
def test_missing_controller_gives_no_figure(tmp_path: Path, version: str) -> None:
    figures = Figures({version: write(tmp_path / "g", {})})
    assert figures.cpu() is None
    assert figures.anonymous() is None
    assert figures.peak_with_cache() is None
    assert figures.peak_processes() is None
    assert figures.pids() is None
    assert figures.oom_kills() == 0


def test_figure_is_read_afresh_from_a_file_that_stays_open(tmp_path: Path) -> None:
    folder = write(tmp_path / "g", SECOND)
    figures = Figures({"": folder})
    assert figures.processes() == 3
    (tmp_path / "g" / "pids.current").write_text("5\n")
    assert figures.processes() == 5
    figures.close()


def test_pressure_line_without_a_total_is_left_out(tmp_path: Path) -> None:
    folder = write(tmp_path / "g", {"cpu.pressure": "some avg10=0.00\n\nfull total=1000000\n"})
    assert pressure(Descriptors(), folder + "/{}.pressure") == {"cpu_full": 1.0}
