from collections.abc import Callable
from pathlib import Path

import pytest

from autotune.core.errors import FileError, UsageError
from autotune.flow.profile_settings import spread
from autotune.model.profile import Change, Profile
from autotune.model.space import Apply, Value
from autotune.profile.write import to_yaml

Write = Callable[..., Path]


@pytest.fixture
def write(proven: Callable[..., Profile], tmp_path: Path) -> Write:
    def make(**values: Value) -> Path:
        changes = (
            Change(
                parameter=name, before=1, after=value, unit="", scope="restart", apply=Apply(actuator="argv")
            )
            for name, value in values.items()
        )
        profile = proven("build", *changes)
        (tmp_path / "profile.yaml").write_text(to_yaml(profile))
        return tmp_path / "profile.yaml"

    return make


def test_profile_stands_for_all_of_its_values(write: Write) -> None:
    file = write(jobs=4, mode="a b", arenas=None, safe=True)
    found = spread(["x=1", str(file)], ("x", "jobs", "mode", "arenas", "safe"), "--b")
    assert found == ["x=1", "jobs=4", 'mode="a b"', "arenas=unset", "safe=true"]


def test_profile_that_changes_something_else_is_refused_by_name(write: Write) -> None:
    with pytest.raises(UsageError, match=r"changes 'jobs', which is no parameter here.*Did you mean 'job'"):
        spread([str(write(jobs=4))], ("job",), "--b")


def test_word_that_is_neither_setting_nor_file_is_refused() -> None:
    with pytest.raises(UsageError, match="--b x: expected PARAMETER=VALUE, or the file of a profile"):
        spread(["x"], ("x",), "--b")


def test_file_that_is_no_profile_is_refused_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("study: x\n")
    with pytest.raises(FileError, match=r"p\.yaml:1:1"):
        spread([str(tmp_path / "p.yaml")], ("x",), "--b")
