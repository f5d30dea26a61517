from __future__ import annotations

import pytest

from autotune.study.feasible import cautions, configurations

WIDE = """\
workload: w
command: [x, "{a}", "{b}"]
metrics: {ops: {wall: true}}
parameters:
  a: {int: [1, 1000], default: 1}
  b: {int: [1, 1000], default: 1}
"""


def test_a_space_that_is_mostly_barred_is_told_with_its_share(study):
    (told,) = cautions(study(workload=WIDE + "constraints: [a + b < 40]\n"))
    assert told.startswith("constraints and risks leave less than 0.3 %")
    assert told.endswith(" random draws)")


def test_too_few_pairs_are_told(study):
    assert cautions(study("validate: {pairs: 5}\n")) == ("5 pairs cannot decide anything; give at least 6",)
    assert cautions(study()) == ()


def test_a_large_space_without_a_permitted_configuration_names_the_contradiction(study):
    with pytest.raises(Exception, match="the constraints: 'a > b' and 'b > a \\+ 3' contradict each other"):
        study(workload=WIDE + "constraints: [a < 900, a > b, b > a + 3]\n")


def test_a_large_space_of_the_baseline_alone_leaves_nothing_to_search(study):
    with pytest.raises(Exception, match="besides the baseline, no configuration satisfies"):
        study(workload=WIDE + "constraints: [a * b == 1]\n")


def test_a_baseline_that_breaks_a_constraint_is_told_the_nearest_that_does_not(study):
    with pytest.raises(Exception, match=r"does not satisfy 'a >= 7': a is 1\. The nearest that does has a 7"):
        study(workload=WIDE + "constraints: [a >= 7]\n")


def test_a_large_space_is_not_called_impossible_where_one_configuration_is_permitted(study):
    with pytest.raises(Exception, match=r"the baseline does not satisfy 'a > b \* 999': a is 1, b is 1"):
        study(workload=WIDE + "constraints: [a > b * 999]\n")


def test_inactive_parameters_do_not_make_configurations_differ(study):
    text = WIDE.replace("1000]", "3]").replace("b: {", "b: {when: a == 3, ")
    found, whole = configurations(study(workload=text).workload.space)
    assert whole
    assert found == [{"a": 1}, {"a": 2}, *({"a": 3, "b": b} for b in (1, 2, 3))]


def test_a_condition_on_an_unset_parameter_says_where_it_has_no_value(problems):
    (found,) = problems(
        "workload: w\ncommand: [x, '{a}', '{b}']\nmetrics: {s: {wall: true}}\nparameters:\n"
        "  a: {int: [1, 8], default: unset}\n  b: {int: [1, 8], default: 2, when: a > 2}\n",
        name="w.yaml",
    )
    assert found.startswith("w.yaml:6:38: 'a > 2' has no value: ")
    assert found.endswith(", where a is unset")
