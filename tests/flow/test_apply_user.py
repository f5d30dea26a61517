"""A profile that an ordinary user applies to a file of their own."""

from __future__ import annotations

import os
import tempfile
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autotune.core.state import state_folder
from autotune.flow.apply import apply, plan
from autotune.flow.apply_targets import Places, steps
from autotune.flow.rollback import rollback
from autotune.flow.verify import verify
from autotune.model.profile import Change, Profile
from autotune.model.space import Apply

_NOBODY = 65534


def as_ordinary_user(do: Callable[[], None]) -> int:
    """The exit code of a child that is no root while it does `do`; 1 where that raises."""
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setresgid(_NOBODY, _NOBODY, _NOBODY)
            os.setresuid(_NOBODY, _NOBODY, _NOBODY)
            do()
            os._exit(0)
        except BaseException:  # noqa: BLE001  the child must not go on with the tests
            traceback.print_exc()
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder of the ordinary user, in one that can be passed through and not read."""
    with tempfile.TemporaryDirectory() as made:
        outer = Path(made)
        outer.chmod(0o711)
        (outer / "home").mkdir()
        os.chown(outer / "home", _NOBODY, _NOBODY)
        yield outer / "home"


@pytest.mark.needs("root")
def test_ordinary_user_applies_verifies_and_rolls_back_a_file_of_their_own(
    home: Path, proven: Callable[..., Profile], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AUTOTUNE_STATE")
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "state"))
    # The interpreter of this test may be out of an ordinary user's reach, so that no guardian can be started.
    monkeypatch.setattr("autotune.actuate.session.Guardian", _NoGuardian)
    conf = home / "mine.ini"
    conf.write_text("[main]\njobs = 2\n")
    os.chown(conf, _NOBODY, _NOBODY)
    change = Change(
        parameter="jobs",
        before=2,
        after=4,
        unit="",
        scope="restart",
        apply=Apply(actuator="file", options={"name": "mine.ini", "key": "main.jobs", "format": "ini"}),
    )
    profile, places = proven("mine", change), Places(files={"mine.ini": conf})

    def do() -> None:
        state = state_folder(os.environ, root=os.geteuid() == 0)
        assert state == home / "state" / "autotune"
        apply(state, plan(state, profile, "sha", steps(profile, places)), places, note=print)
        assert conf.read_text() == "[main]\njobs = 4\n"
        assert verify(state)[1] == ()
        assert rollback(state, note=print).left == ()

    assert as_ordinary_user(do) == 0
    assert conf.read_text() == "[main]\njobs = 2\n"
    assert (home / "state" / "autotune").stat().st_uid == _NOBODY


class _NoGuardian:
    pid = 0
    lives = True

    def __init__(self, state: Path) -> None:
        del state

    def dismiss(self) -> None:
        pass
