"""Checks of a study as a whole: the configurations that it names, and what is left to search."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from autotune.core import registry
from autotune.core.errors import UsageError
from autotune.model.problem import Problem
from autotune.model.space import Apply, Config, Parameter, Space, shown
from autotune.model.study import Study
from autotune.model.workload import Workload
from autotune.solve.repair import repaired
from autotune.solve.rules import Rules
from autotune.study.feasible import expression_mistakes, impossible, nothing_to_search
from autotune.study.objectives import named
from autotune.study.partial import spoilt
from autotune.study.risk import allowed
from autotune.study.schema.read import Mistake, Path
from autotune.study.schema.study import StudyForm, options

_INNER = ("workload",)
_SPACE = (("workload", "parameters"), ("workload", "constraints"), ("baseline",), ("enqueue",), ("freeze",))


_ANY = Space(
    parameters=(
        Parameter(name="any", kind="bool", default=False, values=(False, True), apply=Apply(actuator="none")),
    )
)
"""Stands in for a space in which no parameter is right: options can be told wrong all the same."""


def space_mistakes(space: Space, first: Config, *, path: Path) -> list[Mistake]:
    """What is wrong with a space whose first configuration, the one without tuning, is `first`."""
    wrong = list(expression_mistakes(space, path))
    if not wrong and space.violated(first):
        message = impossible(space) or _violation(space, first, "the baseline")
        wrong.append(Mistake(path=(*path, "constraints"), message=message, at_key=True))
    return wrong


def sampler_mistakes(form: StudyForm, system: Workload) -> list[Mistake]:
    """Options that the sampler refuses, each by itself; all of them together where it takes each."""
    if form.sampler.name not in registry.names("samplers"):
        return [Mistake(path=("sampler", "name"), message=registry.unknown("samplers", form.sampler.name))]
    make = registry.load("samplers", form.sampler.name)
    ways = {metric.name: metric.direction for metric in system.metrics}
    directions = tuple(ways[name] for name in named(form) if name in ways)
    space = system.space if system.space.parameters else _ANY
    to_solve = Problem(space=space, directions=directions or ("minimize",), seed=form.sampler.seed)

    def refusal(chosen: Mapping[str, Any]) -> str:
        try:
            make(to_solve, options=chosen)
        except UsageError as error:
            return str(error)
        return ""

    given = options(form.sampler)
    together = refusal(given)
    alone = {name: refusal({name: value}) for name, value in given.items()} if together else {}
    wrong = [Mistake(path=("sampler", name), message=text) for name, text in alone.items() if text]
    return wrong or ([Mistake(path=("sampler",), message=together)] if together else [])


def study_mistakes(study: Study, known: Sequence[Mistake], *, untuned: bool = False) -> list[Mistake]:
    """What is wrong with a study as a whole; what rests on one of the `known` mistakes is left out.

    Where it is measured `untuned` it needs no parameter.
    """
    if spoilt(known, *_SPACE):
        return []
    if not study.workload.space.parameters:
        if untuned:
            return []
        message = (
            "a study needs a parameter to tune, and this workload has none. 'autotune bench' measures it all "
            "the same"
        )
        return [Mistake(path=(*_INNER, "parameters"), message=message, at_key=True)]
    wrong = space_mistakes(study.workload.space, study.baseline, path=_INNER)
    if not wrong and not spoilt(known, ("allow_risk",)):
        wrong += [*_enqueue_mistakes(study), *_search_mistakes(study)]
    return wrong


def _enqueue_mistakes(study: Study) -> Iterator[Mistake]:
    space = study.workload.space
    for number, config in enumerate(study.enqueue):
        if space.violated(config):
            message = _violation(space, config, "this configuration")
            yield Mistake(path=("enqueue", number), message=message)
        elif not allowed(study, config):
            risks = ", ".join(sorted(set(space.risks(config)) - study.allow_risk))
            message = f"this configuration takes a risk that allow_risk does not list: {risks}"
            yield Mistake(path=("enqueue", number), message=message)


def _search_mistakes(study: Study) -> Iterator[Mistake]:
    if set(study.freeze) >= set(study.workload.space.names):
        message = "'freeze' names every parameter, so there is nothing to search. Leave one out"
        yield Mistake(path=("freeze",), message=message, at_key=True)
        return
    message = nothing_to_search(study)
    if message:
        yield Mistake(path=(*_INNER, "parameters"), message=message, at_key=True)


def _violation(space: Space, config: Config, which: str) -> str:
    broken = space.violated(config)
    names = sorted(frozenset[str]().union(*(c.names for c in broken)))
    known = {**space.facts, **config}
    values = ", ".join(f"{name} is {shown(known[name])}" for name in names)
    constraints = " and ".join(f"'{constraint}'" for constraint in broken)
    return f"{which} does not satisfy {constraints}: {values}{_nearest(space, config)}"


def _nearest(space: Space, config: Config) -> str:
    """What would have to change for it, where that is known."""
    found = repaired(Rules(space), config, permits=Problem(space=space).permits)
    if found is None:
        return ""
    changed = [f"{n} {shown(v)}" for n, v in found.items() if n not in config or config[n] != v]
    return f". The nearest that does has {', '.join(changed)}"
