from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from autotune.core.errors import ExitCode, RefusedError
from autotune.flow.host_rules import beyond, refuse_forbidden
from autotune.model.space import Apply, Parameter, Space
from autotune.model.workload import Workload

HOW = "say --allow-risk"
Make = Callable[..., Workload]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def workload(low: int, high: int, *special: int, **options: str) -> Workload:
        actuator = options.pop("actuator", "sysctl")
        parameter = Parameter(
            name="p",
            kind="int",
            default=low,
            low=low,
            high=high,
            special=special,
            apply=Apply(actuator=actuator, options=options),
        )
        return Workload(
            name="w", driver="command", folder=tmp_path, metrics=(), space=Space(parameters=(parameter,))
        )

    return workload


def test_domain_within_what_is_safe_is_let_be(make: Make) -> None:
    refuse_forbidden(make(0, 100, name="vm.swappiness"), allow_risk=False, how=HOW)


@pytest.mark.parametrize(("low", "high", "special"), [(0, 100_000, ()), (-5, 100, ()), (0, 100, (5000,))])
def test_domain_that_goes_beyond_is_refused_with_the_range(
    make: Make, low: int, high: int, special: tuple[int, ...]
) -> None:
    with pytest.raises(RefusedError, match=r"(?s)safe is.*say --allow-risk") as caught:
        refuse_forbidden(make(low, high, *special, name="vm.swappiness"), allow_risk=False, how=HOW)
    assert caught.value.exit_code is ExitCode.REFUSED


def test_what_goes_beyond_may_be_tried_where_the_risk_is_allowed(make: Make) -> None:
    refuse_forbidden(make(0, 100_000, name="vm.swappiness"), allow_risk=True, how=HOW)


@pytest.mark.parametrize("name", ["kernel.randomize_va_space", "kernel.sysrq", "fs.suid_dumpable"])
def test_what_is_never_set_is_refused_whatever_is_allowed(make: Make, name: str) -> None:
    with pytest.raises(RefusedError, match="never"):
        refuse_forbidden(make(0, 1, name=name), allow_risk=True, how=HOW)


def test_key_that_nobody_knows_to_be_safe_needs_a_word(make: Make) -> None:
    with pytest.raises(RefusedError, match="no key that autotune knows"):
        refuse_forbidden(make(0, 1, name="vm.something_new"), allow_risk=False, how=HOW)


def test_entry_of_the_users_own_program_is_nobody_elses_business(make: Make, tmp_path: Path) -> None:
    mine = make(0, 10**9, actuator="file", name=str(tmp_path / "mine.ini"), key="main.jobs")
    assert beyond(mine) == ()


def test_parameters_of_a_sample_are_no_matter_of_the_machine(make: Make) -> None:
    assert beyond(make(0, 10**9, actuator="env", name="JOBS")) == ()
