from __future__ import annotations


def test_a_failure_and_what_may_not_be_cost_nothing_known(tiny):
    assert tiny.cost({"size": 2, "fast": True}) == 2
    assert tiny.cost({"size": 4, "fast": False}) is None
    assert tiny.cost({"size": 4, "fast": True}) is None


def test_only_what_is_not_listed_violates_a_constraint(tiny):
    assert tiny.may_run({"size": 4, "fast": False})
    assert not tiny.may_run({"size": 4, "fast": True})
    assert not tiny.problem(seed=0, trials=5, declared=True).permits({"size": 4, "fast": True})
    assert tiny.problem(seed=0, trials=5).permits({"size": 4, "fast": True})


def test_best_and_typical_are_those_of_what_was_measured(tiny):
    assert (tiny.best, tiny.typical, tiny.size) == (2, 7, 6)


def test_indices_lead_back_to_their_configuration(tiny):
    for indices in tiny.listed:
        assert tiny.indices(tiny.config(indices)) == indices
