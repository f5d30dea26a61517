from __future__ import annotations

import pytest

from autotune.model.study import Cost, Target

HEAD = "study: s\nworkload: build.yaml\nobjective: {metric: p95_ms}\n"


def test_every_rule_is_read(study):
    rules = "{cost: {per_hour: 0.19, most: 1.5}, target: 9000, convergence: 0.5%}"
    budget = study(f"budget: {rules}\n").budget

    assert budget.cost == Cost(per_hour=0.19, most=1.5)
    assert budget.target == Target(bound=9000)
    assert budget.convergence == pytest.approx(0.005)


def test_the_smaller_of_time_and_money_bounds_the_run(study):
    budget = study("budget: {wall: 1h, cost: {per_hour: 2, most: 1}}\n").budget
    assert budget.bound_s == 1800
    assert study("budget: {wall: 1m, cost: {per_hour: 2, most: 1}}\n").budget.bound_s == 60
    assert study().budget.bound_s is None


@pytest.mark.parametrize(
    ("written", "target"),
    [
        ("20ms", Target(bound=20)),
        ("0.5s", Target(bound=500)),
        ("12", Target(bound=12)),
        ("0.8 * baseline", Target(bound=0.8, kind="relative")),
        ("80% * baseline", Target(bound=0.8, kind="relative")),
    ],
)
def test_a_target_is_read_in_the_unit_of_the_objective(study, written, target):
    found = study("", overrides=("objective.metric=p95_ms", f"budget.target='{written}'"))
    assert found.budget.target == target


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("target: 20MiB", "'20MiB' cannot be read in ms"),
        ("target: fast", "'fast' is not a number"),
        ("target: 2 * baseline * 3", "has two factors"),
        ("target: -1 * baseline", "above zero"),
        ("cost: {per_hour: 0, most: 1}", "expected a number above zero, found 0"),
        ("cost: {per_hour: 1}", "key 'most' is missing"),
        ("cost: 3", "expected a mapping, found 3"),
        ("convergence: 0.5", "found 0.5 without a unit. Did you mean '0.5%'?"),
        ("target: .nan", "not a finite number"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(problems, rule, message):
    (found,) = problems(f"{HEAD}budget: {{{rule}}}\n")
    assert message in found
    assert found.startswith("study.yaml:4:")


@pytest.mark.parametrize("rule", ["target: 20ms", "convergence: 1%"])
def test_a_rule_on_one_value_is_refused_with_several_objectives(problems, rule):
    several = HEAD.replace("objective: {metric: p95_ms}", "objectives: [{metric: p95_ms}, {metric: ops}]")
    (found,) = problems(f"{several}budget: {{{rule}}}\n")
    key = rule.partition(":")[0]
    assert found.startswith(f"study.yaml:4:10: '{key}' looks at one objective, and there are several")
