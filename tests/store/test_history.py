"""A history keeps each result once, in a file and in a real server of PostgreSQL, whatever its version."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from autotune.core.errors import StorageError, UsageError
from autotune.store import history as module
from autotune.store.history import History, Result

PASSWORD = "open-sesame"

RESULT = Result(
    measured="2026-01-02T03:04:05+00:00",
    commit="a" * 40,
    committed="2026-01-01T00:00:00+00:00",
    subject="Parse faster",
    workload="parse",
    metric="seconds",
    unit="s",
    direction="minimize",
    samples=[1.0, 1.1, 0.9],
    machine={"machine.cpu": "model"},
)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a server of its own, which runs as an ordinary user."""
    binaries = max(Path("/usr/lib/postgresql").glob("*/bin"))
    folder = Path(tempfile.mkdtemp(prefix="test-history-", dir="/var/tmp"))
    as_user: dict[str, Any] = {}
    if os.geteuid() == 0:
        as_user = {"user": "nobody", "group": "nogroup", "extra_groups": []}
        shutil.chown(folder, "nobody", "nogroup")
    (folder / "password").write_text(PASSWORD)
    (folder / "password").chmod(0o644)
    (folder / "log").touch(mode=0o666)
    data, port = folder / "data", _free_port()
    initdb = [binaries / "initdb", "-D", data, "-U", "autotune", "-A", "scram-sha-256", "--no-sync"]
    subprocess.run(
        [*initdb, f"--pwfile={folder}/password"], check=True, capture_output=True, cwd=folder, **as_user
    )
    with (folder / "log").open("a") as log:
        process = subprocess.Popen(
            [binaries / "postgres", "-D", data, "-k", folder, "-p", str(port), "-c", "fsync=off"],
            stdout=log,
            stderr=log,
            cwd=folder,
            **as_user,
        )
    try:
        _wait(port, process, folder / "log")
        yield f"postgresql://autotune:{PASSWORD}@127.0.0.1:{port}/postgres"
    finally:
        process.terminate()
        process.wait(30)
        shutil.rmtree(folder)


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        with socket.socket() as asked:
            if asked.connect_ex(("127.0.0.1", port)) == 0 and "ready to accept" in log.read_text():
                return
        assert process.poll() is None, log.read_text()
        time.sleep(0.1)
    raise AssertionError(log.read_text())


@pytest.fixture
def database(server: str) -> Iterator[str]:
    """The address of an empty database of the server."""
    name = f"d{time.monotonic_ns()}"
    engine = sa.create_engine(
        server.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
        yield server.rpartition("/")[0] + f"/{name}"
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture(
    params=["file", pytest.param("postgres", marks=[pytest.mark.needs("postgres"), pytest.mark.slow])]
)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a history may be."""
    if request.param == "file":
        return str(tmp_path / "new" / "history.db")
    address: str = request.getfixturevalue("database")
    return address


def test_each_result_is_kept_once(place: str) -> None:
    other = replace(RESULT, commit="b" * 40)
    with History.open(place) as history:
        assert history.add([RESULT, other]) == 2
        assert history.add([RESULT, replace(other, measured="2026-01-03T00:00:00+00:00")]) == 1
    with History.open(place) as again:
        assert len(again.results()) == 3
        assert again.results()[0] == RESULT


def test_results_stand_in_the_order_of_their_commits(place: str) -> None:
    times = ["2026-03-01T00:00:00+00:00", "2026-01-01T00:00:00+00:00", "2026-02-01T00:00:00+00:00"]
    with History.open(place) as history:
        history.add([replace(RESULT, commit=str(i), committed=at) for i, at in enumerate(times)])
        assert [one.commit for one in history.results()] == ["1", "2", "0"]


def test_one_series_is_asked_for(place: str) -> None:
    with History.open(place) as history:
        history.add([RESULT, replace(RESULT, metric="memory"), replace(RESULT, workload="other")])
        assert [one.metric for one in history.results(workload="parse", metric="memory")] == ["memory"]
        assert {one.workload for one in history.results(metric="seconds")} == {"parse", "other"}


def test_any_text_comes_back_as_it_was(place: str) -> None:
    strange = replace(RESULT, subject="'; DROP TABLE history_result; -- \N{SNOWMAN}", workload="a%b_c")
    with History.open(place) as history:
        history.add([strange])
        assert history.results(workload="a%b_c") == [strange]


def test_later_version_is_refused_and_left_as_it_is(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with History.open(place) as history:
        history.add([RESULT])
    monkeypatch.setattr(module, "SCHEMA", 0)
    with pytest.raises(StorageError, match=r"is of version 1, this autotune knows 0: take a later one"):
        History.open(place)
    monkeypatch.undo()
    with History.open(place) as history:
        assert history.results() == [RESULT]


def test_earlier_version_is_brought_up_step_by_step(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with History.open(place) as history:
        history.add([RESULT])
    steps = [
        lambda operations: operations.add_column("history_result", sa.Column("note", sa.String)),
        lambda operations: operations.execute("UPDATE history_result SET note = 'old'"),
    ]
    monkeypatch.setattr(module, "SCHEMA", 3)
    monkeypatch.setattr(module, "_STEPS", tuple(steps))
    with History.open(place) as history:
        assert history.results() == [RESULT]
        with history._engine.connect() as connection:
            assert connection.scalars(sa.text("SELECT note FROM history_result")).all() == ["old"]
    with History.open(place):
        pass


def test_step_that_fails_leaves_the_earlier_version(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with History.open(place) as history:
        history.add([RESULT])
    steps = [
        lambda operations: operations.add_column("history_result", sa.Column("note", sa.String)),
        lambda operations: operations.execute("UPDATE no_such_table SET note = 'old'"),
    ]
    with monkeypatch.context() as patch:
        patch.setattr(module, "SCHEMA", 3)
        patch.setattr(module, "_STEPS", tuple(steps))
        with pytest.raises(StorageError, match="cannot be used"):
            History.open(place)
    with History.open(place) as history:
        assert history.results() == [RESULT]
        columns = {column["name"] for column in sa.inspect(history._engine).get_columns("history_result")}
        assert "note" not in columns


def test_several_that_add_at_once_lose_nothing(place: str) -> None:
    wrong: list[Exception] = []

    def add(number: int) -> None:
        try:
            with History.open(place) as history:
                for i in range(5):
                    history.add([replace(RESULT, commit=f"{number}-{i}")])
        except StorageError as error:
            wrong.append(error)

    threads = [threading.Thread(target=add, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    with History.open(place) as history:
        assert len(history.results()) == 20


@pytest.mark.needs("postgres")
@pytest.mark.slow
def test_wrong_password_is_told_without_the_password(server: str) -> None:
    with pytest.raises(StorageError, match="password authentication failed") as told:
        History.open(server.replace(PASSWORD, "another-secret"))
    assert "another-secret" not in str(told.value)


@pytest.mark.needs("postgres")
@pytest.mark.slow
def test_server_that_is_not_there_is_told_without_the_password() -> None:
    with pytest.raises(StorageError, match="cannot be used") as told:
        History.open(f"postgresql://autotune:{PASSWORD}@127.0.0.1:{_free_port()}/postgres")
    assert PASSWORD not in str(told.value)


def test_other_databases_are_refused_without_the_password() -> None:
    with pytest.raises(UsageError, match="a file, or a postgresql:// address") as told:
        History.open(f"mysql://root:{PASSWORD}@host/db")
    assert PASSWORD not in str(told.value)


def test_file_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    path.write_text("no database at all, but somebody's notes\n" * 100)
    before = path.read_bytes()
    with pytest.raises(StorageError, match="cannot be used"):
        History.open(str(path))
    assert path.read_bytes() == before


def test_database_of_somebody_else_keeps_its_tables(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE kept (value TEXT)")
        connection.execute("INSERT INTO kept VALUES ('mine')")
    connection.close()
    with History.open(str(path)) as history:
        history.add([RESULT])
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT value FROM kept").fetchall() == [("mine",)]
    connection.close()
