"""What the policy judges and the exports say is what the actuators write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotune.core.registry import load, names
from autotune.model.ports import HostActuator
from autotune.model.space import Apply, Value
from autotune.profile.forms import FORMS
from autotune.profile.place import place_of
from autotune.profile.policy import Answer, check_text
from autotune.profile.texts import text

HOST = [name for name in names("actuators") if isinstance(load("actuators", name)(), HostActuator)]
OPTIONS = {"process": {"name": "nice"}, "cgroup": {"name": "g", "attribute": "cpu.weight"}}
FILES = (
    "postgresql.conf",
    "redis.conf",
    "nginx.conf",
    "my.cnf",
    "x.service",
    "app.yaml",
    "app.ini",
    "sysctl.conf",
)
APPLIES = [
    *(Apply(actuator=name, options=OPTIONS.get(name, {"name": "x"})) for name in HOST if name != "file"),
    *(Apply(actuator="file", options={"name": name, "key": "a"}) for name in FILES),
]
_EXTRA: list[dict[str, str]] = [
    {},
    {"value": "{value}q"},
    {"bool": "y/n"},
    {"value": "a{value}", "bool": "t/f"},
]


@pytest.mark.parametrize("apply", APPLIES, ids=str)
@given(
    value=st.booleans()
    | st.integers(-(2**62), 2**62)
    | st.floats(allow_nan=False)
    | st.none()
    | st.just("a b"),
    extra=st.sampled_from(_EXTRA),
)
def test_the_text_is_the_one_that_the_actuator_writes(
    apply: Apply, value: Value, extra: dict[str, str]
) -> None:
    whole = Apply(actuator=apply.actuator, options={**apply.options, **extra})
    system = place_of(apply).system if apply.actuator == "file" else apply.actuator
    assert text(whole, value, system=system) == load("actuators", apply.actuator)().text(whole, value)


def test_every_actuator_of_the_machine_has_a_form_in_profiles() -> None:
    assert set(HOST) <= set(FORMS)


@pytest.mark.parametrize(
    "path",
    [
        "kernel/mm/transparent_hugepage/hugepages-64kB/enabled",
        "devices/system/node/node0/hugepages/hugepages-2048kB/nr_hugepages",
        "kernel/mm/ksm/run",
        "kernel/mm/lru_gen/enabled",
        "block/sda/queue/iosched/read_expire",
        "devices/system/cpu/cpufreq/policy0/energy_performance_preference",
        "devices/system/cpu/cpu0/cpuidle/state1/disable",
    ],
)
def test_what_the_actuator_of_sysfs_offers_is_not_forbidden(path: str) -> None:
    ruling = check_text(Apply(actuator="sysfs", options={"name": path}), None, {"memory_mib": 1000})
    assert ruling.answer is not Answer.NEVER
