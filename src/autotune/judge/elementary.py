"""Elementary effects of a screening, beside what noise alone gives."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import fmean, stdev

import numpy as np
from numpy.typing import NDArray

from autotune.model.screening import Design, Elementary, Screening, Step
from autotune.model.space import config_key

_SIMULATED = 4000
_LARGEST = 700.0  # beyond it an exponential is no number
_TOLERANCE = 1e-9
"""Relative: what values differ by through their rounding is no effect."""


def screened(  # noqa: PLR0913  as many as a screening has
    metric: str,
    design: Design,
    values: Mapping[str, float],
    repeats: Sequence[float],
    *,
    seed: int,
    level: float = 0.05,
) -> Screening:
    """The effects of every parameter in `design` on one metric, the greatest first.

    `values` maps the key of each configuration that worked to its value, `repeats` are values of the start.
    Where all of them are positive, effects are changes of the logarithm, shown as shares. mu* and sigma as in
    Morris (1991) and Campolongo et al. (2007), not divided by the step: that is about the same for every
    parameter. The noise is that of the repeats, so it has to be alike all over the space (in relative terms
    where values are positive), independent and roughly normal; below 95 % of screenings without any effect
    exceed it, with how little few repeats tell of it taken into account.
    """
    relative = min([*values.values(), *repeats]) > 0
    scale = math.log if relative else float
    start = config_key(design.start)
    own = [scale(value) for value in repeats]
    seen = {key: scale(value) for key, value in values.items()} | {start: fmean(own)}
    deviation = stdev(own) if len(own) > 1 else math.inf
    limits = _limits(design, seen, len(own), level=level, seed=seed)
    found = [
        _elementary(design, name, seen, _noise(limits[name], deviation), relative=relative)
        for name in design.parameters
    ]
    order = sorted(range(len(found)), key=lambda i: (-found[i].change, -found[i].failed, i))
    return Screening(
        metric=metric,
        relative=relative,
        deviation=math.expm1(deviation) if relative and math.isfinite(deviation) else deviation,
        repeats=len(own),
        effects=tuple(found[i] for i in order),
    )


def _noise(limit: float, deviation: float) -> float:
    """Infinite where nothing limits it, be the deviation what it may."""
    return limit if math.isinf(limit) else max(limit * deviation, _TOLERANCE)


def _whole(design: Design, seen: Mapping[str, float]) -> list[Step]:
    """The steps of which both sides have a value."""
    return [s for s in design.steps if config_key(s.before) in seen and config_key(s.after) in seen]


def _elementary(
    design: Design, name: str, seen: Mapping[str, float], noise: float, *, relative: bool
) -> Elementary:
    effects = [
        (seen[config_key(s.after)] - seen[config_key(s.before)]) * (1 if s.up else -1)
        for s in _whole(design, seen)
        if s.parameter == name
    ]
    own = [s for s in design.steps if s.parameter == name]
    sides = [(config_key(s.before) in seen, config_key(s.after) in seen) for s in own]

    def shown(value: float) -> float:
        return math.expm1(value) if relative and value < _LARGEST else value

    return Elementary(
        parameter=name,
        change=shown(fmean(map(abs, effects))) if effects else 0.0,
        deviation=shown(stdev(effects)) if len(effects) > 1 else 0.0,
        noise=shown(noise),
        steps=len(effects),
        failed=sum(one != other for one, other in sides),
    )


def _limits(
    design: Design, seen: Mapping[str, float], repeats: int, *, level: float, seed: int
) -> dict[str, float]:
    """By parameter the greatest mu* that noise alone gives, in deviations as the repeats estimate them.

    Simulated on the very steps: they share configurations, so their errors are not independent. Each
    parameter's limit is the same multiple of what it has on average, and all of them hold together.
    """
    steps = _whole(design, seen)
    if not steps or repeats < 2:
        return dict.fromkeys(design.parameters, math.inf)
    random = np.random.default_rng(np.random.SeedSequence([seed % 2**64, len(steps)]))
    size = dict.fromkeys(seen, 1.0) | {config_key(design.start): repeats**-0.5}
    errors = {key: own * random.standard_normal(_SIMULATED) for key, own in size.items()}
    counts = Counter(step.parameter for step in steps)
    sums: dict[str, NDArray[np.float64]] = {name: np.zeros(_SIMULATED) for name in counts}
    for step in steps:
        sums[step.parameter] += np.abs(errors[config_key(step.after)] - errors[config_key(step.before)])
    means = {name: total / counts[name] for name, total in sums.items()}
    usual = {name: float(found.mean()) for name, found in means.items()}
    estimated = np.sqrt(random.chisquare(repeats - 1, _SIMULATED) / (repeats - 1))
    worst = np.max([found / usual[name] for name, found in means.items()], axis=0) / estimated
    factor = float(np.quantile(worst, 1 - level, method="higher"))
    return {name: factor * usual[name] if name in usual else math.inf for name in design.parameters}
