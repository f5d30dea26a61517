"""A Study built from its form, with the checks that need the whole of it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autotune.core import registry
from autotune.core.units import duration_s, share
from autotune.model.space import Config, Value
from autotune.model.study import Budget, Limit, Plateau, Repeats, SamplerChoice, Study, Validation
from autotune.model.workload import Workload
from autotune.study.limits import limit, until
from autotune.study.schema.read import Mistake, did_you_mean
from autotune.study.schema.study import BudgetForm, StudyForm, options
from autotune.study.schema.workload import WorkloadForm
from autotune.study.values import config, written
from autotune.study.workload import workload


def study(
    form: StudyForm, inner: WorkloadForm, *, path: Path, facts: Mapping[str, Value], mistakes: list[Mistake]
) -> Study | None:
    """The study that `form` writes over the workload `inner`; None with what is wrong added to `mistakes`."""
    base = path.absolute().parent
    system = workload(inner, base=base, facts=facts, path=("workload",), mistakes=mistakes)
    limits = _limits(form, inner, mistakes)
    repeats = _repeats(form, mistakes)
    mistakes.extend(_name_mistakes(form, inner))
    if len(system.space.parameters) < len(inner.parameters):
        return None  # a configuration cannot be judged without every parameter
    whole = {**_defaults(system), **config(system.space, form.baseline, ("baseline",), mistakes)}
    enqueue = [
        {**whole, **config(system.space, given, ("enqueue", n), mistakes)}
        for n, given in enumerate(form.enqueue)
    ]
    if mistakes:
        return None
    first = tuple(system.space.pruned(given) for given in enqueue)
    return Study(
        name=form.study,
        path=path,
        workload=system,
        objective=form.objective.metric,
        limits=limits,
        sampler=SamplerChoice(name=form.sampler.name, seed=form.sampler.seed, options=options(form.sampler)),
        repeats=repeats,
        baseline_samples=form.baseline_samples,
        budget=_budget(form.budget),
        validation=Validation(
            pairs=form.validation.pairs,
            min_gain=share(form.validation.min_gain),
            min_difference=form.validation.min_difference,
        ),
        allow_risk=frozenset(form.allow_risk),
        baseline=system.space.pruned(whole),
        enqueue=first,
        document=_document(form, inner, whole, first, folder=os.path.relpath(system.folder, base)),
    )


def _defaults(system: Workload) -> dict[str, Value]:
    """Every default, also of parameters that are inactive under the others' defaults."""
    return {p.name: p.default for p in system.space.parameters}


def _document(
    form: StudyForm, inner: WorkloadForm, whole: Config, enqueue: tuple[Config, ...], *, folder: str
) -> dict[str, Any]:
    """The study as plain data, every default written out; its paths start from the study's folder."""
    plain = form.model_dump(by_alias=True, exclude_none=True)
    plain["workload"] = {**inner.model_dump(by_alias=True, exclude_none=True), "folder": folder}
    plain["baseline"] = written(whole)
    plain["enqueue"] = [written(given) for given in enqueue]
    return plain


def _limits(form: StudyForm, inner: WorkloadForm, mistakes: list[Mistake]) -> tuple[Limit, ...]:
    units = {name: metric.unit or "" for name, metric in inner.metrics.items()}
    found: list[Limit] = []
    for number, text in enumerate(form.limits):
        try:
            found.append(limit(text, units))
        except ValueError as error:
            mistakes.append(Mistake(path=("limits", number), message=str(error)))
    return tuple(found)


def _repeats(form: StudyForm, mistakes: list[Mistake]) -> Repeats:
    if isinstance(form.repeats, int):
        return Repeats(least=form.repeats, most=form.repeats)
    given = form.repeats
    if given.most < given.least:
        message = f"max {given.most} is below min {given.least}"
        mistakes.append(Mistake(path=("repeats",), message=message, at_key=True))
    elif (given.until is None) != (given.least == given.most):
        message = "min below max needs 'until', such as until: ci95 <= 3%, and 'until' needs min below max"
        mistakes.append(Mistake(path=("repeats",), message=message, at_key=True))
    try:
        precision = None if given.until is None else until(given.until)
    except ValueError as error:
        mistakes.append(Mistake(path=("repeats", "until"), message=str(error)))
        precision = None
    return Repeats(least=given.least, most=given.most, until=precision)


def _name_mistakes(form: StudyForm, inner: WorkloadForm) -> list[Mistake]:
    wrong: list[Mistake] = []
    metric = form.objective.metric
    if metric not in inner.metrics:
        hint = did_you_mean(metric, inner.metrics)
        message = f"'{metric}' is no metric. Known: {', '.join(inner.metrics)}.{hint}"
        wrong.append(Mistake(path=("objective", "metric"), message=message))
    if form.sampler.name not in registry.names("samplers"):
        message = registry.unknown("samplers", form.sampler.name)
        wrong.append(Mistake(path=("sampler", "name"), message=message))
    return wrong


def _budget(form: BudgetForm) -> Budget:
    plateau = form.plateau and Plateau(trials=form.plateau.trials, gain=share(form.plateau.gain))
    wall_s = None if form.wall is None else duration_s(form.wall)
    return Budget(trials=form.trials, wall_s=wall_s, plateau=plateau or None)
