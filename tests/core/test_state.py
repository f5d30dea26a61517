from __future__ import annotations

import os
from pathlib import Path

import pytest

from autotune.core.errors import RefusedError, StorageError
from autotune.core.state import claim, state_folder


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


def test_claimed_folder_is_its_users_alone(tmp_path: Path) -> None:
    claim(tmp_path / "a" / "state")
    assert (tmp_path / "a" / "state").stat().st_mode & 0o777 == 0o700
    claim(tmp_path / "a" / "state")


@pytest.mark.parametrize("mode", [0o720, 0o702, 0o777])
def test_folder_that_others_can_write_to_is_refused(tmp_path: Path, mode: int) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state").chmod(mode)
    with pytest.raises(RefusedError, match="not this user's alone"):
        claim(tmp_path / "state")


def test_symbolic_link_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "state").symlink_to(tmp_path / "real")
    with pytest.raises(RefusedError, match="symbolic link"):
        claim(tmp_path / "state")


@pytest.mark.needs("root")
def test_folder_of_another_user_is_refused(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir(mode=0o700)
    os.chown(tmp_path / "state", 65534, 65534)
    with pytest.raises(RefusedError, match="owner 65534"):
        claim(tmp_path / "state")


def test_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="file/state cannot be made"):
        claim(tmp_path / "file" / "state")
