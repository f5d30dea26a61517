from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from autotune.actuate.pragma import Pragma
from autotune.core.errors import WorkloadError
from autotune.model.space import Apply
from autotune.sidecar.means import sqlite as means


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A small database."""
    path = tmp_path / "a?b #.db"
    one = sqlite3.connect(path)
    one.execute("CREATE TABLE t (x)")
    one.execute("INSERT INTO t VALUES (1)")
    one.commit()
    one.close()
    return path


def address(database: Path, pragma: str) -> dict[str, object]:
    apply = Apply(actuator="pragma", options={"name": pragma, "database": database.name})
    return dict(Pragma().target(apply, database.parent).address)


@pytest.mark.parametrize(
    ("pragma", "values"),
    [
        ("journal_mode", ["wal", "delete"]),
        ("auto_vacuum", ["full", "incremental", "none"]),
        ("page_size", ["8192", "65536", "512", "4096"]),
    ],
)
def test_a_value_is_kept_for_every_later_connection_and_the_rows_stay(database, pragma, values) -> None:
    place = address(database, pragma)
    for value in values:
        means.write(place, value)
        assert means.read(place) == value
    one = sqlite3.connect(database)
    assert one.execute("SELECT x FROM t").fetchall() == [(1,)]
    one.close()


def test_the_size_of_pages_changes_in_mode_wal_and_the_mode_stays(database) -> None:
    means.write(address(database, "journal_mode"), "wal")
    means.write(address(database, "page_size"), "8192")
    assert means.read(address(database, "page_size")) == "8192"
    assert means.read(address(database, "journal_mode")) == "wal"


def test_the_mode_is_restored_with_the_size_of_pages(database) -> None:
    apply = Apply(actuator="pragma", options={"name": "page_size", "database": str(database)})
    (mode,) = Pragma().target(apply, Path("/")).also
    assert mode.address["pragma"] == "journal_mode"


def test_a_locked_database_raises(database, monkeypatch) -> None:
    monkeypatch.setattr(means, "_TIMEOUT_S", 0.1)
    one = sqlite3.connect(database, isolation_level=None)
    one.execute("BEGIN EXCLUSIVE")
    with pytest.raises(OSError, match="database is locked"):
        means.write(address(database, "page_size"), "8192")
    one.close()


def test_no_database_is_made_where_there_is_none(tmp_path) -> None:
    with pytest.raises(WorkloadError, match="there is no database"):
        address(tmp_path / "none.db", "page_size")
    place = {"path": str(tmp_path / "none.db"), "pragma": "page_size"}
    assert means.read(place) is None
    with pytest.raises(OSError, match="unable to open"):
        means.write(place, "4096")
    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize("value", ["wal; DROP TABLE t", "", "wal--", "'"])
def test_a_value_that_is_no_word_never_reaches_the_database(database, value) -> None:
    with pytest.raises(OSError, match="is no value of"):
        means.write(address(database, "journal_mode"), value)


def test_a_file_that_is_no_database_raises(tmp_path) -> None:
    (tmp_path / "x.db").write_text("no database at all" * 100)
    with pytest.raises(OSError, match="not a database"):
        means.read(address(tmp_path / "x.db", "page_size"))


@pytest.mark.parametrize(
    ("options", "values", "message"),
    [
        ({"name": "page_size"}, (), "needs the option 'database'"),
        ({"name": "cache_size", "database": "x"}, (), "belong to a connection"),
        ({"name": "journal_mod", "database": "x"}, (), "Did you mean 'journal_mode'?"),
        ({"name": "journal_mode", "database": "x"}, ("memory",), "as one of delete, wal; found 'memory'"),
        ({"name": "page_size", "database": "x"}, (1000,), "found '1000'"),
        ({"name": "page_size", "database": "x"}, (None,), "found 'None'"),
    ],
)
def test_what_a_database_does_not_keep_is_told(parameter, workload, options, values, message) -> None:
    one = parameter("p", "pragma", options=options, values=values)
    assert message in Pragma().problem(one, workload(one))
