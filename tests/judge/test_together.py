"""Several objectives on the same pairs: what makes them better, worse, equivalent together."""

from __future__ import annotations

from collections import Counter
from math import sqrt

import numpy as np
import pytest

from autotune.judge.compare import Pair, Plan, compare
from autotune.model.verdict import Held, Result

MARGIN = 0.02


def plan(objectives: int = 2, *, tested: bool = True, **changes) -> Plan:
    """A plan over the objectives a, b, ..., all of which are to grow."""
    usual = {"direction": "maximize", "margin": MARGIN, "alpha": 0.05, "pairs": 40, **changes}
    first, *others = (Plan(metric=name, **usual) for name in "abcd"[:objectives])
    changed = {field: getattr(first, field) for field in Plan.__slots__}
    return Plan(**{**changed, "others": tuple(one_of(other, tested=tested) for other in others)})


def one_of(other: Plan, *, tested: bool) -> Plan:
    return Plan(**{**{field: getattr(other, field) for field in Plan.__slots__}, "tested": tested})


def drawn(random, effects, *, sd=0.02, correlation=0.0, pairs=40):
    """Pairs whose log ratios have `sd`; the candidate's objectives are multiplied by 1 + its effects."""
    count = len(effects)
    shared, own = (random.normal(0, sd / sqrt(2), (2, pairs, n)) for n in (1, count))
    noise = sqrt(abs(correlation)) * shared * np.sign(correlation) ** np.arange(count)
    logs = noise + sqrt(1 - abs(correlation)) * own
    logs[1] += np.log1p(effects)
    return [
        Pair(
            baseline=dict(zip("abcd", np.exp(logs[0, n]), strict=False)),
            candidate=dict(zip("abcd", np.exp(logs[1, n]), strict=False)),
            baseline_first=bool(random.integers(2)),
        )
        for n in range(pairs)
    ]


def judged(*effects, seed=1, **changes):
    return compare(drawn(np.random.default_rng(seed), effects, **changes), plan(len(effects)))


def test_one_objective_better_and_the_other_kept_is_better():
    verdict = judged(0.2, 0.0)
    assert verdict.result is Result.BETTER
    assert verdict.proven
    assert verdict.metric == "a"
    assert [limit.text for limit in verdict.limits] == ["a loses less than 2 %", "b loses less than 2 %"]


def test_the_objective_that_is_better_may_be_any_of_them():
    verdict = judged(0.0, 0.2)
    assert (verdict.result, verdict.metric) == (Result.BETTER, "b")
    assert verdict.effect.estimate == pytest.approx(0.2, abs=0.03)


def test_a_gain_that_costs_another_objective_is_worse():
    verdict = judged(0.5, -0.1)
    assert (verdict.result, verdict.metric) == (Result.WORSE, "b")
    assert "a is 5" in verdict.explanation


def test_a_gain_whose_price_is_open_is_undecided():
    verdict = judged(0.5, -0.013, sd=0.04)
    assert verdict.result is Result.UNDECIDED
    assert [limit.held for limit in verdict.limits] == [Held.HELD, Held.UNSURE]
    assert verdict.objectives[0].result is Result.BETTER


def test_all_equivalent_is_equivalent():
    assert judged(0.0, 0.0, 0.0, sd=0.005).result is Result.EQUIVALENT


def test_one_equivalent_and_the_other_open_is_undecided():
    random = np.random.default_rng(3)
    quiet, loud = drawn(random, (0.0,), sd=0.003), drawn(random, (0.0,), sd=0.3)
    pairs = [
        Pair(
            baseline={"a": one.baseline["a"], "b": other.baseline["a"]},
            candidate={"a": one.candidate["a"], "b": other.candidate["a"]},
            baseline_first=one.baseline_first,
        )
        for one, other in zip(quiet, loud, strict=True)
    ]
    verdict = compare(pairs, plan())
    assert verdict.result is Result.UNDECIDED
    assert [one.result for one in verdict.objectives] == [Result.EQUIVALENT, Result.UNDECIDED]


def test_pairs_end_at_the_first_look_that_decides():
    pairs = drawn(np.random.default_rng(4), (0.3, 0.0), sd=0.005)
    early = compare(pairs[:20], plan())
    assert (early.result, early.finished, early.pairs) == (Result.BETTER, True, 20)
    open_ = compare(drawn(np.random.default_rng(4), (0.0, 0.0), sd=0.3)[:10], plan())
    assert not open_.finished


def test_a_decision_does_not_change_with_the_pairs_after_it():
    pairs = drawn(np.random.default_rng(5), (0.3, 0.0), sd=0.005)
    later = [*pairs[:20], *drawn(np.random.default_rng(6), (0.3, -0.5), sd=0.005)[20:]]
    assert compare(later, plan()).result is Result.BETTER


def test_less_is_better_is_turned_for_the_guard_too():
    random = np.random.default_rng(7)
    pairs = drawn(random, (-0.2, 0.0))
    verdict = compare(pairs, plan(direction="minimize"))
    assert verdict.result is Result.BETTER
    bound = verdict.limits[1]
    assert bound.bound == pytest.approx(1.02)
    assert bound.seen <= bound.worst <= bound.bound


def test_a_sample_that_fails_under_the_candidate_alone_is_never_better():
    pairs = drawn(np.random.default_rng(8), (0.3, 0.3))
    pairs[3] = Pair(baseline=pairs[3].baseline, candidate=None, baseline_first=True)
    assert compare(pairs, plan()).result is Result.UNDECIDED


def test_values_of_0_without_a_margin_of_their_own_cannot_be_kept():
    pairs = [
        Pair(
            baseline={"a": one.baseline["a"], "b": one.baseline["b"] - 1},
            candidate={"a": one.candidate["a"], "b": one.candidate["b"] - 1},
            baseline_first=one.baseline_first,
        )
        for one in drawn(np.random.default_rng(9), (0.3, 0.0))
    ]
    verdict = compare(pairs, plan())
    assert verdict.result is Result.UNDECIDED
    assert any("b has values of 0 or less" in warning for warning in verdict.warnings)
    margin = plan(absolute_margin=0.5)
    assert compare(pairs, margin).result is Result.BETTER


def test_objectives_that_are_not_tested_are_told_beside_the_one_that_is():
    pairs = drawn(np.random.default_rng(10), (0.2, -0.3))
    verdict = compare(pairs, plan(tested=False))
    assert (verdict.result, verdict.metric, verdict.limits) == (Result.BETTER, "a", ())
    assert [one.result for one in verdict.objectives] == [Result.BETTER, None]
    assert verdict.objectives[1].effect.estimate == pytest.approx(-0.3, abs=0.05)
    alone = compare(pairs, plan(1))
    assert verdict.effect == alone.effect


def test_one_objective_is_judged_as_ever():
    verdict = compare(drawn(np.random.default_rng(11), (0.2,)), plan(1))
    assert verdict.objectives == ()
    assert verdict.limits == ()


CASES = [(2, 0.0), (2, 0.9), (2, -0.9), (4, 0.0)]


def called(effects, *, count, seed, margin=MARGIN, sd=0.05, correlation=0.0):
    random = np.random.default_rng(seed)
    rules = plan(len(effects), margin=margin)
    return Counter(
        compare(drawn(random, effects, sd=sd, correlation=correlation), rules).result for _ in range(count)
    )


def at_most(nominal: float, count: int) -> float:
    """`nominal` and three standard errors of a share out of `count`."""
    return nominal + 3 * sqrt(nominal * (1 - nominal) / count)


def check_the_same_twice(objectives, correlation, count):
    found = called((0.0,) * objectives, count=count, seed=30, margin=0.0, correlation=correlation)
    assert (found[Result.BETTER] + found[Result.WORSE]) / count <= at_most(0.05, count)


def check_a_loss_of_the_margin(correlation, count):
    """The others gain much, so that it rests on the guard of the last one alone."""
    loss = 1 / (1 + MARGIN) - 1
    found = called((0.3, loss), count=count, seed=31, sd=0.02, correlation=correlation)
    assert found[Result.BETTER] / count <= at_most(0.05, count)
    random = np.random.default_rng(32)
    worse = [compare(drawn(random, (0.0, loss), sd=0.02), plan()) for _ in range(count)]
    assert sum(one.result is Result.EQUIVALENT for one in worse) / count <= at_most(0.05, count)


@pytest.mark.parametrize(("objectives", "correlation"), CASES)
def test_the_same_twice_is_rarely_called_different(objectives, correlation):
    check_the_same_twice(objectives, correlation, 100)


def test_a_loss_of_the_margin_is_rarely_called_better_or_equivalent():
    check_a_loss_of_the_margin(0.0, 100)


@pytest.mark.slow
@pytest.mark.parametrize(("objectives", "correlation"), CASES)
def test_the_same_twice_is_called_different_in_a_share_of_5_percent(objectives, correlation):
    check_the_same_twice(objectives, correlation, 1500)


@pytest.mark.slow
@pytest.mark.parametrize("correlation", [0.0, 0.9, -0.9])
def test_a_loss_of_the_margin_is_called_better_or_equivalent_in_5_percent(correlation):
    check_a_loss_of_the_margin(correlation, 1500)


def test_a_true_gain_with_the_other_kept_is_found():
    found = called((0.05, 0.0), count=60, seed=33, sd=0.02)
    assert found[Result.BETTER] / 60 >= 0.9
