"""What the best trials have in common, parameter by parameter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autotune.search.codes import Axis, Floats, Rows

_BLOCK = 12
"""Trials that are ranked among each other."""

_BEST = 4
"""One in four of them is among the best."""

_BINS = 5

Order = NDArray[np.int_]


@dataclass(frozen=True, slots=True)
class Binned:
    """Trials in bins of their values: (n, bins) of 0 and 1; the bins of one parameter stand side by side.

    `starts` is where each parameter's begin.
    """

    inside: Floats
    starts: NDArray[np.int_]


def binned(axes: list[Axis], rows: Rows) -> Binned:
    """Each of a few different values is a bin; of many, a fifth of the trials, or the rarest together."""
    parts = [_bins(axis, rows[:, index]) for index, axis in enumerate(axes)]
    inside = [part[:, None] == np.unique(part)[None, :] for part in parts]
    widths = [part.shape[1] for part in inside]
    return Binned(np.hstack(inside).astype(float), np.concatenate([[0], np.cumsum(widths)[:-1]]).astype(int))


def _bins(axis: Axis, codes: Floats) -> NDArray[np.int_]:
    values, which, counts = np.unique(codes, return_inverse=True, return_counts=True)
    if len(values) <= _BINS:
        return np.asarray(which)
    if not axis.dense and not axis.line:  # without an order
        kept = np.sort(np.argsort(-counts, kind="stable")[: _BINS - 1])
        return np.where(np.isin(which, kept), which, len(values))
    edges = np.quantile(codes, np.arange(1, _BINS) / _BINS)
    return np.searchsorted(edges, codes, side="right")


def divergences(bins: Binned, tops: Floats, wholes: Floats) -> Floats:
    """(parameters, k): how far values among the best differ from those among all, for k weightings.

    The Pearson divergence, the integral of (p_best / p_all - 1)^2 p_all, to which a parameter's share of the
    variance of "is among the best" is proportional: PED-ANOVA (Watanabe, Bansal and Hutter 2023, theorem 1),
    with histograms for densities. `tops` and `wholes` (k, n) weigh the trials. It holds for trials that were
    drawn independently of their values; `best_of` is what makes a search's trials resemble that.
    """
    best = tops @ bins.inside / tops.sum(axis=1, keepdims=True)
    whole = wholes @ bins.inside / wholes.sum(axis=1, keepdims=True)
    terms = np.divide((best - whole) ** 2, whole, out=np.zeros_like(whole), where=whole > 0)
    return np.add.reduceat(terms, bins.starts, axis=1).T


def blocks(count: int) -> list[Order]:
    """Trials in groups of at least 12 that came one after the other.

    A search gathers around what it found, in every parameter: the best of all of its trials have in common
    that they came late, whatever mattered. Those of one group were drawn alike.
    """
    return list(np.array_split(np.arange(count), max(1, count // _BLOCK)))


def best_of(ranks: NDArray[np.int_], chosen: list[Order]) -> tuple[Floats, Floats]:
    """Weights (n,) of the best quarter of each group, and of all of it; a trial may stand in it repeatedly.

    `ranks` (n,): the best has the lowest.
    """
    tops, wholes = np.zeros(len(ranks)), np.zeros(len(ranks))
    for group in chosen:
        order = group[np.argsort(ranks[group], kind="stable")]
        np.add.at(tops, order[: max(1, round(len(group) / _BEST))], 1)
        np.add.at(wholes, group, 1)
    return tops, wholes


def shuffled(ranks: NDArray[np.int_], random: np.random.Generator) -> NDArray[np.int_]:
    """The ranks in another order within each group."""
    found = ranks.copy()
    for group in blocks(len(ranks)):
        found[group] = ranks[random.permutation(group)]
    return found


def resampled(count: int, random: np.random.Generator) -> list[Order]:
    """The groups, each with as many of its trials drawn with replacement."""
    return [random.choice(group, size=len(group)) for group in blocks(count)]
