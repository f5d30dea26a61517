"""A store among other processes: killed, locked, raced for, out of room."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from autotune.core.errors import StorageError
from autotune.model.trial import Sample, State
from autotune.store.store import Store

Python = Callable[..., subprocess.Popen[str]]
Make = Callable[..., Sample]


def _write(path: Path, told: int) -> None:
    """Saves samples without end, and writes each one's number to `told` when it is acknowledged."""
    with Store.open(path) as store:
        if store.latest_run() is None:
            store.begin_run("r1", "pg", {}, {})
            store.add_trial("r1", 0, {"a": 1}, "tpe")
        trials = store.load_run("r1").trials
        for number in count(len(trials[0].samples)):
            measured = Sample(state=State.OK, metrics={"n": number}, output="line\n" * 200)
            store.add_sample("r1", measured, role="trial", trial=0, index=number)
            os.write(told, b"%d\n" % number)


def _begin(path: Path, told: int) -> None:
    with Store.open(path) as store:
        store.begin_run(f"r{os.getpid()}", "pg", {}, {})
    os.write(told, b"done\n")


_HOLDER = """
import sqlite3, sys

connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.readline()
connection.execute("COMMIT")
"""


def _forked(work: Callable[[Path, int], None], path: Path) -> tuple[int, int]:
    """A process of its own that does `work`: its pid, and where it tells what it has done."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover  another process
        try:
            os.close(reading)
            work(path, writing)
        finally:
            os._exit(0)
    os.close(writing)
    return child, reading


def _killed(child: int, reading: int) -> str:
    """All that the process told before it was killed."""
    os.kill(child, signal.SIGKILL)
    return _ended(child, reading)


def _ended(child: int, reading: int) -> str:
    os.waitpid(child, 0)
    with os.fdopen(reading) as told:
        return told.read()


def test_kill_9_loses_no_acknowledged_sample(tmp_path: Path) -> None:
    path = tmp_path / "study.db"
    pauses = random.Random(9)
    acknowledged = -1
    for _ in range(20):
        child, reading = _forked(_write, path)
        first = os.read(reading, 1)
        time.sleep(pauses.uniform(0, 0.05))
        told = first.decode() + _killed(child, reading)
        acknowledged = max(acknowledged, int(told.split()[-1]))

        with Store.open(path) as store:
            samples = store.load_run("r1").trials[0].samples
        assert [s.metrics["n"] for s in samples] == list(range(len(samples)))
        assert len(samples) > acknowledged


def test_a_kill_while_creating_leaves_no_half_store(tmp_path: Path) -> None:
    path = tmp_path / "study.db"
    pauses = random.Random(9)
    for _ in range(20):
        child, reading = _forked(_begin, path)
        time.sleep(pauses.uniform(0, 0.06))
        done = _killed(child, reading)

        with Store.open(path) as store:
            assert store.runs() in ([f"r{child}"], *([] if done else [[]]))
        assert [entry.name for entry in tmp_path.iterdir()] == ["study.db"]
        path.unlink()


def test_what_a_killed_creator_left_is_no_hindrance(tmp_path: Path) -> None:
    for name in (".study.db.new", ".study.db.new-wal"):
        (tmp_path / name).write_bytes(b"half a database")

    with Store.open(tmp_path / "study.db") as store:
        assert store.runs() == []
    assert [entry.name for entry in tmp_path.iterdir()] == ["study.db"]


def test_eight_processes_create_one_store(tmp_path: Path) -> None:
    for attempt in range(5):
        path = tmp_path / str(attempt) / "study.db"
        children = [_forked(_begin, path) for _ in range(8)]

        assert [_ended(*child) for child in children] == ["done\n"] * 8
        with Store.open(path) as store:
            assert sorted(store.runs()) == sorted(f"r{child}" for child, _ in children)
        assert [entry.name for entry in path.parent.iterdir()] == ["study.db"]


def test_a_locked_store_is_waited_for(store: Store, python: Python, sample: Make) -> None:
    holder = python(_HOLDER, store.path)
    assert holder.stdout is not None
    assert holder.stdin is not None
    assert holder.stdout.readline() == "held\n"

    with Store.open(store.path, wait_s=0.2) as impatient:
        with pytest.raises(StorageError, match=r"locked by another process, still after 0\.2 s"):
            impatient.add_sample("r1", sample(), role="baseline")
        assert len(impatient.load_run("r1").baseline) == 0

    holder.stdin.write("go\n")
    holder.stdin.flush()

    store.add_sample("r1", sample(), role="baseline")

    assert len(store.load_run("r1").baseline) == 1


def _fill(path: Path, sample: Make) -> int:
    """How many samples could be saved before the disk was full."""
    saved = 0
    try:
        with Store.open(path) as store:
            store.begin_run("r1", "pg", {}, {})
            while True:
                text = random.Random(saved).randbytes(2000).hex()
                store.add_sample("r1", sample(output=text), role="baseline", index=saved)
                saved += 1
    except StorageError:
        return saved


@pytest.mark.needs("tmpfs")
@pytest.mark.parametrize("room_kib", [64, 200])
def test_a_full_disk_loses_nothing_that_was_saved(room_kib: int, tmp_path: Path, sample: Make) -> None:
    path = tmp_path / "small" / "study.db"
    path.parent.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={room_kib}k", "none", path.parent], check=True)
    try:
        saved = _fill(path, sample)
        assert path.exists() == (room_kib == 200)
        subprocess.run(["mount", "-o", "remount,size=8m", path.parent], check=True)
        with Store.open(path) as store:
            assert len(store.load_run("r1").baseline if store.runs() else ()) == saved
    finally:
        subprocess.run(["umount", path.parent], check=True)


@pytest.mark.needs("tmpfs")
def test_a_read_only_disk_is_read_and_not_written(filled: Path, tmp_path: Path) -> None:
    folder = tmp_path / "frozen"
    folder.mkdir()
    path = folder / "study.db"
    subprocess.run(["mount", "-t", "tmpfs", "none", folder], check=True)
    try:
        path.write_bytes(filled.read_bytes())
        subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
        with Store.open(path, read_only=True) as store:
            assert len(store.load_run("r1").trials) == 12
        with pytest.raises(StorageError, match=r"study\.db"), Store.open(path) as store:
            store.finish_trial("r1", 0, state=State.OK)
        with pytest.raises(StorageError, match=r"new\.db cannot be created"):
            Store.open(folder / "new.db")
    finally:
        subprocess.run(["umount", folder], check=True)
