"""How many pairs the proof will need, by what the selection saw."""

from __future__ import annotations

from autotune.judge.contest import LEVEL, against_first, margin_of
from autotune.judge.levels import nominal_levels
from autotune.judge.looks import looks
from autotune.judge.power import needed_pairs
from autotune.judge.signedrank import interval
from autotune.judge.walsh import walsh_averages
from autotune.model.run import Contest
from autotune.model.study import Study


def expected_pairs(study: Study, contest: Contest, entrant: int, *, alpha: float) -> int:
    """The planned look at which the entrant's gain will be told from none, if it is what the selection saw.

    At two-sided `alpha` over all looks, with 80 % power. All of the pairs where the gain lies below the
    margin; never fewer than up to the second look, which is also for a selection without blocks to tell from.
    """
    planned = looks(study.validation.pairs)
    seen = against_first(study, contest, entrant)
    found = interval(walsh_averages(seen.values), 1 - LEVEL) if len(seen.values) else None
    if found is None:
        return planned[:2][-1]
    if found.estimate <= margin_of(study, relative=seen.relative):
        return planned[-1]
    level = nominal_levels(planned, alpha)[-1]
    needed = needed_pairs(found, pairs=len(seen.values), distance=found.estimate, level=level)
    return next((look for look in planned[1:] if look >= needed), planned[-1])
