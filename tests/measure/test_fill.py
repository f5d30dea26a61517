import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotune.core.errors import WorkloadError
from autotune.measure.fill import builtins, fill
from autotune.model.workload import Workload


@given(st.text())
def test_value_arrives_verbatim(value: str) -> None:
    assert fill(["-x", "a{v}b"], {"v": value}) == ("-x", f"a{value}b")


@given(st.text())
def test_doubled_braces_are_literal(text: str) -> None:
    assert fill([text.replace("{", "{{").replace("}", "}}")], {}) == (text,)


def test_value_is_not_filled_again() -> None:
    assert fill(["{a}"], {"a": "{b} {{", "b": "x"}) == ("{b} {{",)


def test_element_of_an_unset_parameter_is_left_out_alone() -> None:
    argv = ["bench", "-j", "{jobs}", "--size={size}", "end"]
    assert fill(argv, {"size": "4"}, optional={"jobs", "size"}) == ("bench", "-j", "--size=4", "end")


@pytest.mark.parametrize(
    ("element", "message"),
    [
        ("--x={jbos}", r"'--x=\{jbos\}' cannot be filled in: '\{jbos\}' is no field. Known: jobs, out. Did"),
        ("{duration}", "'{duration}' is no field"),
        ('{"a": 1}', "is no field. .* For literal braces write {{ and }}"),
        ("{", "a single '{' in '{'; write '{{' for the character itself"),
        ("a}", "a single '}' in 'a}'; write '}}' for the character itself"),
        ("{}", "'{}' is no field"),
        ("{a b}", "'{a b}' is no field"),
        ("{0}", "'{0}' is no field"),
        ("{out!r}", "'{out!r}' is no field"),
    ],
)
def test_placeholder_that_nothing_fills_is_told(element: str, message: str) -> None:
    with pytest.raises(WorkloadError, match=message):
        fill([element], {"out": "/o"}, optional={"jobs"})


def test_builtins_describe_the_sample(tmp_path: Path, workload: Callable[..., Workload]) -> None:
    values = builtins(workload(duration_s=0.5), tmp_path, trial=3, seed=7)
    assert values == {
        "python": sys.executable,
        "out": str(tmp_path),
        "data": f"{tmp_path}/data",
        "trial": "3",
        "seed": "7",
        "duration": "0.5",
    }
    assert builtins(workload(duration_s=20.0), tmp_path, trial=0, seed=0)["duration"] == "20"
    assert "duration" not in builtins(replace(workload(), duration_s=None), tmp_path, trial=0, seed=0)
