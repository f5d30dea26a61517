from collections.abc import Callable
from pathlib import Path

import pytest

from autotune.actuate.apply import apply
from autotune.core import registry
from autotune.core.errors import WorkloadError
from autotune.model.space import Parameter, Value
from autotune.model.workload import PythonCall, Workload

Make = Callable[..., Parameter]
MakeWorkload = Callable[..., Workload]


def test_each_value_arrives_where_its_actuator_brings_it(
    tmp_path: Path, parameter: Make, workload: MakeWorkload
) -> None:
    template = tmp_path / "conf.j2"
    template.write_text("size = {{ size }}\n")
    made = workload(
        parameter("jobs"),
        parameter("arenas", "env", options={"name": "MALLOC_ARENA_MAX"}),
        parameter("depth", "arguments"),
        parameter("size", "template"),
        files={"app.conf": template},
    )
    applied = apply(made, {"jobs": 4, "arenas": 2, "depth": 1.5, "size": 64}, tmp_path / "sample")
    assert applied.fields == {"jobs": "4"}
    assert applied.env == {"MALLOC_ARENA_MAX": "2"}
    assert applied.arguments == {"depth": 1.5}
    assert (tmp_path / "sample" / "app.conf").read_text() == "size = 64\n"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (False, "false"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1e-07, "1e-07"),
        (-3, "-3"),
        ("; touch /tmp/p $(id)", "; touch /tmp/p $(id)"),
    ],
)
def test_value_is_written_in_full(
    tmp_path: Path, parameter: Make, workload: MakeWorkload, value: Value, text: str
) -> None:
    made = workload(parameter("jobs"))
    assert apply(made, {"jobs": value}, tmp_path / "sample").fields == {"jobs": text}


def test_unset_and_inactive_parameters_are_left_out(
    tmp_path: Path, parameter: Make, workload: MakeWorkload
) -> None:
    made = workload(parameter("jobs"), parameter("other"), parameter("third", "env", options={"name": "T"}))
    applied = apply(made, {"jobs": None, "third": None}, tmp_path / "sample")
    assert (applied.fields, applied.env, applied.arguments) == ({}, {}, {})


def test_folder_is_private_and_new(tmp_path: Path, workload: MakeWorkload) -> None:
    folder = tmp_path / "runs" / "sample"
    apply(workload(), {}, folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    with pytest.raises(WorkloadError, match="is there already"):
        apply(workload(), {}, folder)


@pytest.mark.parametrize(
    "name",
    [
        "../x",
        "/etc/x",
        "..%2f",
        ".hidden",
        "a/b",
        "",
        "x" * 65,
        "data",
        "returned.json",
        "\u2024\u2024",
        "a\n",
    ],
)
def test_file_name_that_leaves_the_folder_is_refused(
    tmp_path: Path, workload: MakeWorkload, name: str
) -> None:
    template = tmp_path / "t.j2"
    template.write_text("x")
    made = workload(files={name: template})
    with pytest.raises(WorkloadError, match="cannot be the name of a rendered file"):
        apply(made, {}, tmp_path / "sample")


def problem(parameter: Parameter, workload: Workload) -> str:
    """What the parameter's actuator says of it."""
    said: str = registry.load("actuators", parameter.apply.actuator)().problem(parameter, workload)
    return said


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "unused"}, "no command of the workload names {unused}"),
        ({"name": "seed"}, "has a meaning of its own"),
        ({"actuator": "env"}, "'' is no name of a variable"),
        ({"actuator": "env", "options": {"name": "A-B"}}, "'A-B' is no name of a variable"),
        ({"actuator": "env", "options": {"name": "1A"}}, "'1A' is no name of a variable"),
        ({"actuator": "env", "options": {"name": "A=B"}}, "'A=B' is no name of a variable"),
        ({"actuator": "env", "options": {"name": "HOME"}}, "sets too"),
        ({"actuator": "arguments"}, "only workloads of driver python take"),
        ({"actuator": "template"}, "the workload has no files"),
    ],
)
def test_parameter_that_cannot_be_applied_is_told_before_anything_runs(
    parameter: Make, workload: MakeWorkload, changes: dict[str, object], message: str
) -> None:
    one = parameter(**changes)
    assert message in problem(one, workload(one, env={"HOME": "/"}))


def test_parameter_that_can_be_applied_is_no_problem(
    tmp_path: Path, parameter: Make, workload: MakeWorkload
) -> None:
    made = workload(
        parameter("jobs"),
        parameter("size", "template"),
        parameter("arenas", "env", options={"name": "ARENAS"}),
        files={"conf": tmp_path / "conf.j2"},
    )
    assert [problem(one, made) for one in made.space.parameters] == ["", "", ""]


def test_argument_needs_a_python_name(tmp_path: Path, parameter: Make, workload: MakeWorkload) -> None:
    made = workload(python=PythonCall(call="m:f", path=tmp_path))
    assert problem(parameter("size", "arguments"), made) == ""
    assert "no argument of that name" in problem(parameter("class", "arguments"), made)
