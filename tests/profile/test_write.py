from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autotune.model.profile import Change, Profile
from autotune.model.space import Apply
from autotune.model.verdict import Effect
from autotune.profile.read import read
from autotune.profile.words import percent
from autotune.profile.write import to_yaml

_TEXTS = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=30)


def _again(profile: Profile, folder: Path) -> Profile:
    path = folder / "profile.yaml"
    path.write_text(to_yaml(profile))
    return read(path)


def test_file_says_what_it_is_in_its_first_line(profile: Profile) -> None:
    assert to_yaml(profile).startswith("# A proven profile of quickstart, written by autotune.")


def test_numbers_of_the_proof_are_written_as_percentages(profile: Profile) -> None:
    text = to_yaml(profile)
    for part in ("+18.2%", "+15.9%", "+20.4%", "margin: 2%", "level: 97.85%", "pairs: 20"):
        assert part in text


def test_file_gives_the_profile_back(profile: Profile, tmp_path: Path) -> None:
    again = _again(profile, tmp_path)
    assert again.changes == profile.changes
    assert (again.name, again.made_by, again.host, again.risks) == (
        profile.name,
        profile.made_by,
        profile.host,
        profile.risks,
    )
    assert again.verdict.effect.estimate == pytest.approx(0.182)
    assert replace(again.verdict, effect=profile.verdict.effect) == profile.verdict


def test_risks_come_back(make_profile: Callable[..., Profile], tmp_path: Path) -> None:
    risky = make_profile(risks={"durability": ("synchronous", "journal_mode")})
    assert _again(risky, tmp_path).risks == risky.risks


def test_absolute_effect_stays_in_the_unit_of_the_metric(profile: Profile, tmp_path: Path) -> None:
    effect = Effect(estimate=3.5, low=1.25, high=6.0, level=0.95, relative=False)
    again = _again(replace(profile, verdict=replace(profile.verdict, effect=effect)), tmp_path)
    assert replace(again.verdict.effect, level=effect.level) == effect


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=st.booleans() | st.integers(-(2**62), 2**62) | st.floats(-1e9, 1e9) | _TEXTS)
def test_any_value_of_a_parameter_comes_back(
    value: bool | float | str,  # noqa: FBT001  a value, no flag
    profile: Profile,
    make_change: Callable[..., Change],
    tmp_path: Path,
) -> None:
    if value == "unset":
        return
    change = make_change("name", value)
    assert _again(replace(profile, changes=(change,)), tmp_path).changes == (change,)


@given(share=st.floats(-50, 50))
def test_percentages_keep_two_digits(share: float) -> None:
    assert float(percent(share).rstrip("%")) == pytest.approx(100 * share, rel=0.06)


def test_a_name_with_a_line_break_is_not_written(make_profile: Callable[..., Profile]) -> None:
    with pytest.raises(ValueError, match=r"'profile' .*U\+000A"):
        to_yaml(make_profile(name="x\nprofile: y"))


def test_an_actuator_that_the_file_cannot_describe_is_refused(
    make_profile: Callable[..., Profile], make_change: Callable[..., Change]
) -> None:
    plugin = make_change("a", 1, apply=Apply(actuator="plug", options={"x": "y"}))
    with pytest.raises(ValueError, match="plug"):
        to_yaml(make_profile(plugin))


@pytest.mark.parametrize("relative", [True, False])
def test_what_a_change_adds_comes_back(
    relative: bool,  # noqa: FBT001  a case
    make_profile: Callable[..., Profile],
    make_change: Callable[..., Change],
    tmp_path: Path,
) -> None:
    effect = Effect(estimate=0.151, low=0.112, high=0.194, level=0.95, relative=relative)
    changes = (
        make_change("journal_mode", "wal", before="delete", effect=effect, pairs=8),
        make_change("page_size", 8192, before=4096),
    )
    one, other = _again(make_profile(*changes), tmp_path).changes
    assert one.effect is not None
    assert astuple(one.effect) == pytest.approx(astuple(effect))
    assert (replace(one, effect=effect), other) == changes


def test_an_effect_that_is_not_shown_says_so_and_keeps_its_interval(
    make_profile: Callable[..., Profile], make_change: Callable[..., Change], tmp_path: Path
) -> None:
    effect = Effect(estimate=0.01, low=-0.011, high=0.036, level=0.95)
    profile = make_profile(make_change("page_size", 8192, before=4096, effect=effect, pairs=8))
    assert "effect: not shown" in to_yaml(profile)
    assert "+1.0%" not in to_yaml(profile)
    change = _again(profile, tmp_path).changes[0]
    assert change.effect is not None
    assert (change.effect.low, change.effect.high) == pytest.approx((-0.011, 0.036))
    assert change.pairs == 8
    assert not change.shown
