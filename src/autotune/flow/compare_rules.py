"""What is compared of two arms, and by which rules: a study's own, replaced by what the command line says."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from autotune.core.errors import UsageError
from autotune.core.hint import did_you_mean
from autotune.core.units import UnitError, convert, share
from autotune.flow.bench_target import Target
from autotune.flow.compare_target import Arms
from autotune.judge.confirmed import plan_of
from autotune.judge.plan import Plan
from autotune.model.resources import KNOWN, RESOURCES
from autotune.model.study import Limit, Study, Validation
from autotune.model.workload import Metric, Workload
from autotune.study.limits import FAILURES, limit

_ALPHA = 0.05
"""Two-sided, spent over the looks: as of the first confirmation of a run."""

_DEFAULT = "wall_s"
"""What is compared of a workload without metrics, such as a bare command."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the command line says of it; None and () leave it to the study, or to the defaults of one."""

    metric: str | None = None
    limits: tuple[str, ...] = ()
    pairs: int | None = None
    min_gain: str | None = None
    min_difference: str | None = None
    seed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two arms, the plan that their pairs are judged by, and the seed of the coins."""

    arms: Arms
    plan: Plan
    seed: int

    @property
    def metric(self) -> Metric:
        """What is compared."""
        return self.arms.baseline.workload.metric(self.plan.metric)


def ruled(arms: Arms, rules: Rules) -> Comparison:
    """The comparison of `arms` by `rules`; a resource of every sample can be compared as a metric can.

    Raises UsageError, naming the option, for what makes no sense.
    """
    study = arms.baseline.study
    known = units(arms.baseline.workload)
    several = study is not None and bool(study.further) and rules.metric is None
    if several and rules.min_difference:
        raise UsageError(
            "--min-difference is in a metric's unit, and there are several objectives: add --metric"
        )
    name = rules.metric or (study.objective if study else _first(arms.baseline.workload))
    _refuse_unknown(name, known)
    own = _own(study if several or study is None else study.of(name))
    limits = tuple(_limit(text, known) for text in rules.limits) or own.limits
    arms = measuring(arms, [name, *(one.metric for one in limits if one.metric != FAILURES)])
    metric = arms.baseline.workload.metric(name)
    gain = _number("--min-gain", rules.min_gain, share)
    difference = _number("--min-difference", rules.min_difference, _in(metric.unit))
    plan = replace(
        own,
        metric=name,
        direction=metric.direction,
        margin=gain or own.margin,
        absolute_margin=difference or (own.absolute_margin if name == own.metric else None),
        pairs=rules.pairs or own.pairs,
        limits=limits,
        others=tuple(replace(other, margin=gain or other.margin) for other in own.others) if several else (),
    )
    seed = rules.seed if rules.seed is not None else study.sampler.seed if study else 0
    return Comparison(arms=arms, plan=plan, seed=seed)


def _own(study: Study | None) -> Plan:
    """The study's rules, or the defaults of one."""
    if study is not None:
        return plan_of(study, alpha=_ALPHA, pairs=study.validation.pairs)
    rules = Validation()
    return Plan(metric=_DEFAULT, direction="minimize", margin=rules.min_gain, alpha=_ALPHA, pairs=rules.pairs)


def units(workload: Workload) -> dict[str, str]:
    """The unit of all that can be compared: metrics as declared, then resources."""
    return {metric.name: metric.unit for metric in workload.metrics} | {
        name: unit
        for name, unit in (KNOWN if workload.instance else RESOURCES).items()
        if name not in {metric.name for metric in workload.metrics}
    }


def _first(workload: Workload) -> str:
    return next((metric.name for metric in workload.metrics), _DEFAULT)


def _refuse_unknown(name: str, known: Mapping[str, str]) -> None:
    if name not in known:
        raise UsageError(
            f"--metric {name}: there is no such metric or resource. Known: {', '.join(known)}."
            f"{did_you_mean(name, known)}"
        )


def _limit(text: str, known: Mapping[str, str]) -> Limit:
    try:
        return limit(text, known)
    except ValueError as error:
        raise UsageError(f"--limit: {error}") from error


def _number(option: str, text: str | None, read: Callable[[str], float]) -> float | None:
    """The number above 0 that `read` finds in `text`; None without a text."""
    if text is None:
        return None
    try:
        number = read(text)
    except UnitError as error:
        raise UsageError(f"{option}: {error}") from error
    if not 0 < number < math.inf:
        raise UsageError(f"{option} has to be above 0, and finite, found {text}")
    return number


def _in(unit: str) -> Callable[[str], float]:
    return lambda text: convert(text, unit)


def measuring(arms: Arms, names: Sequence[str]) -> Arms:
    """`arms` whose workloads yield the metrics `names`; a resource among them is added as one."""
    targets = {arm: _yielding(target, names) for arm, target in arms.targets.items()}
    return replace(arms, targets=targets)


def _yielding(target: Target, names: Sequence[str]) -> Target:
    workload = target.workload
    declared = {metric.name for metric in workload.metrics}
    added = tuple(
        Metric(name=name, source="resource", where=name, unit=KNOWN[name])
        for name in dict.fromkeys(names)
        if name not in declared
    )
    return replace(target, workload=replace(workload, metrics=(*workload.metrics, *added)))
