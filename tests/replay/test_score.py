from __future__ import annotations

import math
from itertools import combinations

import pytest
from search.curve import expected_best
from search.score import ahead, cells, gap, mean, over, paired, points


@pytest.mark.parametrize("draws", [1, 2, 3, 4, 5, 6, 9])
def test_expected_best_is_the_mean_over_all_draws(tiny, draws):
    costs = [10, 8, 6, 2, math.inf, math.inf]
    bests = [min(7.0, *drawn) for drawn in combinations(costs, min(draws, 6))]

    assert expected_best(tiny.costs, tiny.typical, tiny.size, draws) == pytest.approx(sum(bests) / len(bests))


def test_gap_is_the_share_of_what_random_leaves_and_is_cut():
    assert gap(4.0, random=6.0, best=2.0, typical=7.0) == 0.5
    assert gap(2.0, random=6.0, best=2.0, typical=7.0) == 1.0
    assert gap(99.0, random=6.0, best=2.0, typical=7.0) == -1.0
    assert gap(2.0, random=2.0, best=2.0, typical=7.0) is None


def test_a_run_that_was_cut_has_no_mean_beyond_what_it_reached():
    assert over([0.2, 0.4, math.nan], (25, 50, 100), 50) == pytest.approx(0.3)
    assert over([0.2, 0.4, math.nan], (25, 50, 100), 100) is None
    assert over([0.2, None, 0.4], (25, 50, 100), 100) == pytest.approx(0.3)


def test_means_are_of_the_spaces_and_errors_of_the_seeds():
    found = mean({"a": {0: 0.0, 1: 0.2}, "b": {0: 1.0, 1: 1.0}})

    assert found.value == pytest.approx(0.55)
    assert found.error == pytest.approx(math.sqrt(0.02 / 2) / 2)
    assert found.runs == 4


def test_only_runs_of_the_same_space_and_seed_are_paired():
    ours = cells([("a", 0, 0.5), ("a", 1, 0.5), ("b", 0, 0.1), ("c", 0, None)])
    theirs = cells([("a", 0, 0.2), ("a", 2, 0.9), ("b", 0, 0.2), ("c", 0, 0.3)])

    assert paired(ours, theirs) == {"a": {0: pytest.approx(0.3)}, "b": {0: pytest.approx(-0.1)}}
    assert ahead(paired(ours, theirs)) == 1


def test_scores_read_without_their_zero():
    assert [points(v) for v in (0.654, -0.09, 1.0, -0.001, -1.25)] == [".65", "-.09", "1.00", "0", "-1.25"]
