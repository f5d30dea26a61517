from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from autotune.core.errors import UsageError
from autotune.model.profile import Change, Profile
from autotune.model.space import Value
from autotune.profile.sql import export


def test_sqlite_takes_the_pragmas_whatever_their_order_in_the_profile(
    make_profile: Callable[..., Profile], make_change: Callable[..., Change], tmp_path: Path
) -> None:
    text = export(
        make_profile(
            make_change("synchronous", "full"),
            make_change("journal_mode", "wal"),
            make_change("cache_size", -8000),
            make_change("page_size", 8192),
            make_change("temp_store", None),
        )
    )
    with sqlite3.connect(tmp_path / "new.db", isolation_level=None) as db:
        db.executescript(text)
        names = ("page_size", "journal_mode", "cache_size", "synchronous")
        found = [db.execute(f"PRAGMA {name}").fetchone()[0] for name in names]
    db.close()
    assert found == [8192, "wal", -8000, 2]
    assert text.index("PRAGMA page_size") < text.index("PRAGMA journal_mode") < text.index("PRAGMA cache")
    assert "-- temp_store: leave it as SQLite has it" in text


def test_comments_carry_the_proof(
    make_profile: Callable[..., Profile], make_change: Callable[..., Change]
) -> None:
    text = export(make_profile(make_change("cache_size", 1), risks={"durability": ("cache_size",)}))
    assert "-- verdict: better, tps +18.2%" in text
    assert "-- risks: durability (cache_size)" in text


def test_a_parameter_that_is_no_pragma_is_refused(profile: Profile) -> None:
    with pytest.raises(UsageError, match="changes arenas, which SQLite has no pragma for"):
        export(profile)


@pytest.mark.parametrize("value", ["wal; DROP TABLE t", "a b", "'x'", "", "x\n", 1.5, "-- x"])
def test_a_value_that_no_pragma_takes_is_refused(
    value: Value, make_profile: Callable[..., Profile], make_change: Callable[..., Change]
) -> None:
    with pytest.raises(UsageError, match="no pragma takes"):
        export(make_profile(make_change("journal_mode", value)))
