"""What a store does with a file that is not one."""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from autotune.core.errors import ExitCode, StorageError
from autotune.store.store import Store

Beside = Callable[[Path], set[str]]
Change = Callable[..., None]


def _refused(path: Path, beside: Beside, *, read_only: bool = False) -> str:
    """The message with which the file is refused; it names the file and leaves everything as it was."""
    before, names = path.read_bytes(), beside(path)
    with pytest.raises(StorageError) as caught, Store.open(path, read_only=read_only):
        pass
    assert path.read_bytes() == before
    assert beside(path) == names
    assert str(path) in str(caught.value)
    assert caught.value.exit_code == ExitCode.STORAGE
    return str(caught.value)


@pytest.mark.parametrize("read_only", [False, True])
def test_a_missing_store_is_made_only_when_asked_for(tmp_path: Path, read_only: bool) -> None:  # noqa: FBT001  a case
    path = tmp_path / "none" / "study.db"

    with pytest.raises(StorageError, match="There is no store"):
        Store.open(path, create=read_only, read_only=read_only)

    assert not path.parent.exists()


def test_missing_folders_are_made(tmp_path: Path) -> None:
    path = tmp_path / "reports" / "a b %41" / "study?mode=memory#1.db"
    with Store.open(path) as store:
        store.begin_run("r1", "pg", {}, {})

    with Store.open(path, create=False) as store:
        assert store.runs() == ["r1"]
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(StorageError, match=r"file/study\.db cannot be created"):
        Store.open(tmp_path / "file" / "study.db")


@pytest.mark.parametrize("read_only", [False, True])
def test_an_empty_file_is_refused(tmp_path: Path, beside: Beside, read_only: bool) -> None:  # noqa: FBT001  a case
    path = tmp_path / "study.db"
    path.touch()

    assert "is empty" in _refused(path, beside, read_only=read_only)


@pytest.mark.parametrize("size", [1, 50, 100, 5000, 100_000])
def test_random_bytes_are_refused(size: int, tmp_path: Path, beside: Beside) -> None:
    path = tmp_path / "study.db"
    path.write_bytes(random.Random(size).randbytes(size))

    assert "no SQLite database" in _refused(path, beside)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be read as a store"):
        Store.open(tmp_path)


@pytest.mark.parametrize("eighth", range(1, 8))
@pytest.mark.parametrize("read_only", [False, True])
def test_a_truncated_store_is_refused(filled: Path, beside: Beside, eighth: int, read_only: bool) -> None:  # noqa: FBT001  a case
    whole = filled.read_bytes()
    filled.write_bytes(whole[: len(whole) * eighth // 8])

    assert ".recover" in _refused(filled, beside, read_only=read_only)


def test_flipped_bytes_never_end_in_anything_but_a_clear_refusal(filled: Path, beside: Beside) -> None:
    whole = filled.read_bytes()
    draws = random.Random(34)
    refused = 0
    for _ in range(50):
        spoilt = bytearray(whole)
        for at in (draws.randrange(len(whole)), draws.randrange(4096), draws.randrange(100)):
            spoilt[at] ^= draws.randrange(1, 256)
        filled.write_bytes(spoilt)
        try:
            with Store.open(filled, read_only=True) as store:
                for run in store.runs():
                    store.load_run(run, series=True)
        except StorageError:
            refused += 1
        assert filled.read_bytes() == spoilt
        assert beside(filled) == {"study.db"}
    assert refused > 25


def test_a_flipped_byte_is_refused_untouched_or_harmless(filled: Path, beside: Beside) -> None:
    whole = filled.read_bytes()
    draws = random.Random(35)
    for _ in range(50):
        spoilt = bytearray(whole)
        spoilt[draws.randrange(len(whole))] ^= draws.randrange(1, 256)
        filled.write_bytes(spoilt)
        untouched = True
        try:
            Store.open(filled).close()
        except StorageError:
            untouched = filled.read_bytes() == spoilt
        assert untouched
        assert beside(filled) == {"study.db"}


def test_another_programs_database_is_refused(tmp_path: Path, beside: Beside) -> None:
    path = tmp_path / "study.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE meta (key, value)")
    connection.execute("INSERT INTO meta VALUES ('application', 'another')")
    connection.commit()
    connection.close()

    assert "another program's" in _refused(path, beside)


def test_a_database_that_calls_itself_otherwise_is_refused(
    filled: Path, beside: Beside, change: Change
) -> None:
    change(filled, "UPDATE meta SET value = 'other' WHERE key = 'application'")

    assert "another program's" in _refused(filled, beside)


@pytest.mark.parametrize("read_only", [False, True])
def test_a_newer_store_is_refused_and_says_who_made_it(
    filled: Path,
    beside: Beside,
    change: Change,
    read_only: bool,  # noqa: FBT001  a case
) -> None:
    change(
        filled,
        "UPDATE meta SET value = '99' WHERE key = 'schema'",
        "UPDATE meta SET value = '9.1' WHERE key = 'made_by'",
    )

    message = _refused(filled, beside, read_only=read_only)

    assert "made by a newer autotune (9.1, schema 99" in message


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM meta",
        "UPDATE meta SET value = 'two' WHERE key = 'schema'",
        "DROP TABLE meta",
    ],
)
def test_a_store_without_its_facts_is_refused(
    statement: str, filled: Path, beside: Beside, change: Change
) -> None:
    change(filled, statement)

    _refused(filled, beside)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE sample SET metrics = 'no json' WHERE id = 1",
        "UPDATE sample SET state = 'splendid' WHERE id = 1",
        "UPDATE sample SET series = x'00' WHERE id = 1",
        "UPDATE sample SET resources = '[{\"odd\": 1}]' WHERE id = 1",
        "ALTER TABLE trial DROP COLUMN origin",
    ],
)
def test_a_row_that_makes_no_sense_is_an_error_with_a_way_out(
    statement: str, filled: Path, change: Change
) -> None:
    change(filled, statement)

    with Store.open(filled) as store, pytest.raises(StorageError, match=r"study\.db"):
        store.load_run("r1", series=True)


def test_a_store_in_a_folder_without_write_permission_can_be_read(filled: Path, tmp_path: Path) -> None:
    """Root may write anywhere, so the permission that is asked is taken away from a child process."""
    tmp_path.chmod(0o755)
    filled.parent.chmod(0o555)
    filled.chmod(0o444)
    child = os.fork()
    if child == 0:  # pragma: no cover  another process
        code = 1
        try:
            for folder in (tmp_path, *tmp_path.parents):
                if folder != Path("/") and folder != Path("/tmp"):
                    folder.chmod(0o755)
            if os.geteuid() == 0:
                os.setuid(65534)
            with Store.open(filled, read_only=True) as store:
                code = 0 if len(store.load_run("r1").trials) == 12 else 2
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert [entry.name for entry in filled.parent.iterdir()] == ["study.db"]
