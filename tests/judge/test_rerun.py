from __future__ import annotations

from dataclasses import replace

import pytest

from autotune.judge.rerun import reruns
from autotune.model.run import Confirmation, PairedSample
from autotune.model.trial import Resource, Sample, State


def sample(foreign):
    figures = {"cpu_s": 1.0, "foreign_cpu_s": foreign, "steal_s": 0.0, "host_cpu_s": 10.0}
    return Sample(
        state=State.OK,
        resources=tuple(
            Resource(name=n, value=v, unit="s", source="", quality="exact") for n, v in figures.items()
        ),
    )


def confirmation(disturbed, *, pairs=40, measured=40):
    return Confirmation(
        attempt=0,
        trial=1,
        config={},
        alpha=0.05,
        pairs=pairs,
        samples=tuple(
            PairedSample(
                attempt=0,
                pair=pair,
                arm=arm,
                order=0,
                sample=sample(disturbed.get(pair, 0.0) if arm == "candidate" else 0.0),
            )
            for pair in range(measured)
            for arm in ("baseline", "candidate")
        ),
    )


def test_one_disturbed_arm_is_enough_for_the_whole_pair():
    assert reruns(confirmation({3: 2.0}), 10) == (3,)


def test_at_most_one_pair_in_five_the_most_disturbed_first():
    every = confirmation({pair: 1.0 + (pair % 7) for pair in range(40)})
    chosen = [reruns(every, look) for look in (10, 20, 30, 40)]
    assert [len(found) for found in chosen] == [2, 2, 2, 2]
    assert chosen[0] == (5, 6)


def test_what_an_earlier_look_rested_on_stands():
    found = confirmation({0: 3.0, 1: 3.0, 2: 3.0, 15: 1.0})
    assert reruns(found, 10) == (0, 1)
    assert reruns(found, 20) == (15,)


def test_what_was_not_spent_is_left_for_later_looks():
    assert reruns(confirmation(dict.fromkeys(range(10, 20), 1.0)), 20) == (10, 11, 12, 13)


def test_a_pair_with_a_failure_is_never_run_again():
    found = confirmation({3: 2.0})
    samples = list(found.samples)
    samples[6] = replace(samples[6], sample=replace(samples[6].sample, state=State.TIMEOUT))
    assert reruns(replace(found, samples=tuple(samples)), 10) == ()


def test_second_runs_do_not_change_the_choice():
    found = confirmation({3: 2.0, 4: 1.0})
    again = tuple(replace(s, take=1, sample=sample(5.0)) for s in found.samples if s.pair == 3)
    assert reruns(replace(found, samples=(*found.samples, *again)), 10) == (3, 4)


@pytest.mark.parametrize("measured", [0, 9, 11, 41])
def test_between_looks_nothing_is_run_again(measured):
    assert reruns(confirmation({3: 2.0}), measured) == ()


def test_few_pairs_have_no_second_runs_before_the_fifth():
    few = confirmation(dict.fromkeys(range(8), 2.0), pairs=8, measured=8)
    assert [reruns(few, look) for look in (2, 4, 6, 8)] == [(), (), (4,), ()]


def test_a_second_run_counts_only_when_it_is_whole():
    found = confirmation({3: 2.0})
    half = replace(found.samples[6], take=1)
    assert [s.take for s in replace(found, samples=(*found.samples, half)).used if s.pair == 3] == [0, 0]
    whole = (*found.samples, half, replace(found.samples[7], take=1))
    assert [s.take for s in replace(found, samples=whole).used if s.pair == 3] == [1, 1]
