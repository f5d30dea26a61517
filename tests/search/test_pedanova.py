from __future__ import annotations

import numpy as np
import pytest

from autotune.search.codes import Axis
from autotune.search.pedanova import best_of, binned, blocks, divergences, resampled, shuffled
from autotune.testing.spaces import parameter

TWO = [Axis(parameter("a", "bool", values=(False, True))), Axis(parameter("b", "float", low=0.0, high=1.0))]


def divergence(rows, tops):
    bins = binned(TWO, rows)
    return divergences(bins, np.array([tops]), np.ones((1, len(rows))))[:, 0]


def test_it_is_the_pearson_divergence_of_two_histograms():
    rows = np.column_stack([[0, 0, 1, 1], [0.1, 0.2, 0.3, 0.4]])
    # p_all = (1/2, 1/2), p_best = (1, 0): ((1 - .5)^2 + (0 - .5)^2) / .5
    assert divergence(rows, [1, 1, 0, 0])[0] == pytest.approx(1.0)
    assert divergence(rows, [1, 0, 1, 0])[0] == pytest.approx(0.0)


def test_a_line_is_cut_into_fifths_of_the_trials():
    rows = np.column_stack([np.zeros(100), np.linspace(0, 1, 100) ** 3])
    bins = binned(TWO, rows)
    assert bins.inside.shape == (100, 1 + 5)
    assert bins.inside[:, 1:].sum(axis=0).tolist() == [20] * 5


def test_of_many_categories_the_rarest_stand_together():
    axis = Axis(parameter("c", "choice", values=tuple("abcdefgh")))
    codes = np.repeat(np.arange(8.0), [9, 8, 7, 6, 1, 1, 1, 1])
    bins = binned([axis], codes[:, None])
    assert sorted(bins.inside.sum(axis=0)) == [4, 6, 7, 8, 9]


@pytest.mark.parametrize("count", [1, 11, 12, 23, 24, 100])
def test_every_trial_is_in_one_group_of_at_least_twelve(count):
    groups = blocks(count)
    assert np.concatenate(groups).tolist() == list(range(count))
    assert min(map(len, groups)) >= min(12, count)


def test_the_best_come_from_every_group_alike():
    ranks = np.arange(48)[::-1].copy()  # the last trials are the best of all
    tops, _ = best_of(ranks, blocks(48))
    assert [tops[group].sum() for group in blocks(48)] == [3, 3, 3, 3]


def test_a_shuffle_stays_within_its_group():
    ranks = np.arange(36)
    found = shuffled(ranks, np.random.default_rng(1))
    assert all(set(found[g]) == set(ranks[g]) for g in blocks(36))


def test_a_resample_keeps_the_size_of_each_group():
    drawn = resampled(40, np.random.default_rng(1))
    assert list(map(len, drawn)) == list(map(len, blocks(40)))
    assert all(set(one) <= set(group.tolist()) for one, group in zip(drawn, blocks(40), strict=True))
