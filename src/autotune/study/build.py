"""A Study built from its form, with the checks that need the whole of it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from autotune.core.units import duration_s, share
from autotune.model.space import Config, Value
from autotune.model.study import (
    Budget,
    Cost,
    Limit,
    Plateau,
    Repeats,
    SamplerChoice,
    Study,
    Target,
)
from autotune.model.workload import Workload
from autotune.study.abort import abort
from autotune.study.freeze import freeze_mistakes, frozen
from autotune.study.limits import limit, target, until
from autotune.study.objectives import further, named, objective_mistakes, pick, validation
from autotune.study.schema.read import Mistake
from autotune.study.schema.study import StudyForm, options
from autotune.study.schema.workload import WorkloadForm
from autotune.study.values import config, written


def study(
    form: StudyForm, inner: WorkloadForm, system: Workload, *, path: Path, mistakes: list[Mistake]
) -> Study | None:
    """The study that `form` writes over `system`, which `inner` wrote; what is wrong is added to `mistakes`.

    The answer is whole only without any; None where its configurations could not be told.
    """
    base = path.absolute().parent
    limits = _limits(form, inner, mistakes)
    repeats = _repeats(form, mistakes)
    mistakes.extend(objective_mistakes(form, inner.metrics))
    wanted = pick(form, inner.metrics, mistakes)
    before = len(mistakes)

    def read(given: Mapping[str, Any], *path: str | int) -> Config:
        return config(system.space, given, path, known=inner.parameters, mistakes=mistakes)

    whole = {**_defaults(system), **read(form.baseline, "baseline")}
    freeze = tuple(dict.fromkeys(form.freeze or ()))
    mistakes.extend(freeze_mistakes(form.freeze or (), inner.parameters))
    system = replace(system, space=frozen(system.space, freeze, whole))
    enqueue = [{**whole, **read(given, "enqueue", n)} for n, given in enumerate(form.enqueue)]
    if len(mistakes) > before or len(system.space.parameters) < len(inner.parameters):
        return None
    first = tuple(system.space.pruned(given) for given in enqueue)
    return Study(
        name=form.study,
        path=path,
        workload=system,
        objective=next(iter(named(form)), ""),
        further=further(form),
        pick=wanted,
        limits=limits,
        sampler=SamplerChoice(name=form.sampler.name, seed=form.sampler.seed, options=options(form.sampler)),
        repeats=repeats,
        baseline_samples=form.baseline_samples,
        budget=_budget(form, inner, mistakes),
        abort=abort(form, inner.metrics, mistakes),
        validation=validation(form),
        allow_risk=frozenset(form.allow_risk),
        baseline=system.space.pruned(whole),
        enqueue=first,
        warm_start=None if form.warm_start is None else base / form.warm_start,
        freeze=freeze,
        document=_document(form, inner, whole, first, folder=os.path.relpath(system.folder, base)),
    )


def _defaults(system: Workload) -> dict[str, Value]:
    """Every default, also of parameters that are inactive under the others' defaults."""
    return {p.name: p.default for p in system.space.parameters}


def _document(
    form: StudyForm, inner: WorkloadForm, whole: Config, enqueue: tuple[Config, ...], *, folder: str
) -> dict[str, Any]:
    """The study as plain data, every default written out; its paths start from the study's folder."""
    if form.objectives is not None and form.pick is None:
        form = form.model_copy(update={"pick": "knee"})
    plain = form.model_dump(by_alias=True, exclude_none=True)
    plain["workload"] = {**inner.model_dump(by_alias=True, exclude_none=True), "folder": folder}
    plain["baseline"] = written(whole)
    plain["enqueue"] = [written(given) for given in enqueue]
    if not form.freeze:
        plain.pop("freeze", None)  # as in the documents of runs that knew no such key
    return plain


def _limits(form: StudyForm, inner: WorkloadForm, mistakes: list[Mistake]) -> tuple[Limit, ...]:
    units = {name: metric.unit or "" for name, metric in inner.metrics.items()}
    found: list[Limit] = []
    for number, text in enumerate(form.limits):
        try:
            found.append(limit(text, units))
        except ValueError as error:
            unknown = [name for name in re.findall(r"^\s*(\w+)", text) if name not in units]
            also = tuple(("workload", "metrics", name) for name in unknown)
            mistakes.append(Mistake(path=("limits", number), message=str(error), also=also))
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


def _budget(form: StudyForm, inner: WorkloadForm, mistakes: list[Mistake]) -> Budget:
    given = form.budget
    plateau = given.plateau and Plateau(trials=given.plateau.trials, gain=share(given.plateau.gain))
    mistakes.extend(_of_one_objective(form))
    return Budget(
        trials=given.trials,
        wall_s=None if given.wall is None else duration_s(given.wall),
        cost=None if given.cost is None else Cost(per_hour=given.cost.per_hour, most=given.cost.most),
        plateau=plateau or None,
        target=_target(form, inner, mistakes),
        convergence=None if given.convergence is None else share(given.convergence),
    )


def _of_one_objective(form: StudyForm) -> Iterator[Mistake]:
    """Ends of a search that look at one value, where there are several objectives."""
    for key in ("target", "convergence"):
        if form.objectives is not None and getattr(form.budget, key) is not None:
            message = f"'{key}' looks at one objective, and there are several. A plateau looks at all of them"
            yield Mistake(path=("budget", key), message=message, at_key=True)


def _target(form: StudyForm, inner: WorkloadForm, mistakes: list[Mistake]) -> Target | None:
    """The target in the unit of the objective, where that is known."""
    name = form.objective.metric if form.objective else ""
    metric = inner.metrics.get(name)
    if form.budget.target is None or metric is None:
        return None
    try:
        return target(form.budget.target, metric.unit or "")
    except ValueError as error:
        place = ("workload", "metrics", name)
        mistakes.append(Mistake(path=("budget", "target"), message=str(error), also=(place,)))
        return None
