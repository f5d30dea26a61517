"""Objectives and the pick among them, from their forms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from autotune.core.hint import did_you_mean
from autotune.core.units import share
from autotune.model.study import Limit, Objective, Pick, Validation
from autotune.study.limits import FAILURES, limit
from autotune.study.schema.read import Mistake
from autotune.study.schema.study import MOST_OBJECTIVES, OneOfForm, PickForm, StudyForm, ValidateForm
from autotune.study.schema.workload import MetricForm

_FAMILY = {"within": {"lexicographic"}, "subject_to": {"max", "min"}}
"""Keys of a pick that belong to some of its ways."""


def named(form: StudyForm) -> list[str]:
    """The metrics of the objectives, the one that the pick names first before the others."""
    if form.objectives is None:
        return [form.objective.metric] if form.objective else []
    names = [one.metric for one in form.objectives]
    first = _first(form.pick, names)
    return [*first, *(name for name in names if name not in first)]


def _first(pick: object, names: Sequence[str]) -> list[str]:
    """What the pick names, in its order, of the objectives `names`."""
    if not isinstance(pick, PickForm):
        return []
    wanted = pick.lexicographic or [name for name in (pick.max_, pick.min_) if name is not None]
    return [name for name in dict.fromkeys(wanted) if name in names]


def further(form: StudyForm) -> tuple[Objective, ...]:
    """The objectives beside the first, in the order of `named`."""
    given = {one.metric: one for one in form.objectives or ()}
    default = share(form.validation.min_gain)
    return tuple(
        Objective(
            metric=name, min_gain=_gain(given[name], default), min_difference=given[name].min_difference
        )
        for name in named(form)[1:]
    )


def validation(form: StudyForm) -> Validation:
    """The rules of the proof, with the margins of the first objective."""
    rules: ValidateForm = form.validation
    gain, difference = share(rules.min_gain), rules.min_difference
    if form.objectives:
        first = next(one for one in form.objectives if one.metric == named(form)[0])
        gain, difference = _gain(first, gain), first.min_difference
    return Validation(
        candidates=rules.candidates,
        reduce=rules.reduce,
        pairs=rules.pairs,
        min_gain=gain,
        min_difference=difference,
    )


def _gain(one: OneOfForm, default: float) -> float:
    return default if one.min_gain is None else share(one.min_gain)


def pick(form: StudyForm, metrics: Mapping[str, MetricForm], mistakes: list[Mistake]) -> Pick:
    """The pick; what is wrong with it is added to `mistakes`."""
    if not isinstance(form.pick, PickForm):
        return Pick()
    ways = list(form.pick.ways)
    names = [one.metric for one in form.objectives or ()]
    mistakes.extend(_pick_mistakes(form.pick, names, metrics))
    if ways[:1] == ["weights"]:
        return Pick(kind="weights", weights=dict(form.pick.weights or {}))
    if ways[:1] == ["lexicographic"]:
        within = None if form.pick.within is None else share(form.pick.within)
        return Pick(kind="lexicographic", within=within)
    bounds = _bounds(form.pick, names, metrics, mistakes)
    return Pick(kind="bounded", subject_to=tuple(bounds)) if ways else Pick()


def objective_mistakes(form: StudyForm, metrics: Mapping[str, MetricForm]) -> Iterator[Mistake]:
    """What is wrong with the objectives: both spellings, too many, one twice, no metric, no choice to make.

    That there is none is found where the file is read.
    """
    if form.objectives is not None and not 2 <= len(form.objectives) <= MOST_OBJECTIVES:
        message = (
            f"objectives are 2 to {MOST_OBJECTIVES}, found {len(form.objectives)}. One is an 'objective'"
        )
        yield Mistake(path=("objectives",), message=message, at_key=True)
    if form.objective is not None and form.objectives is not None:
        message = "'objective' says one and 'objectives' says several: write one of the two"
        yield Mistake(path=("objectives",), message=message, at_key=True)
    if form.objective is not None:
        yield from _unknown(form.objective.metric, metrics, ("objective", "metric"))
    names = [one.metric for one in form.objectives or ()]
    for number, name in enumerate(names):
        yield from _unknown(name, metrics, ("objectives", number, "metric"))
        if name in names[:number]:
            message = f"objective '{name}' is given twice"
            yield Mistake(path=("objectives", number, "metric"), message=message)
    if form.pick is not None and form.objectives is None:
        message = "a pick is made among several objectives, and there is one. Write them as 'objectives'"
        yield Mistake(path=("pick",), message=message, at_key=True, also=(("objectives",), ("objective",)))
    if form.objectives is not None and form.validation.min_difference is not None:
        message = "several objectives have several units: write min_difference with the objective it is for"
        yield Mistake(path=("validate", "min_difference"), message=message, at_key=True)


def _unknown(name: str, metrics: Mapping[str, MetricForm], path: tuple[str | int, ...]) -> Iterator[Mistake]:
    if name not in metrics:
        message = f"'{name}' is no metric. Known: {', '.join(metrics)}.{did_you_mean(name, metrics)}"
        yield Mistake(path=path, message=message, also=(("workload", "metrics", name),))


def _pick_mistakes(
    form: PickForm, names: Sequence[str], metrics: Mapping[str, MetricForm]
) -> Iterator[Mistake]:
    ways = list(form.ways)
    if len(ways) != 1:
        found = f"found {' and '.join(ways)}" if ways else "found none of them"
        message = f"a pick has one of weights, lexicographic, max and min; {found}"
        yield Mistake(path=("pick",), message=message, at_key=True, also=() if ways else (("pick",),))
        return
    for key, family in _FAMILY.items():
        if getattr(form, key) is not None and ways[0] not in family:
            message = f"'{key}' belongs to {' and '.join(sorted(family))}, and this pick has '{ways[0]}'"
            yield Mistake(path=("pick", key), message=message, at_key=True)
    for path, name in _names_in(form):
        yield from _no_objective(name, names, path)
    yield from _incomplete(form, names)
    yield from _wrong_way(form, ways[0], metrics)


def _names_in(form: PickForm) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every objective that the pick names, and where."""
    yield from ((("pick", "weights", name), name) for name in form.weights or ())
    yield from ((("pick", "lexicographic", at), name) for at, name in enumerate(form.lexicographic or ()))
    yield from ((("pick", key), str(form.ways[key])) for key in ("max", "min") if key in form.ways)


def _no_objective(name: str, names: Sequence[str], path: tuple[str | int, ...]) -> Iterator[Mistake]:
    if names and name not in names:
        message = f"'{name}' is no objective. They are: {', '.join(names)}.{did_you_mean(name, names)}"
        yield Mistake(path=path, message=message, at_key=path[1] == "weights", also=(("objectives",),))


def _incomplete(form: PickForm, names: Sequence[str]) -> Iterator[Mistake]:
    for key in ("weights", "lexicographic"):
        given = list(form.ways.get(key, ()))
        left = [name for name in names if name not in given]
        if key in form.ways and left:
            message = f"{key} names every objective; left out: {', '.join(left)}"
            causes = (("objectives",), ("pick", key))
            yield Mistake(path=("pick", key), message=message, at_key=True, also=causes)
        if len(set(given)) < len(given):
            message = f"{key} names an objective twice"
            yield Mistake(path=("pick", key), message=message, at_key=True)


def _wrong_way(form: PickForm, way: str, metrics: Mapping[str, MetricForm]) -> Iterator[Mistake]:
    wanted = {"max": "maximize", "min": "minimize"}.get(way)
    if wanted is None:
        return
    name = str(form.ways[way])
    if form.subject_to is None:
        message = (
            f"what is {name} to be weighed against? Write 'subject_to' with bounds on the other objectives"
        )
        yield Mistake(path=("pick", way), message=message, at_key=True, also=(("pick", "subject_to"),))
    metric = metrics.get(name)
    if metric is not None and metric.direction != wanted:
        other = "min" if way == "max" else "max"
        message = f"{name} is to {metric.direction}: write '{other}: {name}'"
        yield Mistake(path=("pick", way), message=message, at_key=True, also=(("workload", "metrics", name),))


def _bounds(
    form: PickForm, names: Sequence[str], metrics: Mapping[str, MetricForm], mistakes: list[Mistake]
) -> Iterator[Limit]:
    units = {name: metric.unit or "" for name, metric in metrics.items()}
    for number, text in enumerate(form.subject_to or ()):
        path = ("pick", "subject_to", number)
        try:
            bound = limit(text, units)
        except ValueError as error:
            mistakes.append(Mistake(path=path, message=str(error)))
            continue
        if names and bound.metric not in names:
            kind = "failures are" if bound.metric == FAILURES else f"'{bound.metric}' is"
            message = (
                f"{kind} no objective. subject_to bounds objectives; any other metric is bounded by 'limits'"
            )
            mistakes.append(Mistake(path=path, message=message, also=(("objectives",),)))
        elif bound.metric in {form.max_, form.min_}:
            message = f"'{bound.metric}' is what the pick improves; bound the other objectives"
            mistakes.append(Mistake(path=path, message=message))
        yield bound
