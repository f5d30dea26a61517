"""Whether a space leaves anything to search."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from autotune.core.expression import Expression, ExpressionError
from autotune.model.space import Config, Space, Value, config_key, shown
from autotune.model.study import Study
from autotune.solve.conflict import conflict
from autotune.solve.find import Finder
from autotune.solve.rules import Rules
from autotune.study.draw import drawn, every, size
from autotune.study.risk import allowed, barred
from autotune.study.schema.read import Mistake, Path
from autotune.study.values import domain

LARGEST_ENUMERATED = 5_000
_DRAWS = 1_000
_FEWEST_PAIRS = 6  # fewer cannot reach p < .05 in a signed-rank test
_SMALL_SHARE = 0.05


def expression_mistakes(space: Space, path: Path) -> Iterator[Mistake]:
    """Conditions, constraints and risks that have no value for some configuration, as far as tried."""
    tried = list(every(space) if size(space) <= LARGEST_ENUMERATED else drawn(space, _DRAWS))
    for place, expression in _expressions(space, path):
        skips_unset = place[-2] == "constraints"  # as Space.violated does
        for config in tried:
            known = {k: v for k, v in config.items() if v is not None} if skips_unset else config
            wrong = _valueless(expression, {**space.facts, **known})
            if wrong:
                mentioned = {name: config[name] for name in sorted(expression.names & config.keys())}
                yield Mistake(path=place, message=f"{wrong}, where {_in_words(mentioned)}")
                break


def _expressions(space: Space, path: Path) -> Iterator[tuple[Path, Expression]]:
    for parameter in space.parameters:
        place = (*path, "parameters", parameter.name)
        if parameter.when is not None:
            yield (*place, "when"), parameter.when
        yield from (((*place, "risk", risk), expression) for risk, expression in parameter.risks.items())
    yield from (((*path, "constraints", number), c) for number, c in enumerate(space.constraints))


def _valueless(expression: Expression, known: Config) -> str:
    """Why the expression has no value; empty where it has one, or where it names what is absent."""
    if not expression.names <= known.keys():
        return ""
    try:
        expression.evaluate(known)
    except ExpressionError as error:
        return str(error)
    return ""


def _in_words(config: Config) -> str:
    """`jobs is 2, mode is wal`."""
    return ", ".join(f"{name} is {shown(value)}" for name, value in config.items())


def configurations(space: Space) -> tuple[list[dict[str, Value]], bool]:
    """Different configurations of the space, constraints aside, and whether these are all of them."""
    whole = size(space) <= LARGEST_ENUMERATED
    found = every(space) if whole else drawn(space, _DRAWS)
    pruned = (space.pruned(config) for config in found)
    return list({config_key(config): config for config in pruned}.values()), whole


def impossible(space: Space) -> str:
    """Why no configuration satisfies the constraints; empty where one does, or where nobody can tell.

    It names the smallest set of constraints that contradict each other, with what is between them.
    """
    found = conflict(space)
    if not found:
        return ""
    names = frozenset[str]().union(*(constraint.names for constraint in found))
    between = [f"{p.name} is {domain(p)}" for p in space.parameters if p.name in names]
    facts = [f"{name} is {shown(value)}" for name, value in space.facts.items() if name in names]
    told = " and ".join(f"'{constraint}'" for constraint in found)
    verb = "can never hold" if len(found) == 1 else "contradict each other"
    return f"no configuration satisfies the constraints: {told} {verb}, where {'; '.join([*between, *facts])}"


def nothing_to_search(study: Study) -> str:
    """Why the search could visit nothing but the baseline; empty where it can, or nobody can tell."""
    found, whole = configurations(study.workload.space)
    baseline = config_key(study.baseline)
    if any(_visitable(study, c) and config_key(c) != baseline for c in found):
        return ""
    if not whole and not _proven_empty(study, baseline):
        return ""
    if whole and len(found) == 1:
        return "there is nothing to search: the parameters have one configuration, the baseline"
    return (
        "besides the baseline, no configuration satisfies the constraints and takes only risks in allow_risk"
    )


def _proven_empty(study: Study, baseline: str) -> bool:
    """Whether a search through the rules has seen the whole space and met nothing but the baseline."""
    rules = Rules(study.workload.space, barred=barred(study))
    search = Finder(rules, np.random.default_rng(0), permits=lambda config: _visitable(study, config))
    return all(config_key(config) == baseline for config in search.found()) and search.finished


def cautions(study: Study) -> tuple[str, ...]:
    """What the user should know before a run, in sentences: a space that is mostly barred, too few pairs."""
    found, whole = configurations(study.workload.space)
    share = sum(_visitable(study, config) for config in found) / len(found)
    told: list[str] = []
    if share < _SMALL_SHARE:
        basis = f"all {len(found)} configurations" if whole else f"{len(found)} random draws"
        # Of so many draws without a hit, 3 in so many is the 95 % bound (rule of three).
        left = f"{100 * share:.2g} %" if share or whole else f"less than {300 / len(found):.2g} %"
        told.append(f"constraints and risks leave {left} of the space to search ({basis})")
    if study.validation.pairs < _FEWEST_PAIRS:
        told.append(f"{study.validation.pairs} pairs cannot decide anything; give at least {_FEWEST_PAIRS}")
    return tuple(told)


def _visitable(study: Study, config: Config) -> bool:
    try:
        return not study.workload.space.violated(config) and allowed(study, config)
    except ExpressionError:  # a value that no draw of the load hit: not one to visit
        return False
