from __future__ import annotations

import subprocess
import sys

import pytest

from autotune.core.errors import BusyError, StorageError
from autotune.core.files import locked, sha256, write_atomic


def test_a_file_is_written_whole_with_its_mode(tmp_path):
    path = tmp_path / "deep" / "a.txt"
    write_atomic(path, "old")
    write_atomic(path, "néw", mode=0o600)
    assert path.read_text() == "néw"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in path.parent.iterdir()] == ["a.txt"]


def test_a_write_that_fails_leaves_what_was_there_and_nothing_else(tmp_path):
    target = tmp_path / "taken"
    target.mkdir()
    (target / "inside").write_text("kept")
    with pytest.raises(StorageError, match="taken cannot be written"):
        write_atomic(target, "text")
    assert [p.name for p in tmp_path.iterdir()] == ["taken"]
    assert (target / "inside").read_text() == "kept"


def test_a_folder_that_is_a_file_is_a_storage_error(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError):
        write_atomic(tmp_path / "file" / "a.txt", "text")
    with pytest.raises(StorageError), locked(tmp_path / "file" / "lock", what="it"):
        pass


def test_half_a_surrogate_pair_does_not_stop_a_write(tmp_path):
    write_atomic(tmp_path / "a.txt", "x\ud800y")
    assert (tmp_path / "a.txt").read_text() == "x\\ud800y"


def test_the_hash_is_that_of_the_contents(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    assert sha256(tmp_path / "a").startswith("ba7816bf")


def test_a_lock_is_held_once_and_names_its_holder(tmp_path):
    path = tmp_path / "lock"
    program = (
        "import sys; from pathlib import Path; from autotune.core.files import locked\n"
        "with locked(Path(sys.argv[1]), what='it'): print('held', flush=True); sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(BusyError, match=f"it is in use by process {holder.pid}"), locked(path, what="it"):
            pass
        holder.kill()
    with locked(path, what="it"):
        pass


def test_a_lock_does_not_follow_a_link(tmp_path):
    (tmp_path / "target").write_text("kept")
    (tmp_path / "lock").symlink_to(tmp_path / "target")
    with pytest.raises(StorageError), locked(tmp_path / "lock", what="it"):
        pass
    assert (tmp_path / "target").read_text() == "kept"
