from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from autotune.model.profile import Profile
from autotune.model.study import Study
from autotune.model.verdict import Effect, Held, LimitVerdict, Result, Verdict
from autotune.report.text import changes_table, verdict_sentence


def test_better_is_said_with_interval_pairs_limits_and_margin(study: Study, verdict: Verdict) -> None:
    assert verdict_sentence(study, verdict) == (
        "BETTER: tps +182 % [+170 %, +195 %] over the baseline, 20 pairs, every limit held; margin 2 %"
    )


def test_where_less_is_better_the_sentence_says_so(
    make_study: Callable[..., Study], make_verdict: Callable[..., Verdict]
) -> None:
    verdict = make_verdict(
        metric="seconds", effect=Effect(estimate=0.18, low=0.15, high=0.2, level=0.95), limits=()
    )
    assert verdict_sentence(make_study("minimize"), verdict) == (
        "BETTER: seconds -18.0 % [-20.0 %, -15.0 %] against the baseline (less is better), 20 pairs, "
        "no limit set; margin 2 %"
    )


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"result": Result.UNDECIDED, "more_pairs": 35}, "; about 35 more pairs would decide"),
        ({"result": Result.UNDECIDED, "more_pairs": None}, "margin 2 %"),
        ({"result": Result.EQUIVALENT}, "; keep what you have"),
        ({"result": Result.WORSE}, "WORSE: tps"),
        ({"result": Result.UNDECIDED, "finished": False}, "; the pairs are not all measured"),
        ({"result": Result.UNDECIDED, "effect": None}, "tps could not be compared"),
        (
            {"limits": (LimitVerdict(text="x <= 1", held=Held.BROKEN, seen=2, worst=2, bound=1),)},
            "limit broken: x <= 1",
        ),
    ],
)
def test_every_answer_is_one_line(
    changed: dict[str, object], said: str, study: Study, make_verdict: Callable[..., Verdict]
) -> None:
    sentence = verdict_sentence(study, make_verdict(**changed))
    assert said in sentence
    assert "\n" not in sentence


def test_no_verdict_is_said_too(study: Study) -> None:
    assert verdict_sentence(study, None).startswith("NO VERDICT: ")


def test_changes_stand_in_columns(profile: Profile) -> None:
    lines = changes_table(profile).splitlines()
    assert lines[0].split() == ["parameter", "from", "to", "unit", "better", "by", "scope"]
    assert lines[1].split() == ["journal_mode", "delete", "wal", "-", "not", "shown", "restart"]
    assert max(map(len, lines)) <= 80


def test_a_narrow_terminal_gets_one_sentence_per_change(profile: Profile) -> None:
    table = changes_table(replace(profile, risks={"durability": ("journal_mode",)}), width=40)
    assert table.splitlines()[0] == (
        "journal_mode: delete -> wal (better by: not shown; restart, risk: durability)"
    )


def test_a_change_shows_what_it_adds_only_where_that_is_shown(profile: Profile) -> None:
    def adds(low: float) -> str:
        effect = Effect(estimate=0.12, low=low, high=0.2, level=0.95)
        change = replace(profile.changes[0], effect=effect, pairs=8)
        return changes_table(replace(profile, changes=(change,))).splitlines()[1]

    assert "12.0 %" in adds(0.05)
    assert "not shown" in adds(-0.01)


def test_no_change_is_said(profile: Profile) -> None:
    assert changes_table(replace(profile, changes=())) == "no parameter changes"


def test_text_of_the_workload_cannot_steer_the_terminal(profile: Profile) -> None:
    hostile = replace(profile.changes[0], after="\x1b]0;title\x07wal\x1b[2J\nnext\x00")
    table = changes_table(replace(profile, changes=(hostile,)))
    assert "\x1b" not in table
    assert "\x00" not in table
    assert len(table.splitlines()) == 2
