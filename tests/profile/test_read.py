from __future__ import annotations

from pathlib import Path

import pytest

from autotune.core.errors import FileError
from autotune.model.profile import Profile
from autotune.profile.read import read
from autotune.profile.write import to_yaml


def _refusal(text: str, folder: Path) -> FileError:
    path = folder / "profile.yaml"
    path.write_text(text)
    with pytest.raises(FileError) as caught:
        read(path)
    return caught.value


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("pairs: 20", "pairs: many", "verdict.pairs"),
        ("pairs: 20", "pairs: 0", "verdict.pairs"),
        ("result: better", "result: worse", "verdict.result"),
        ("margin: 2%", "margin: 2", "verdict.margin"),
        ("scope: restart", "scope: never", "scope"),
        ("apply: argv", "apply: /etc/passwd", "apply"),
        ("apply: argv", "apply: {command: [rm, -rf, /]}", "command"),
        ("apply: argv", "apply: {env: 'A B'}", "apply"),
        ("effect: not shown", "effect: great", "effect"),
        ("unit: B", "unitt: B", "Did you mean 'unit'?"),
        ("unit: B", "command: rm", "not a key of a profile"),
        ("risks: []", "risks: [{risk: loudness, parameters: []}]", "risk"),
        ("metric: tps", "metric: [tps]", "verdict.metric"),
    ],
)
def test_what_does_not_belong_is_refused_with_its_place(
    old: str, new: str, said: str, profile: Profile, tmp_path: Path
) -> None:
    text = to_yaml(profile)
    assert old in text
    error = _refusal(text.replace(old, new, 1), tmp_path)
    line = next(i for i, row in enumerate(text.splitlines(), 1) if old in row)
    assert said in str(error)
    assert error.problems[0].line == line


def test_every_problem_is_reported_at_once(profile: Profile, tmp_path: Path) -> None:
    text = to_yaml(profile).replace("pairs: 20", "pairs: x").replace("unit: B", "unite: B")
    assert len(_refusal(text, tmp_path).problems) == 2


def test_a_missing_key_is_named(profile: Profile, tmp_path: Path) -> None:
    text = to_yaml(profile).replace("risks: []\n", "")
    assert "'risks' is missing" in str(_refusal(text, tmp_path))


@pytest.mark.parametrize("text", ["", "just text", "[1, 2]", "profile: x", "a: &a [*a]"])
def test_what_is_no_profile_is_refused(text: str, tmp_path: Path) -> None:
    assert _refusal(text, tmp_path).problems


def test_a_file_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="nowhere"):
        read(tmp_path / "nowhere.yaml")


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "profile.yaml"
    path.write_bytes(b"profile: \xff\xfe")
    with pytest.raises(FileError):
        read(path)


def test_the_documented_example_is_a_profile(tmp_path: Path) -> None:
    page = Path(__file__).parents[2] / "docs" / "reference" / "profile-file.md"
    example = page.read_text().split("```yaml\n")[1].split("```")[0]
    path = tmp_path / "profile.yaml"
    path.write_text(example)
    assert [change.parameter for change in read(path).changes] == [
        "journal_mode",
        "page_size",
        "arenas",
        "swappiness",
    ]
