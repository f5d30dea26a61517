from __future__ import annotations

from pathlib import Path

import pytest

from autotune.core.state import state_folder


@pytest.mark.parametrize(
    ("environment", "root", "folder"),
    [
        ({}, True, Path("/var/lib/autotune")),
        ({"XDG_STATE_HOME": "/x/state"}, True, Path("/var/lib/autotune")),
        ({"XDG_STATE_HOME": "/x/state"}, False, Path("/x/state/autotune")),
        ({"XDG_STATE_HOME": "relative"}, False, Path.home() / ".local/state/autotune"),
        ({}, False, Path.home() / ".local/state/autotune"),
        ({"AUTOTUNE_STATE": "/mine"}, True, Path("/mine")),
        ({"AUTOTUNE_STATE": "/mine", "XDG_STATE_HOME": "/x/state"}, False, Path("/mine")),
    ],
)
def test_state_is_that_of_the_machine_for_root_and_else_the_users(
    environment: dict[str, str], *, root: bool, folder: Path
) -> None:
    assert state_folder(environment, root=root) == folder
