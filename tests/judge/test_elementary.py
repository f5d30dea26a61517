from __future__ import annotations

import math

import numpy as np
import pytest

from autotune.judge.elementary import screened
from autotune.model.screening import Design, Reading, Step, idle
from autotune.model.space import config_key

NAMES = ("a", "b", "c", "d", "e")


def design(*, seed=1, trajectories=4):
    """One-at-a-time steps over five switches, each trajectory from a place of its own."""
    random = np.random.default_rng(seed)
    steps = []
    for number in range(trajectories):
        whole = dict.fromkeys(NAMES, 0) if number == 0 else {n: int(random.integers(2)) for n in NAMES}
        for name in random.permutation(NAMES):
            after = {**whole, str(name): 1 - whole[name]}
            steps.append(Step(parameter=str(name), before=whole, after=after, up=after[name] > whole[name]))
            whole = after
    return Design(start=dict.fromkeys(NAMES, 0), parameters=NAMES, steps=tuple(steps), dropped={})


def measured(made, value, *, noise=0.0, seed=1, repeats=5):
    random = np.random.default_rng(seed)

    def one(config):
        return value(config) * math.exp(noise * random.standard_normal())

    return {config_key(c): one(c) for c in made.configs}, [one(made.start) for _ in range(repeats)]


def two_matter(config):
    return 100 * 1.5 ** config["a"] * 0.8 ** config["c"]


@pytest.mark.parametrize("seed", range(20))
def test_the_two_that_matter_are_named_in_order(seed):
    made = design(seed=seed)
    found = screened("s", made, *measured(made, two_matter, noise=0.01, seed=seed), seed=seed)
    assert [e.parameter for e in found.effects[:2]] == ["a", "c"]
    assert {e.parameter for e in found.effects if e.reading is Reading.MATTERS} >= {"a", "c"}


def test_what_does_not_matter_is_idle():
    made = design()
    found = screened("s", made, *measured(made, two_matter, noise=0.01), seed=1)
    assert set(idle((found,))) == {"b", "d", "e"}


def test_effects_of_a_product_are_exact_shares_without_deviation():
    made = design()
    effects = {e.parameter: e for e in screened("s", made, *measured(made, two_matter), seed=1).effects}
    assert effects["a"].change == pytest.approx(0.5)
    assert effects["a"].deviation == pytest.approx(0, abs=1e-9)
    assert effects["c"].change == pytest.approx(1 / 0.8 - 1)
    assert effects["b"].reading is Reading.NONE


def test_an_effect_that_depends_on_another_deviates():
    made = design(seed=4)
    values = measured(made, lambda c: 100 + 50 * (c["a"] == c["b"]))
    effects = {e.parameter: e for e in screened("s", made, *values, seed=1).effects}
    assert effects["a"].deviation > effects["c"].deviation


def test_values_of_both_signs_are_compared_as_differences():
    made = design()
    found = screened("s", made, *measured(made, lambda c: 4 * c["a"] - 2), seed=1)
    assert not found.relative
    assert found.effects[0].change == pytest.approx(4)


def test_a_parameter_that_decides_whether_it_works_is_never_idle():
    made = design()
    values, repeats = measured(made, two_matter, noise=0.01)
    working = {config_key(c) for c in made.configs if not c["e"]}
    found = screened("s", made, {k: v for k, v in values.items() if k in working}, repeats, seed=1)
    effect = next(e for e in found.effects if e.parameter == "e")
    assert effect.reading is Reading.FAILS
    assert effect.failed == 4
    assert "e" not in idle((found,))


def test_a_parameter_without_a_step_is_unknown():
    made = design()
    without = Design(
        start=made.start,
        parameters=NAMES,
        steps=tuple(s for s in made.steps if s.parameter != "e"),
        dropped={"e": 4},
    )
    found = screened("s", without, *measured(made, two_matter), seed=1)
    assert {e.parameter for e in found.effects if e.reading is Reading.UNKNOWN} == {"e"}
    assert "e" not in idle((found,))


def test_one_sample_of_the_baseline_tells_no_noise():
    made = design()
    found = screened("s", made, *measured(made, two_matter, repeats=1), seed=1)
    assert {e.reading for e in found.effects} == {Reading.NONE}


@pytest.mark.parametrize("repeats", [2, 5, 9])
def test_on_noise_alone_few_screenings_name_a_parameter(repeats):
    """At most 5 % by construction; of 200, 10 are expected at most and 20 are beyond chance."""
    claimed = 0
    for seed in range(200):
        made = design(seed=seed)
        values = measured(made, lambda _: 100.0, noise=0.05, seed=seed, repeats=repeats)
        found = screened("s", made, *values, seed=seed)
        claimed += any(e.reading is Reading.MATTERS for e in found.effects)
    assert claimed <= 20
