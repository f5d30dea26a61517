"""What a gate looks at, and how much worse each of it may become."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from autotune.core.errors import UsageError
from autotune.core.hint import did_you_mean
from autotune.core.units import UnitError, convert, share
from autotune.flow.bench_target import Target
from autotune.flow.compare_rules import Comparison, measuring, units
from autotune.flow.compare_rules import Rules as CompareRules
from autotune.flow.compare_rules import ruled as compared_by
from autotune.flow.compare_target import Arms
from autotune.judge.gate import ALPHA
from autotune.judge.plan import Plan
from autotune.model.workload import Metric

DEFAULT = "5%"
"""The limit where none is given."""

_WALL = "wall_s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the command line says: `metrics` (none: the study's objectives, else the workload's), limits.

    `limits` are texts, of all metrics (`5%`) or of one (`p95_ms=10%`, `p95_ms=2ms`).
    """

    metrics: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    pairs: int = 40
    seed: int = 0


def ruled(arms: Arms, rules: Rules) -> tuple[Comparison, tuple[Plan, ...]]:
    """The comparison of `arms`, and a plan for each metric with its limit as the margin.

    Raises UsageError, naming the option, for what makes no sense.
    """
    names = rules.metrics or own_metrics(arms.candidate)
    known = units(arms.candidate.workload)
    for name in names:
        _refuse_unknown("--metric", name, tuple(known))
    arms = measuring(arms, names)
    of_metric = {name: arms.candidate.workload.metric(name) for name in names}
    limits = _limits(rules.limits, list(of_metric.values()))
    plans = tuple(
        Plan(
            metric=name,
            direction=metric.direction,
            margin=limits[name][0],
            absolute_margin=limits[name][1],
            alpha=ALPHA,
            pairs=rules.pairs,
        )
        for name, metric in of_metric.items()
    )
    return Comparison(arms=arms, plan=plans[0], seed=rules.seed), plans


def of_gain(arms: Arms, rules: Rules) -> tuple[Comparison, tuple[Plan, ...]]:
    """The comparison of the defaults with a profile by the study's own objective, margin and level.

    Raises UsageError for metrics and limits, which are those of the profile.
    """
    if rules.metrics or rules.limits:
        raise UsageError(
            "--metric and --limit belong to --base: a profile's gain holds by its study's margin"
        )
    comparison = compared_by(arms, CompareRules(pairs=rules.pairs, seed=rules.seed))
    return comparison, (comparison.plan,)


def own_metrics(target: Target) -> tuple[str, ...]:
    """The study's objectives, else the metrics of the workload, else the time that a sample takes."""
    if target.study is not None:
        return tuple(one.objective for one in target.study.each)
    return tuple(metric.name for metric in target.workload.metrics) or (_WALL,)


def _limits(texts: Sequence[str], metrics: Sequence[Metric]) -> dict[str, tuple[float, float | None]]:
    """The share and, where it is given, the number in its unit that each metric may become worse by."""
    found: dict[str, tuple[float, float | None]] = {
        metric.name: (_share(DEFAULT, "--limit"), None) for metric in metrics
    }
    of_one = {text.partition("=")[0].strip(): text.partition("=")[2] for text in texts if "=" in text}
    for text in texts:
        if "=" not in text:
            found = dict.fromkeys(found, (_share(text, "--limit"), None))
    for name, text in of_one.items():
        _refuse_unknown("--limit", name, tuple(found))
        unit = next(metric.unit for metric in metrics if metric.name == name)
        found[name] = _limit(text.strip(), unit, f"--limit {name}={text}", otherwise=found[name][0])
    return found


def _limit(text: str, unit: str, option: str, *, otherwise: float) -> tuple[float, float | None]:
    if text.endswith("%"):
        return _share(text, option), None
    try:
        number = convert(text, unit)
    except UnitError as error:
        raise UsageError(f"{option}: {error}") from error
    return otherwise, _positive(number, option)


def _share(text: str, option: str) -> float:
    try:
        number = share(text)
    except UnitError as error:
        raise UsageError(f"{option} {text}: {error}") from error
    return _positive(number, f"{option} {text}")


def _positive(number: float, option: str) -> float:
    if not 0 < number < math.inf:
        raise UsageError(f"{option}: a limit has to be above 0, and finite")
    return number


def _refuse_unknown(option: str, name: str, known: Sequence[str]) -> None:
    if name not in known:
        hint = did_you_mean(name, known)
        raise UsageError(f"{option} {name}: there is no such metric here. Known: {', '.join(known)}.{hint}")
