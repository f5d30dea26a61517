"""What every sampler promises, for the tests of plug-in authors.

    import pytest
    from autotune.testing import PROMISES
    from mine import Mine

    @pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
    def test_my_sampler(promise):
        promise(Mine)

or, without pytest, `prove_sampler(Mine)`. Each promise is called with what the entry point in
`autotune.samplers` names, raises AssertionError with the promise that was broken, and takes seconds at most.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from autotune.core.errors import UsageError
from autotune.model.ports import Ending, Recommending, SamplerFactory
from autotune.model.problem import Problem
from autotune.model.space import Space, Value, config_key
from autotune.model.trial import State, Trial
from autotune.testing.extremes import EXTREMES
from autotune.testing.promise import kept
from autotune.testing.spaces import failed, good, hasty, mixed_outcome, rich, search, small

_SEED = 7
_SOME = 15.0
"""A bound at which about half of the trials are aborted; at 0 all are."""
_PLAIN: dict[str, set[type]] = {
    "int": {int},
    "float": {float},
    "bool": {bool},
    "choice": {str},
    "ordinal": {str},
}


def prove_sampler(make: SamplerFactory) -> None:
    """Proves every promise, one after the other; raises AssertionError with the first that is broken."""
    for promise in PROMISES:
        promise(make)


def _problem(space: Space, **rest: Any) -> Problem:
    return Problem(**{"space": space, "seed": _SEED, **rest})


def _searched(make: SamplerFactory, problem: Problem, count: int, **rest: Any) -> list[Trial]:
    trials = search(problem, make(problem, options={}), count, **rest)
    kept(bool(trials), "answers something")
    return trials


def inside(space: Space, trial: Trial) -> bool:
    """Whether the configuration is in the domains, keeps the constraints, and has no inactive parameter."""
    known = all(space[name].contains(value) for name, value in trial.config.items())
    return known and not space.violated(trial.config) and space.pruned(trial.config) == trial.config


def every_answer_is_inside_the_space(make: SamplerFactory) -> None:
    """Domains, conditions and constraints hold, whichever way the objective improves."""
    for direction in ("minimize", "maximize"):
        trials = _searched(make, _problem(rich(), directions=(direction,)), 50)
        kept(len(trials) == 50, f"goes on for 50 trials; ended after {len(trials)}")
        outside = [t.config for t in trials if not inside(rich(), t)]
        kept(not outside, f"answers inside the space; answered {outside[:1]}")


def nothing_is_answered_twice(make: SamplerFactory) -> None:
    """A search meets no configuration again, unless its sampler repeats on purpose (`Recommending`)."""
    problem = _problem(rich())
    if isinstance(make(problem, options={}), Recommending):
        return
    keys = [config_key(t.config) for t in _searched(make, problem, 50)]
    kept(len(set(keys)) == len(keys), "answers nothing twice")


def values_are_plain_python(make: SamplerFactory) -> None:
    """No numpy number, and no float where the parameter is an int."""
    for trial in _searched(make, _problem(rich()), 40):
        for name, value in trial.config.items():
            plain = value is None or type(value) in _PLAIN[rich()[name].kind]
            kept(plain, f"answers plain values; {name} was {value!r}, a {type(value).__name__}")


def everything_listed_is_tried(make: SamplerFactory) -> None:
    """Special values, unset, every choice and both sides of a condition are met, where nothing is learnt."""
    restless = good(lambda number, _: number * 0.618 % 1)
    configs = [t.config for t in _searched(make, _problem(rich()), 150, outcome=restless)]
    listed: dict[str, set[Value]] = {
        "pages": {-1, None},
        "rate": {0.0},
        "level": {"off", "normal", "full", None},
    }
    for name, values in listed.items():
        missing = values - {config[name] for config in configs}
        kept(not missing, f"tries every listed value; of {name} not {missing}")
    kept(any("workers" in c for c in configs), "tries parameters that have a condition")
    kept(any("workers" not in c for c in configs), "tries configurations in which a condition does not hold")


def the_same_seed_gives_the_same_search(make: SamplerFactory) -> None:
    """And another seed another one."""
    first = _searched(make, _problem(rich(), seed=3), 30)
    kept(_searched(make, _problem(rich(), seed=3), 30) == first, "searches the same with the same seed")
    kept(_searched(make, _problem(rich(), seed=4), 30) != first, "searches otherwise with another seed")


def a_resumed_search_goes_on_exactly(make: SamplerFactory) -> None:
    """A sampler that is told the first trials goes on as the one that proposed them."""
    whole = _searched(make, _problem(rich()), 40)
    for stop in (5, 20, 33):
        again = _searched(make, _problem(rich()), 40, told=whole[:stop])
        kept(again == whole, f"goes on exactly when it is resumed after {stop} trials")


def an_answer_does_not_depend_on_answers_before_it(make: SamplerFactory) -> None:
    """What was asked in between, in whatever order, changes nothing."""
    problem = _problem(rich())
    asked, fresh = make(problem, options={}), make(problem, options={})
    for trial in _searched(make, problem, 25):
        asked.tell(trial)
        fresh.tell(trial)
        asked.ask(trial.number + 1, 0)
    one, other = [asked.ask(25, a) for a in range(4)], [fresh.ask(25, a) for a in range(4)]
    kept(one == other, "answers the same whatever it was asked before")
    kept(fresh.ask(25, 2) == one[2], "answers the same to the same question")


def trials_that_it_did_not_propose_are_no_problem(make: SamplerFactory) -> None:
    """Baseline, enqueued configurations, what the environment failed, and what is outside the space."""
    problem = _problem(rich())
    sampler = make(problem, options={})
    defaults = problem.space.defaults()
    outside = {**defaults, "cache": -5, "gone": 1}
    sampler.tell(mixed_outcome(-1, defaults, "baseline"))
    sampler.tell(replace(mixed_outcome(0, outside, "enqueued"), value=1.0))
    sampler.tell(mixed_outcome(10, {**defaults, "cache": 50}, "enqueued"))
    kept(sampler.ask(11, 0) is not None, "goes on after trials that it did not propose")


def an_exhausted_space_ends_the_search(make: SamplerFactory) -> None:
    """All seven configurations are tried; a sampler that ends by itself says why."""
    problem = _problem(small())
    sampler = make(problem, options={})
    trials = search(problem, sampler, 100)
    kept(len(trials) == 7, f"tries all of 7 configurations and then ends; tried {len(trials)}")
    kept(all(inside(small(), t) for t in trials), "answers inside a small space")
    if isinstance(sampler, Ending) and sampler.ask(7, 0) is None:
        kept(bool(sampler.ended), "says why it ended")


def a_search_in_which_all_fails_goes_on(make: SamplerFactory) -> None:
    """A failed configuration is an answer, and the next one is asked for."""
    trials = _searched(make, _problem(rich()), 25, outcome=failed)
    kept(len(trials) == 25, "goes on where every trial fails")


def an_aborted_trial_is_an_answer(make: SamplerFactory) -> None:
    """Its value is a bound, which is learnt from; it is never recommended, and a resumed search goes on."""
    problem = _problem(rich())
    for bound in (_SOME, 0.0):
        whole = _searched(make, problem, 30, outcome=hasty(bound))
        kept(len(whole) == 30, "goes on where trials are aborted")
        again = _searched(make, problem, 30, outcome=hasty(bound), told=whole[:15])
        kept(again == whole, "goes on exactly where trials were aborted")
        sampler = make(problem, options={})
        for trial in whole:
            sampler.tell(trial)
        ended = {config_key(t.config) for t in whole if t.state is State.OK}
        named = sampler.recommended(30) if isinstance(sampler, Recommending) else ()
        kept({config_key(c) for c in named} <= ended, "recommends nothing that was aborted")


def an_unknown_option_is_refused(make: SamplerFactory) -> None:
    """With a UsageError, before anything is measured."""
    try:
        make(_problem(rich()), options={"levles": 3})
    except UsageError as error:
        kept("levles" in str(error), f"names the option that it does not know; said: {error}")
        return
    kept(False, "refuses an option that it does not know with a UsageError")


def several_objectives_work_or_are_refused(make: SamplerFactory) -> None:
    """By a UsageError when it is made; one that takes them searches, resumes and stands failures."""
    problem = _problem(rich(), directions=("minimize", "maximize"))
    try:
        make(problem, options={})
    except UsageError as error:
        kept("objective" in str(error), f"says that it takes one objective; said: {error}")
        return

    def outcome(number: int, config: Any, origin: str) -> Trial:
        trial = mixed_outcome(number, config, origin)
        return trial if trial.value is None else replace(trial, further=(float(config["ratio"]),))

    whole = _searched(make, problem, 40, outcome=outcome)
    kept(len(whole) == 40, "searches with two objectives")
    again = _searched(make, problem, 40, outcome=outcome, told=whole[:20])
    kept(again == whole, "goes on exactly with two objectives")


def turning_the_objective_round_changes_nothing(make: SamplerFactory) -> None:
    """Maximising the negative values is the same search."""

    def negative(number: int, config: Any, origin: str) -> Trial:
        trial = mixed_outcome(number, config, origin)
        return trial if trial.value is None else replace(trial, value=-trial.value)

    low = _searched(make, _problem(rich()), 40)
    high = _searched(make, _problem(rich(), directions=("maximize",)), 40, outcome=negative)
    kept(
        [t.config for t in low] == [t.config for t in high], "searches the same for the most as for the least"
    )


PROMISES: tuple[Callable[[SamplerFactory], None], ...] = (
    every_answer_is_inside_the_space,
    nothing_is_answered_twice,
    values_are_plain_python,
    everything_listed_is_tried,
    the_same_seed_gives_the_same_search,
    a_resumed_search_goes_on_exactly,
    an_answer_does_not_depend_on_answers_before_it,
    trials_that_it_did_not_propose_are_no_problem,
    an_exhausted_space_ends_the_search,
    a_search_in_which_all_fails_goes_on,
    an_aborted_trial_is_an_answer,
    an_unknown_option_is_refused,
    several_objectives_work_or_are_refused,
    turning_the_objective_round_changes_nothing,
    *EXTREMES,
)
"""Each promise as a function of what the entry point names."""
