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
    assert told.startswith("constraints and risks leave 0.")
    assert told.endswith(" random draws)")


def test_too_few_pairs_are_told(study):
    assert cautions(study("validate: {pairs: 5}\n")) == ("5 pairs cannot decide anything; give at least 6",)
    assert cautions(study()) == ()


def test_a_large_space_is_never_called_impossible(study):
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
