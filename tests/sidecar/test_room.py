from pathlib import Path
from typing import Any

import pytest

from autotune.sidecar import layout
from autotune.sidecar.around import Around
from autotune.sidecar.room import Room, usable

REQUEST: dict[str, Any] = {"monitor": True}


def fake(folder: Path) -> layout.Layout:
    """A fake hierarchy: folders can be made in it, but nobody can step into them."""
    return layout.Layout("v2", (layout.Place("", str(folder), str(folder)),))


@pytest.mark.parametrize("kind", ["auto", "v1", "v2", "none"])
def test_layout_of_this_machine_is_usable_and_left_clean(kind: str) -> None:
    found = layout.find(kind)
    assert usable(found) == found


def test_layout_that_cannot_be_entered_is_not_used(tmp_path: Path) -> None:
    assert usable(fake(tmp_path)).kind == "none"
    assert list(tmp_path.iterdir()) == []


def test_room_without_groups_says_why(tmp_path: Path) -> None:
    with Room(REQUEST, layout.Layout("none", ()), 1, Around(proc=str(tmp_path))) as room:
        answer = room.answer()
    assert (answer["backend"], answer["group"]) == ("none", {})
    assert answer["no_group"] == "no control group can be made here"


def test_room_where_no_group_can_be_made_says_why(tmp_path: Path) -> None:
    places = fake(tmp_path / "missing")
    with Room({**REQUEST, "confine": {"pids": 3}}, places, 1, Around()) as room:
        assert room.refused.startswith("memory and pids cannot be limited: no control group can be made here")


def test_room_is_removed_when_it_is_closed() -> None:
    places = layout.find()
    with Room(REQUEST, places, 77, Around()) as room:
        assert not places.places or room.group
        folders = room.group.folders.values() if room.group else ()
    assert not any(Path(folder).exists() for folder in folders)
    assert room.left == []


def test_peak_of_tasks_at_the_start_is_told_apart_from_the_later_one(tmp_path: Path) -> None:
    with Room(REQUEST, fake(tmp_path), 78, Around()) as room:
        assert room.group
        peak = Path(room.group.folders[""], "pids.peak")
        peak.write_text("2\n")
        room.started()
        peak.write_text("5\n")
        group = room.answer()["group"]
        peak.unlink()
    assert (group["peak_at_start"], group["peak_processes"]) == (2, 5)
