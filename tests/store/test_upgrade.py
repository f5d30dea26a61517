"""A store of an earlier version is brought up to this one, or left as it is."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from autotune.model.run import Contest, Entrant
from autotune.model.trial import State
from autotune.store import upgrade
from autotune.store.store import Store
from autotune.store.tables import SCHEMA, metadata

_BACK_TO_3 = (
    "ALTER TABLE trial DROP COLUMN further",
    "UPDATE meta SET value = '3' WHERE key = 'schema'",
)
"""What version 4 added, taken away again."""

_BACK_TO_2 = (
    *_BACK_TO_3,
    "ALTER TABLE sample DROP COLUMN changing_s",
    "ALTER TABLE sample DROP COLUMN coerced",
    "UPDATE meta SET value = '2' WHERE key = 'schema'",
)
"""What version 3 added, taken away again."""

_BACK_TO_1 = (
    *_BACK_TO_2,
    "DROP TABLE contest",
    "ALTER TABLE sample DROP COLUMN contest",
    "ALTER TABLE confirmation DROP COLUMN round",
    "UPDATE meta SET value = '1' WHERE key = 'schema'",
)
"""What version 2 added, taken away again."""


def _back(path: Path, statements: tuple[str, ...]) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return path


@pytest.fixture
def old(filled: Path) -> Path:
    return _back(filled, _BACK_TO_1)


def _shape(path: Path) -> dict[str, set[str]]:
    with closing(sqlite3.connect(path)) as connection:
        return {
            name: {row[1] for row in connection.execute(f"PRAGMA table_info('{name}')")}
            for name in metadata.tables
        }


def _schema(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()[0])


def test_an_older_store_keeps_all_that_it_held(old: Path, tmp_path: Path) -> None:
    with Store.open(old) as store:
        record = store.load_run("r1")
        assert record.contests == ()
        assert [(c.attempt, c.round) for c in record.confirmations] == [(0, 0)]
        assert len(record.confirmations[0].samples) > 0
        assert record.trials
        plan = Contest(number=0, round=1, stage="select", entrants=(Entrant(trial=-1, config={}),), blocks=6)
        store.add_contest("r1", plan)
        assert store.load_run("r1").contests == (plan,)
    assert _schema(old) == str(SCHEMA)
    with Store.open(tmp_path / "new" / "study.db"):
        pass
    assert _shape(old) == _shape(tmp_path / "new" / "study.db")


def test_reading_alone_leaves_an_older_store_as_it_is(old: Path) -> None:
    before = old.read_bytes()
    with Store.open(old, read_only=True) as store:
        assert store.runs() == ["r1"]
        assert store.sample_seconds() is not None
    assert old.read_bytes() == before


def test_an_upgrade_that_fails_leaves_the_older_store_whole(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(upgrade, "_STEPS", (*upgrade._STEPS, fails))
    with pytest.raises(RuntimeError, match="power cut"):
        Store.open(old)
    assert _schema(old) == "1"
    monkeypatch.undo()
    with Store.open(old) as store:
        assert store.load_run("r1").trials


def test_samples_of_a_store_from_before_changes_of_the_machine_changed_nothing(
    filled: Path, tmp_path: Path
) -> None:
    with Store.open(filled) as store:
        before = store.load_run("r1")
    with Store.open(_back(filled, _BACK_TO_2)) as store:
        after = store.load_run("r1")
    assert all(s.changing_s for s in before.baseline)
    assert [s.changing_s for s in after.baseline] == [0.0] * len(before.baseline)
    assert [s.coerced for s in after.baseline] == [{}] * len(before.baseline)
    assert [s.metrics for s in after.baseline] == [s.metrics for s in before.baseline]
    with Store.open(tmp_path / "new" / "study.db"):
        pass
    assert _shape(filled) == _shape(tmp_path / "new" / "study.db")


def test_trials_of_a_store_of_one_objective_have_no_further_values(filled: Path, tmp_path: Path) -> None:
    with Store.open(filled) as store:
        before = store.load_run("r1")
        fingerprint = store.fingerprint("r1")
    with Store.open(_back(filled, _BACK_TO_3)) as store:
        assert store.load_run("r1") == before
        assert store.fingerprint("r1") == fingerprint
        assert {t.further for t in before.trials} == {()}
        store.finish_trial("r1", 0, state=State.OK, value=1.0, further=(2.0, 3.5))
        assert store.load_run("r1").trials[0].further == (2.0, 3.5)
    with Store.open(tmp_path / "new" / "study.db"):
        pass
    assert _shape(filled) == _shape(tmp_path / "new" / "study.db")
