from __future__ import annotations

from pathlib import Path

import pytest

from autotune.actuate.sysfs import Sysfs
from autotune.core.errors import WorkloadError
from autotune.model.space import Apply, Space
from autotune.sidecar.means import kernel

THP = "kernel/mm/transparent_hugepage/enabled"


def apply(name: str) -> Apply:
    return Apply(actuator="sysfs", options={"name": name})


@pytest.mark.parametrize(
    "name",
    [
        THP,
        "kernel/mm/hugepages/hugepages-2048kB/nr_hugepages",
        "block/vda/queue/scheduler",
        "block/nvme0n1/queue/read_ahead_kb",
        "devices/system/cpu/cpu0/cpufreq/scaling_governor",
    ],
)
def test_places_that_can_be_tuned_are_no_problem(parameter, workload, name) -> None:
    one = parameter("p", "sysfs", options={"name": name})
    assert Sysfs().problem(one, workload(one)) == ""


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("block/*/queue/scheduler", "stands for several places"),
        ("power/state", "is not among the places"),
        ("devices/system/cpu/cpu1/online", "is not among the places"),
        ("block/../queue/scheduler", "is not among the places"),
        ("kernel/mm/../../power/state", "is not among the places"),
        ("/sys/" + THP, "is not among the places"),
        (THP + "\n", "is not among the places"),
        ("", "is not among the places"),
    ],
)
def test_other_places_are_refused_before_anything_runs(parameter, workload, name, message) -> None:
    one = parameter("p", "sysfs", options={"name": name})
    assert message in Sysfs().problem(one, workload(one))


def test_more_than_half_of_the_memory_is_not_set_aside(parameter, workload) -> None:
    pages = {"name": "kernel/mm/hugepages/hugepages-2048kB/nr_hugepages"}
    for high, fine in ((2000, True), (2001, False)):
        one = parameter("p", "sysfs", options=pages, kind="int", values=(), high=high)
        made = workload(space=Space(parameters=(one,), facts={"host.memory_mib": 8000}))
        assert (Sysfs().problem(one, made) == "") is fine


def test_of_a_choice_the_value_in_force_is_read(tmp_path: Path) -> None:
    path = tmp_path / "block/vda/queue"
    path.mkdir(parents=True)
    (path / "scheduler").write_text("none [mq-deadline] kyber\n")
    (path / "nr_requests").write_text("64\n")
    target = Sysfs(tmp_path).target(apply("block/vda/queue/scheduler"), tmp_path)
    assert kernel.read(target.address) == "mq-deadline"
    assert [one.key for one in target.also] == ["sysfs block/vda/queue/nr_requests"]
    assert kernel.read(target.also[0].address) == "64"


def test_two_names_of_one_place_have_one_key(tmp_path: Path) -> None:
    cpu = tmp_path / "devices/system/cpu"
    (cpu / "cpufreq/policy0").mkdir(parents=True)
    (cpu / "cpufreq/policy0/scaling_governor").write_text("performance\n")
    (cpu / "cpu0").mkdir()
    (cpu / "cpu0/cpufreq").symlink_to("../cpufreq/policy0")
    names = ("cpu0/cpufreq/scaling_governor", "cpufreq/policy0/scaling_governor")
    targets = [Sysfs(tmp_path).target(apply(f"devices/system/cpu/{name}"), tmp_path) for name in names]
    assert targets[0] == targets[1]


def test_a_place_that_this_machine_does_not_have_is_told(tmp_path: Path) -> None:
    with pytest.raises(WorkloadError, match="this machine has no 'block/vdz/queue/scheduler'"):
        Sysfs(tmp_path).target(apply("block/vdz/queue/scheduler"), tmp_path)
