"""How far the steps in which a metric comes may have moved all differences alike."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from autotune.judge.walsh import Floats

_COARSE = 0.25
"""Share of the differences that lie on one step where steps are as wide as the noise.

Normal noise, whose pairs have a standard deviation s, puts 0.4 g / s of them there for a step g.
"""

_FEWEST = 3  # differences on one step: of fewer than 5 each has a quarter to itself


def grain(arms: Iterable[Floats], differences: Floats) -> float:
    """The step of the values in `arms` where the noise does not blur it, else 0; NaN are failed samples.

    Rounding to steps of g moves a value by up to g / 2 and a difference by up to g. Noise wider than a step
    makes that a part of the noise (Widrow and Kollar 2008, *Quantization Noise*); narrower noise leaves the
    same error in every pair, which no number of them averages out. The step is the smallest between two
    values of one arm: a clock of which only one value was seen does not tell its step.
    """
    gaps = np.concatenate([np.diff(np.unique(arm[~np.isnan(arm)])) for arm in arms])
    if not len(gaps) or not differences.any():
        return 0.0
    step = float(gaps.min())
    with np.errstate(over="ignore"):  # so many steps are not one
        _, counts = np.unique(np.rint(differences / step), return_counts=True)
    return step if counts.max() >= max(_FEWEST, _COARSE * len(differences)) else 0.0
