"""Domains at their limits: powers of two, defaults outside, values that are no numbers, very large ones."""

from __future__ import annotations

import pytest

WORKLOAD = """\
workload: w
command: [x, "{a}", "{b}"]
metrics: {s: {wall: true}}
parameters:
  a: PARAMETER
  b: {int: [1, 4096], log: true, unit: KiB, default: 1}
"""


@pytest.fixture
def space(study):
    def made(parameter: str, more: str = ""):
        text = WORKLOAD.replace("PARAMETER", parameter)
        return study("", overrides=("objective.metric=s",), workload=text + more).workload.space

    return made


@pytest.fixture
def refused(problems):
    def found(parameter: str) -> list[str]:
        return problems(WORKLOAD.replace("PARAMETER", parameter), name="w.yaml")

    return found


def test_powers_of_two_are_numbers_in_their_order(space):
    found = space("{power_of_two: [4, 64], default: 8, unit: KiB}", "constraints: [a >= b]\n")
    assert found["a"].kind == "ordinal"
    assert found["a"].values == (4, 8, 16, 32, 64)
    assert found.violated({"a": 4, "b": 8})


def test_powers_of_two_may_have_values_beside_them(space):
    found = space("{power_of_two: [1, 1024], special: [0], default: unset}")["a"]
    assert found.special == (0, None)
    assert found.size() == 13
    assert found.contains(0)
    assert not found.contains(3)


@pytest.mark.parametrize(
    ("parameter", "message"),
    [
        ("{power_of_two: [1, 1000], default: 1}", "expected powers of two such as [1, 1024], found 1000"),
        ("{power_of_two: [0, 8], default: 1}", "found 0. For zero use special: [0]"),
        ("{power_of_two: [8, 4], default: 8}", "low below high"),
        ("{power_of_two: [1, 8], default: 3}", "'a' cannot be 3: it is one of 1, 2, 4, 8."),
        ("{power_of_two: [1, 8], step: 2, default: 1}", "'step' belongs to int and float only"),
        (
            "{power_of_two: [1, 8], special: [4], default: 1}",
            "special value 4 is in the range [1, 8] already",
        ),
        ("{int: [1, 8], power_of_two: [1, 8], default: 1}", "found int and power_of_two"),
        ("{int: [1, 8], default: 9}", "'a' cannot be 9: it is int from 1 to 8."),
        ("{float: [0.5, 1], default: 0.4}", "'a' cannot be 0.4: it is float from 0.5 to 1."),
        ("{int: [0, 100], step: 10, default: 15}", "it is int from 0 to 100 in steps of 10."),
        ("{choice: [on, off], default: of}", "Did you mean 'off'?"),
        ("{float: [0, .inf], default: 1}", "'.inf' is not a finite number"),
        ("{float: [0, 1], default: .nan}", "'.nan' is not a finite number"),
        ("{float: [0, 1e999], default: 1}", "'1e999' is not a finite number"),
        ("{ordinal: [1, .NaN], default: 1}", "'.NaN' is not a finite number"),
    ],
)
def test_a_domain_that_makes_no_sense_is_refused_in_its_place(refused, parameter, message):
    (found,) = refused(parameter)
    assert message in found
    assert found.startswith("w.yaml:5:")


def test_a_message_does_not_list_a_thousand_values(refused):
    values = ", ".join(f"v{n}" for n in range(1000))
    (found,) = refused(f"{{choice: [{values}], default: v99x}}")
    assert "it is one of 1000 values: v0, v1," in found
    assert "Did you mean 'v99" in found
    assert len(found) < 250
