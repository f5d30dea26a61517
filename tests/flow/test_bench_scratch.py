from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from autotune.core.errors import StorageError
from autotune.flow.bench_scratch import scratch


def test_nothing_stays_behind(tmp_path: Path) -> None:
    with scratch(tmp_path / "reports") as folder:
        folder.mkdir()
        (folder / "file").touch()
    assert list(tmp_path.iterdir()) == []


def test_folder_that_was_there_stays(tmp_path: Path) -> None:
    with pytest.raises(KeyError), scratch(tmp_path):
        raise KeyError
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_removed_and_what_a_living_one_uses_is_kept(tmp_path: Path) -> None:
    code = (
        "import sys, os; from pathlib import Path; from autotune.flow.bench_scratch import scratch\n"
        "with scratch(Path(sys.argv[1])) as folder:\n"
        "    folder.mkdir(); print(folder, flush=True); sys.stdin.read()"
    )
    argv = [sys.executable, "-c", code, str(tmp_path)]
    process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    left = Path(process.stdout.readline().strip())
    with scratch(tmp_path):
        assert left.exists()
    process.kill()
    process.communicate()
    assert left.exists()
    with scratch(tmp_path):
        assert not left.exists()
    assert list(tmp_path.iterdir()) == []


def test_place_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="cannot be used"), scratch(tmp_path / "file"):
        pass
