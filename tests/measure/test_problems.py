from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autotune.measure.problems import problems
from autotune.model.workload import Metric, PythonCall, Step, Workload


def test_good_workload_has_none(workload: Callable[..., Workload]) -> None:
    made = workload(
        command=("{python}", "bench.py", "-j{jobs}", "--for={duration}", "{{literal}}"),
        duration_s=1.0,
        reset=Step(command=("cp", "seed", "{data}")),
        metrics=(Metric(name="x", source="json", where="$.x", file="{out}/x.json"),),
    )
    assert problems(made) == ()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"command": ("x", "{jbos}")}, "command: {jbos} is not known. Known: data, jobs, out"),
        ({"command": ("x", "{duration}")}, "the workload declares no duration"),
        ({"command": ("x", "{")}, "command: a single '{'"),
        ({"reset": Step(command=("x", "{y}"))}, "reset: {y} is not known"),
        ({"check": Step(command=("x", "{y}"))}, "check: {y} is not known"),
        ({"metrics": (Metric(name="m", source="regex", where="("),)}, "metric 'm': '(' is not a regular"),
        ({"metrics": (Metric(name="m", source="json", where="$["),)}, "metric 'm': '$[' is not a JSON path"),
        ({"metrics": (Metric(name="m", source="resource", where="cpu"),)}, "no resource 'cpu'"),
        (
            {"metrics": (Metric(name="m", source="returned"),)},
            "only the drivers python and http return values",
        ),
        ({"metrics": (Metric(name="m", source="json", where="$.x", file="{y}"),)}, "'m', file: {y} is not"),
    ],
)
def test_mistake_is_found_before_anything_runs(
    workload: Callable[..., Workload], changes: dict[str, Any], message: str
) -> None:
    (problem,) = problems(workload(**changes))
    assert message in problem


@pytest.mark.parametrize(("unit", "count"), [("", 1), ("1/s", 0)])
def test_work_of_one_call_is_not_held_against_the_cost_of_many(
    workload: Callable[..., Workload], tmp_path: Path, unit: str, count: int
) -> None:
    made = workload(
        driver="python",
        command=(),
        python=PythonCall(call="m:f", path=tmp_path, calibrate=True),
        metrics=(
            Metric(name="ops", source="returned", unit=unit),
            Metric(name="per_cpu", source="index", where="work_per_cpu_s", work="ops"),
        ),
    )
    found = problems(made)
    assert len(found) == count
    assert all("with 'calibrate: true' the work 'ops' is that of one call" in text for text in found)
