"""What selection and reduction measured: the best on fresh runs, and what each change adds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from autotune.judge.contest import added, drop_looks, failed, gain, spared
from autotune.judge.reduction import of_round, taken_back
from autotune.model.run import Confirmation, Contest, RunRecord
from autotune.model.space import shown
from autotune.model.study import Study
from autotune.model.verdict import Effect
from autotune.report.words import NONE, change, one_line

_ALONE = "not measured alone"


def effect_words(study: Study, effect: Effect | None) -> str:
    """The effect with its interval as the objective itself changes; a dash where there is none."""
    if effect is None:
        return NONE
    metric = study.workload.metric(study.objective)
    estimate, low, high = change(effect, metric.direction, metric.unit)
    return f"{estimate} [{low}, {high}]"


def each_words(study: Study, effects: Mapping[str, Effect | None]) -> str:
    """The effects on objectives, by name; of one alone without its name."""
    words = {name: effect_words(study.of(name), effect) for name, effect in effects.items()}
    return "; ".join(f"{one_line(name)} {text}" if study.further else text for name, text in words.items())


def own_words(study: Study, effect: Effect | None, pairs: int) -> str:
    """What one change adds: its effect where that is shown to be for the better, else that it is not."""
    if effect is None:
        return _ALONE
    words = effect_words(study, effect)
    if effect.low <= 0:
        words = f"not shown [{words.split(' [', 1)[1]}"
    return f"{words}, {pairs} pairs"


def selection_rows(study: Study, record: RunRecord) -> list[dict[str, Any]]:
    """Each candidate of the last confirmation's round: its gain on fresh blocks, whether it was chosen."""
    last = _last(record)
    contests = of_round(record, last.round, "select") if last else ()
    return [
        {
            "trial": contest.entrants[entrant].trial,
            "chosen": last is not None and contest.entrants[entrant].trial == last.trial,
            "gain": each_words(study, {one.objective: gain(one, contest, entrant) for one in study.each}),
            "failed": failed(contest, entrant),
            "blocks": contest.whole,
        }
        for contest in contests
        if contest.blocks
        for entrant in range(1, len(contest.entrants))
    ]


def taken_back_rows(study: Study, record: RunRecord) -> list[dict[str, str]]:
    """Each change that the last confirmation lacks: what the search had chosen, and what it added alone."""
    last = _last(record)
    gone = removed(study, record, last) if last else ()
    if last is None or not gone:
        return []
    winner = next(t.config for t in record.trials if t.number == last.trial)
    return [
        {
            "parameter": one_line(name),
            "searched": shown(winner.get(name)),
            "stays": shown(last.config.get(name)),
            "adds": own_each(
                study, {one.objective: _screened(one, record, last) for one in study.each}, name
            ),
        }
        for name in gone
    ]


def own_each(
    study: Study, effects: Mapping[str, Mapping[str, tuple[Effect | None, int]]], parameter: str
) -> str:
    """What the change of `parameter` adds to each objective.

    `effects` are by objective, then by parameter.
    """
    words = {
        name: own_words(study.of(name), *of_one.get(parameter, (None, 0))) for name, of_one in effects.items()
    }
    if not study.further:
        return next(iter(words.values()))
    if set(words.values()) == {_ALONE}:
        return _ALONE
    return "; ".join(f"{one_line(name)} {text}" for name, text in words.items())


def removed(study: Study, record: RunRecord, confirmation: Confirmation) -> tuple[str, ...]:
    """What was taken back of the winner in this very confirmation; nothing where all was confirmed."""
    winner = next((t.config for t in record.trials if t.number == confirmation.trial), None)
    if winner is None or dict(winner) == dict(confirmation.config):
        return ()
    return taken_back(study, record, confirmation.round)


def contest_data(study: Study, contest: Contest) -> dict[str, Any]:
    """A contest for machines, without its samples: who took part, and how each stands to the first."""
    screening = contest.stage != "select"
    return {
        "number": contest.number,
        "round": contest.round,
        "stage": contest.stage,
        "blocks": contest.blocks,
        "measured": contest.whole,
        "entrants": [
            {
                "trial": one.trial,
                "config": one.config,
                "without": one.without,
                "effect": _stands(study, contest, number),
                **_stands_each(study, contest, number),
                "spared": str(spared(study, contest, number, looked=drop_looks(contest)))
                if screening and number
                else None,
            }
            for number, one in enumerate(contest.entrants)
        ],
    }


def _stands(study: Study, contest: Contest, entrant: int) -> dict[str, Any] | None:
    """select: how much better than the first; else how much better the first is than this one."""
    if not entrant:
        return None
    effect = (gain if contest.stage == "select" else added)(study, contest, entrant)
    return None if effect is None else asdict(effect)


def _stands_each(study: Study, contest: Contest, entrant: int) -> dict[str, Any]:
    """The same for each of several objectives, by name."""
    if not study.further:
        return {}
    return {"effects": {one.objective: _stands(one, contest, entrant) for one in study.each}}


def _screened(study: Study, record: RunRecord, last: Confirmation) -> dict[str, tuple[Effect | None, int]]:
    return {
        contest.entrants[entrant].without[0]: (added(study, contest, entrant), contest.whole)
        for contest in of_round(record, last.round, "screen")
        for entrant in range(1, len(contest.entrants))
    }


def _last(record: RunRecord) -> Confirmation | None:
    return record.confirmations[-1] if record.confirmations else None
