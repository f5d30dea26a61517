"""How much a set of points dominates together."""

from __future__ import annotations

import numpy as np

from autotune.judge.walsh import Floats


def hypervolume(points: Floats) -> float:
    """Volume between the origin and what (n, k) `points` dominate; more is better, k >= 1.

    Points that are not above the origin in every objective add nothing. (Zitzler and Thiele 1998; by slices
    along the last objective, While et al. 2006: exact, O(n log n) for two objectives and a factor n more for
    each further one.)
    """
    return _volume(points[(points > 0).all(axis=1)]) if points.size else 0.0


def _volume(points: Floats) -> float:
    if not len(points):
        return 0.0
    points = points[np.argsort(-points[:, -1], kind="stable")]
    heights = points[:, -1]
    if points.shape[1] == 1:
        return float(heights[0])
    depths = heights - np.append(heights[1:], 0.0)
    if points.shape[1] == 2:
        return float(depths @ np.maximum.accumulate(points[:, 0]))
    below = ((depth, points[: n + 1, :-1]) for n, depth in enumerate(depths) if depth > 0)
    return float(sum(depth * _volume(slice_) for depth, slice_ in below))
