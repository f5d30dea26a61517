from __future__ import annotations

import json

from autotune.model.profile import Profile
from autotune.profile.json import export


def test_json_holds_the_whole_profile_and_its_schema(profile: Profile) -> None:
    data = json.loads(export(profile))
    assert data["schema"] == "autotune.profile/1"
    assert data["settings"] == {
        "journal_mode": "wal",
        "page_size": 8192,
        "arenas": 2,
        "wal_autocheckpoint": None,
    }
    assert data["verdict"]["effect"] == "+18.2%"
    assert data["risks"] == []
    assert data["changes"][2]["apply"] == {"env": "MALLOC_ARENA_MAX"}
