"""Exports the whole profile as JSON."""

from __future__ import annotations

import json

from autotune.model.profile import Profile
from autotune.profile.write import to_data

_SCHEMA = "autotune.profile/1"


def export(profile: Profile) -> str:
    """The profile file's content as JSON, with the version of its schema and `settings` by parameter.

    A parameter that is to be left unset is null in `settings`. Numbers of the proof are as in the file.
    """
    settings = {change.parameter: change.after for change in profile.changes}
    data = {"schema": _SCHEMA, **to_data(profile), "settings": settings}
    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
