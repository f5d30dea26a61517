"""A session of many changes: its journal stays short, and undoes all the same."""

import os

import pytest

from autotune.actuate import session as module
from autotune.actuate.recover import recovered
from autotune.actuate.session import opened
from autotune.sidecar import undo, wal
from autotune.sidecar.fold import folded

MANY = 300


@pytest.fixture(autouse=True)
def _short(monkeypatch):
    monkeypatch.setattr(module, "_LONGEST", 4000)


def many(session, one, two):
    for number in range(MANY):
        session.bring([(one, str(100 + number)), (two, str(number % 7))])


def test_journal_of_a_long_session_stays_short_and_undoes_to_the_first_values(state, value, held):
    one, two = value("one", "60"), value("two", "20")
    with opened(state, kind="watch", note=print) as session:
        many(session, one, two)
        records, end = wal.read(str(state / "wal"))
        assert end < 6000
        assert {key: place.old for key, place in undo.places(records).items()} == {"one": "60", "two": "20"}
        assert held(one) == str(100 + MANY - 1)
    assert (held(one), held(two)) == ("60", "20")
    assert [path.name for path in state.iterdir() if path.name.startswith("wal")] == []


def test_killed_in_a_long_session_the_first_values_come_back(state, value, held):
    one, two = value("one", "60"), value("two", "20")
    if (child := os.fork()) == 0:
        with opened(state, kind="watch", note=print) as session:
            many(session, one, two)
            os.kill(session.guardian_pid, 9)
            os.kill(os.getpid(), 9)
    os.waitpid(child, 0)
    recovered(state, print)
    assert (held(one), held(two)) == ("60", "20")


def test_value_of_somebody_else_is_still_told_from_ones_own(state, value, held):
    one, two = value("one", "60"), value("two", "20")
    with (
        pytest.raises(module.NotRestoredError, match="somebody else"),
        opened(state, kind="watch", note=print) as session,
    ):
        many(session, one, two)
        (state.parent / "one").write_text("77\n")
    assert (held(one), held(two)) == ("77", "20")


def test_long_journal_serves_where_no_new_one_can_be_written(state, value, held, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    one, two = value("one", "60"), value("two", "20")
    with opened(state, kind="watch", note=print) as session:
        monkeypatch.setattr(wal.Wal, "replacing", full)
        many(session, one, two)
        assert wal.read(str(state / "wal"))[1] > 6000
    assert (held(one), held(two)) == ("60", "20")


def test_half_a_new_journal_beside_the_old_one_is_taken_away(state, value, held):
    one = value("one", "60")
    with opened(state, kind="watch", note=print) as session:
        session.bring([(one, "61")])
        (state / "wal.new").write_bytes(b"half")
    assert held(one) == "60"
    assert not (state / "wal.new").exists()


def test_folding_twice_says_the_same():
    place = {"key": "k", "means": "kernel", "address": {}, "volatile": True, "identity": "", "coupled": False}
    begin = {"r": "begin"}
    changes = [
        {
            "r": "change",
            "intents": [{**place, "old": str(n), "new": str(n + 1), "actions": {}}],
            "actions": {},
        }
        for n in range(5)
    ]
    records = [begin, *changes, {"r": "applied", "seen": {"k": "rounded"}}]
    once = folded(records)
    assert folded(once) == once
    assert (once[1]["intents"][0]["old"], once[1]["intents"][0]["new"]) == ("0", "rounded")
    assert undo.places(once)["k"].ours == {"0", "rounded"}
