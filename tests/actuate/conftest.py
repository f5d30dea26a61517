"""What the tests of the actuators share."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autotune.model.space import Apply, Parameter, Space
from autotune.model.workload import Workload


@pytest.fixture
def parameter() -> Callable[..., Parameter]:
    """A parameter of the given name and actuator."""

    def make(name: str = "jobs", actuator: str = "argv", **changes: Any) -> Parameter:
        options = changes.pop("options", {})
        plain = Parameter(
            name=name,
            kind="choice",
            default="a",
            values=("a", "b"),
            apply=Apply(actuator=actuator, options=options),
        )
        return replace(plain, **changes)

    return make


@pytest.fixture
def workload(tmp_path: Path) -> Callable[..., Workload]:
    """A workload of the given parameters."""

    def make(*parameters: Parameter, **changes: Any) -> Workload:
        plain = Workload(
            name="w",
            driver="command",
            folder=tmp_path,
            command=("bench", "-j{jobs}"),
            metrics=(),
            space=Space(parameters=parameters),
        )
        return replace(plain, **changes)

    return make
