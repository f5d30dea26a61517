from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest

from autotune.core.errors import UsageError
from autotune.core.registry import load
from autotune.model.profile import Change, Profile
from autotune.model.space import Apply, Value
from autotune.profile.env import export


def _by_env(name: str) -> Apply:
    return Apply(actuator="env", options={"name": name})


def _in_a_shell(text: str, name: str) -> str:
    script = f'{text}\nprintf %s "${{{name}-gone}}"'
    shell = ["/bin/sh", "-c", script]
    return subprocess.run(shell, env={"OLD": "1"}, capture_output=True, check=True, text=True).stdout


@pytest.mark.parametrize(
    ("value", "arrives"),
    [
        (2, "2"),
        (0.1, "0.1"),
        (True, "true"),
        ("two words", "two words"),
        ("$(touch x); `id` '\"", "$(touch x); `id` '\""),
        ("a\nexport B=1", "a\nexport B=1"),
        ("ü ✓", "ü ✓"),
    ],
)
def test_values_arrive_verbatim_in_a_shell(
    value: Value,
    arrives: str,
    make_profile: Callable[..., Profile],
    make_change: Callable[..., Change],
) -> None:
    text = export(make_profile(make_change("p", value, apply=_by_env("NEW"))))
    assert _in_a_shell(text, "NEW") == arrives


def test_unset_takes_the_variable_away(
    make_profile: Callable[..., Profile], make_change: Callable[..., Change]
) -> None:
    text = export(make_profile(make_change("p", None, before=3, apply=_by_env("OLD"))))
    assert _in_a_shell(text, "OLD") == "gone"


def test_comments_carry_proof_and_risks_and_what_is_left_out(profile: Profile) -> None:
    text = export(profile)
    assert "# verdict: better, tps +18.2% [+15.9%, +20.4%] (positive is better), 20 pairs" in text
    assert "# risks: none" in text
    assert "# INCOMPLETE: apply these as well: journal_mode (format json), page_size (format json)" in text


def test_a_hostile_name_cannot_leave_its_comment(
    make_profile: Callable[..., Profile], make_change: Callable[..., Change]
) -> None:
    by_env = make_change("p", 1, apply=_by_env("A"))
    text = export(make_profile(by_env, make_change("q\ntouch x\r", 2), name="n\x1b[2J\ntouch y"))
    assert [line for line in text.splitlines() if not line.startswith("#")] == ["export A=1"]
    assert "\x1b" not in text


def test_a_profile_without_variables_is_refused(
    make_profile: Callable[..., Profile], make_change: Callable[..., Change]
) -> None:
    with pytest.raises(UsageError, match="sets nothing by environment"):
        export(make_profile(make_change("p", 1)))


@pytest.mark.parametrize(("name", "value"), [("A B", 1), ("", 1), ("1A", 1), ("A", "nul\0")])
def test_what_no_environment_carries_is_refused(
    name: str, value: Value, make_profile: Callable[..., Profile], make_change: Callable[..., Change]
) -> None:
    with pytest.raises(UsageError):
        export(make_profile(make_change("p", value, apply=_by_env(name))))


@pytest.mark.parametrize("name", ["env", "json", "sql"])
def test_exporters_are_found_by_name(name: str) -> None:
    assert load("exporters", name).__module__ == f"autotune.profile.{name}"
