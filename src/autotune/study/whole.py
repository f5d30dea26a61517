"""Checks of a study as a whole: the configurations that it names, and what is left to search."""

from __future__ import annotations

from autotune.model.space import Config, Space, shown
from autotune.model.study import Study
from autotune.study.feasible import expression_mistakes, impossible, nothing_to_search
from autotune.study.risk import allowed
from autotune.study.schema.read import Mistake, Path

_INNER = ("workload",)


def space_mistakes(space: Space, first: Config, *, path: Path) -> list[Mistake]:
    """What is wrong with a space whose first configuration, the one without tuning, is `first`."""
    wrong = list(expression_mistakes(space, path))
    if not wrong and space.violated(first):
        message = impossible(space) or _violation(space, first, "the baseline")
        wrong.append(Mistake(path=(*path, "constraints"), message=message, at_key=True))
    return wrong


def study_mistakes(study: Study) -> list[Mistake]:
    """What is wrong with a study whose parts are right."""
    space = study.workload.space
    if not space.parameters:
        message = "a study needs a parameter to tune, and this workload has none"
        return [Mistake(path=(*_INNER, "parameters"), message=message, at_key=True)]
    wrong = space_mistakes(space, study.baseline, path=_INNER)
    if wrong:
        return wrong
    for number, config in enumerate(study.enqueue):
        message = ""
        if space.violated(config):
            message = _violation(space, config, "this configuration")
        elif not allowed(study, config):
            risks = ", ".join(sorted(set(space.risks(config)) - study.allow_risk))
            message = f"this configuration takes a risk that allow_risk does not list: {risks}"
        if message:
            wrong.append(Mistake(path=("enqueue", number), message=message))
    message = nothing_to_search(study)
    if message:
        wrong.append(Mistake(path=(*_INNER, "parameters"), message=message, at_key=True))
    return wrong


def _violation(space: Space, config: Config, which: str) -> str:
    broken = space.violated(config)
    names = sorted(frozenset[str]().union(*(c.names for c in broken)))
    known = {**space.facts, **config}
    values = ", ".join(f"{name} is {shown(known[name])}" for name in names)
    constraints = " and ".join(f"'{constraint}'" for constraint in broken)
    return f"{which} does not satisfy {constraints}: {values}"
