"""Which quantities beside the objective differ between the arms by more than chance."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TypeAlias

import numpy as np

from autotune.judge.holm import adjusted
from autotune.judge.objective import LEAST
from autotune.judge.paired import column, differences
from autotune.judge.signedrank import p_value
from autotune.judge.walsh import walsh_averages
from autotune.model.run import Confirmation
from autotune.model.trial import Sample, State

LEVEL = 0.05
"""Of a family of quantities, one or more seem to differ by chance alone in this share of comparisons."""


_Values: TypeAlias = Mapping[str, float]


def beyond_chance(confirmation: Confirmation, metrics: Collection[str]) -> frozenset[str]:
    """The quantities whose pairs differ, over the good pairs of `confirmation`, warm-ups left out.

    Two families, each corrected for its size (Holm 1979): `metrics`, and the resources beside them. The test
    is the objective's, signed-rank on pairs in the order of a coin. It holds at a number of pairs that was
    fixed before; where the objective's answer ended the pairs it holds nearly, as long as the quantity is
    not the objective under another name. A quantity that never differs is no member: whatever the coins say,
    it could not be shown.
    """
    pairs = _good_pairs(confirmation)
    measured = [(one.metrics, other.metrics) for one, other in pairs]
    used = [(_resources(one), _resources(other)) for one, other in pairs]
    resources = {name for pair in used for arm in pair for name in arm} - set(metrics)
    return _shown(_p_values(metrics, measured)) | _shown(_p_values(resources, used))


def _resources(sample: Sample) -> dict[str, float]:
    return {r.name: r.value for r in sample.resources if r.value is not None}


def _shown(found: Mapping[str, float]) -> frozenset[str]:
    corrected = zip(found, adjusted(list(found.values())), strict=True)
    return frozenset(name for name, p in corrected if p <= LEVEL)


def _good_pairs(confirmation: Confirmation) -> list[tuple[Sample, Sample]]:
    arms: dict[int, dict[str, Sample]] = {}
    for one in confirmation.used:
        if one.pair >= 0 and one.sample.state is State.OK:
            arms.setdefault(one.pair, {})[one.arm] = one.sample
    return [(pair["baseline"], pair["candidate"]) for pair in arms.values() if len(pair) == 2]


def _p_values(names: Collection[str], pairs: Sequence[tuple[_Values, _Values]]) -> dict[str, float]:
    """By quantity; not of one that never differs, or in too few pairs to tell."""
    found = {name: _p(name, pairs) for name in names}
    return {name: p for name, p in found.items() if p is not None}


def _p(name: str, pairs: Sequence[tuple[_Values, _Values]]) -> float | None:
    baseline, candidate = (column((pair[arm] for pair in pairs), name) for arm in (0, 1))
    known = ~(np.isnan(baseline) | np.isnan(candidate))
    if np.count_nonzero(known) < LEAST:
        return None
    seen = differences(baseline[known], candidate[known], direction="maximize").values
    return p_value(walsh_averages(seen)) if seen.any() else None
