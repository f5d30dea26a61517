from __future__ import annotations

from dataclasses import replace
from math import sqrt
from pathlib import Path

import numpy as np
import pytest

from autotune.judge.confirmed import as_first_run, judged, plan_for
from autotune.judge.looks import looks
from autotune.judge.rerun import reruns
from autotune.model.run import ARMS, Confirmation, PairedSample
from autotune.model.space import Space
from autotune.model.study import Budget, Study, Validation
from autotune.model.trial import Resource, Sample, State
from autotune.model.verdict import Held, Result
from autotune.model.workload import Metric, Workload

PAIRS = 40


@pytest.fixture
def study():
    return Study(
        name="s",
        path=Path("s.yaml"),
        workload=Workload(
            name="w",
            driver="command",
            folder=Path(),
            metrics=(Metric(name="tps", source="wall", direction="maximize"),),
            space=Space(parameters=()),
        ),
        objective="tps",
        budget=Budget(trials=1),
        validation=Validation(pairs=PAIRS, min_gain=0.0),
        baseline={},
    )


def runs(pair, tps, foreign=(0.0, 0.0), *, take=0):
    """Both arms of one run of a pair; `foreign` is the share of the CPUs that others used."""
    return [
        PairedSample(
            attempt=0,
            pair=pair,
            arm=arm,
            order=order,
            take=take,
            sample=Sample(
                state=State.OK,
                metrics={"tps": float(tps[order])},
                resources=tuple(
                    Resource(name=name, value=value, unit="s", source="", quality="exact")
                    for name, value in (
                        ("cpu_s", 1.0),
                        ("foreign_cpu_s", 10 * float(foreign[order])),
                        ("steal_s", 0.0),
                        ("host_cpu_s", 10.0),
                    )
                ),
            ),
        )
        for order, arm in enumerate(ARMS)
    ]


def confirmation(*samples, pairs=PAIRS):
    return Confirmation(attempt=0, trial=0, config={}, alpha=0.05, pairs=pairs, samples=samples)


def measured(values, foreign, second):
    """A confirmation as a run records it: every pair, then those that the judge has run again."""
    first = [s for pair in range(PAIRS) for s in runs(pair, np.exp(values[pair]), foreign[pair])]
    begun = confirmation(*first)
    again = [pair for look in looks(PAIRS) for pair in reruns(begun, look)]
    return confirmation(*first, *(s for pair in again for s in runs(pair, np.exp(second[pair]), take=1)))


def hit_by_neighbours(random, values):
    """A fifth of all samples is slowed and shows it, in both arms alike."""
    struck = random.random(values.shape) < 0.2
    return values - 2 * struck, 0.2 * struck


def slow_when_the_kernel_works_for_it(_, values):
    """The slowest fifth of the candidate's samples shows foreign CPU, of its own making."""
    return values, np.where(-values > 0.84, -0.1 * values, 0.0) * np.array((0, 1))


def fast_when_the_kernel_works_for_it(_, values):
    return values, np.where(values > 0.84, 0.1 * values, 0.0) * np.array((0, 1))


@pytest.mark.parametrize(
    "disturbed",
    [hit_by_neighbours, slow_when_the_kernel_works_for_it, fast_when_the_kernel_works_for_it],
)
def test_running_pairs_again_makes_no_difference_out_of_none(study, disturbed):
    random, count, wrong = np.random.default_rng(5), 100, {Result.BETTER: 0, Result.WORSE: 0}
    for _ in range(count):
        values, foreign = disturbed(random, random.normal(size=(PAIRS, 2)))
        second, _ = disturbed(random, random.normal(size=(PAIRS, 2)))
        result = judged(study, measured(0.05 * values, foreign, 0.05 * second)).result
        wrong[result] = wrong.get(result, 0) + 1
    most = count * 0.025 + 3 * sqrt(count * 0.025 * 0.975)  # three standard errors
    assert wrong[Result.BETTER] <= most
    assert wrong[Result.WORSE] <= most


def rising(gain, count=PAIRS):
    """Samples with a change of `gain` in each pair, all a little different."""
    return [s for pair in range(count) for s in runs(pair, (100 + pair, (100 + pair) * gain[pair]))]


@pytest.fixture
def saved_by_second_runs():
    """Ten of forty pairs spoke against the candidate until they were run again."""
    gain = [0.9 - pair / 1000 if pair % 4 == 3 else 1.03 + pair / 1000 for pair in range(PAIRS)]
    second = [s for pair in range(3, PAIRS, 4) for s in runs(pair, (100, 103 + pair), take=1)]
    return confirmation(*rising(gain), *second)


def test_what_only_second_runs_show_is_undecided_and_told(study, saved_by_second_runs):
    alone = tuple(replace(s, take=0) for s in saved_by_second_runs.used)
    assert judged(study, replace(saved_by_second_runs, samples=alone)).result is Result.BETTER
    assert (
        as_first_run(plan_for(study, saved_by_second_runs), saved_by_second_runs).result is Result.UNDECIDED
    )
    found = judged(study, saved_by_second_runs)
    assert found.result is Result.UNDECIDED
    assert found.effect.low > 0  # the figures are those with the second runs
    assert found.explanation.endswith("; on the first runs alone it is undecided, so it counts as undecided.")


def test_a_limit_that_only_second_runs_hold_is_unsure(study, make_limit, saved_by_second_runs):
    limited = replace(study, limits=(make_limit("tps >= 1.02 * baseline"),))
    assert (
        as_first_run(plan_for(limited, saved_by_second_runs), saved_by_second_runs).limits[0].held
        is not Held.HELD
    )
    assert judged(limited, saved_by_second_runs).limits[0].held is Held.UNSURE


def test_pairs_go_on_until_both_ways_have_an_answer(study):
    gain = [1.05 + pair / 1000 for pair in range(PAIRS)]
    gain[3] = 0.5
    once = rising(gain, 10)
    early = confirmation(*once, *runs(3, (100, 105), take=1))
    assert not judged(study, early).finished
    later = confirmation(*rising(gain, 20), *runs(3, (100, 105), take=1))
    found = judged(study, later)
    assert (found.result, found.finished) == (Result.BETTER, True)


def test_an_answer_that_holds_both_ways_stands(study):
    gain = [1.05 + pair / 1000 for pair in range(PAIRS)]
    found = judged(study, confirmation(*rising(gain), *runs(3, (100, 107), take=1)))
    assert found.result is Result.BETTER
    assert "first runs" not in found.explanation


@pytest.mark.parametrize("missing", [1, 3])
@pytest.mark.parametrize("arm", ARMS)
def test_unequal_numbers_of_samples_are_judged_on_the_whole_pairs_alone(study, arm, missing):
    random = np.random.default_rng(11)
    both = [s for pair in range(PAIRS) for s in runs(pair, np.exp(random.normal(size=2)))]
    whole = [s for s in both if s.pair < PAIRS - missing]
    uneven = [s for s in both if s.pair < PAIRS - missing or s.arm != arm]
    assert judged(study, confirmation(*uneven)) == judged(study, confirmation(*whole))


def test_unequal_numbers_of_samples_are_not_called_different_more_often(study):
    random, count = np.random.default_rng(12), 400
    different = 0
    for _ in range(count):
        both = [s for pair in range(PAIRS) for s in runs(pair, np.exp(0.1 * random.normal(size=2)))]
        uneven = [s for s in both if s.pair < PAIRS - 3 or s.arm == ARMS[0]]
        different += judged(study, confirmation(*uneven)).result in {Result.BETTER, Result.WORSE}
    assert different / count <= 0.05 + 3 * sqrt(0.05 * 0.95 / count)
