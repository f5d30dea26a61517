"""`default: current` is what the machine has when the file is read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from autotune.core.errors import FileError, WorkloadError
from autotune.model.study import Study
from autotune.model.target import Target
from autotune.study.load import load, load_document, load_workload, resolved_workload

FACTS = {"host.cpus": 2, "host.memory_mib": 8000}

TEXT = """\
study: kernel
objective: {metric: wall}
workload:
  workload: w
  command: ["true"]
  metrics: {wall: {wall: true}}
  parameters:
    swappiness: {DOMAIN, default: current, apply: {sysctl: vm.swappiness}}
"""


@pytest.fixture
def loaded(tmp_path: Path) -> Callable[..., Study]:
    def make(now: str | None, *, domain: str = "int: [0, 100]", text: str = TEXT) -> Study:
        path = tmp_path / "study.yaml"
        path.write_text(text.replace("DOMAIN", domain))
        return load(path, facts=FACTS, read=lambda _: now)

    return make


@pytest.mark.parametrize(
    ("domain", "now", "value"),
    [
        ("int: [0, 100]", "60", 60),
        ("int: [1, 100], special: [0]", "0", 0),
        ("float: [0, 100]", "60", 60.0),
        ("bool: true", "1", True),
        ("choice: [sixty, 10]", "10", 10),
        ("choice: ['4096 16384 4194304', '4096 65536 4194304']", "4096 65536 4194304", "4096 65536 4194304"),
        ("int: [0, 100]", None, None),
    ],
)
def test_the_default_is_what_the_machine_has_in_the_type_of_the_domain(loaded, domain, now, value) -> None:
    found = loaded(now, domain=domain).workload.space["swappiness"].default
    assert (found, type(found)) == (value, type(value))


def test_the_number_stands_in_the_resolved_study_which_is_read_without_the_machine(loaded) -> None:
    study = loaded("60")
    assert study.baseline == {"swappiness": 60}
    assert study.document["workload"]["parameters"]["swappiness"]["default"] == 60
    again = load_document(study.document, path=study.path, facts=FACTS)
    assert again.workload.space == study.workload.space


def test_a_value_outside_the_domain_is_named_with_its_line(loaded) -> None:
    with pytest.raises(
        FileError, match=r"study.yaml:8:\d+: 'swappiness' cannot be 60: it is int from 0 to 50"
    ) as error:
        loaded("60", domain="int: [0, 50]")
    assert "This machine has 60 now: widen the domain, or write another default than current" in str(
        error.value
    )


def test_only_a_value_of_the_machine_can_be_read_from_it(loaded) -> None:
    with pytest.raises(FileError, match="'swappiness' is none of its values: it is applied by env"):
        loaded("60", text=TEXT.replace("{sysctl: vm.swappiness}", "{env: SWAPPINESS}"))


def test_current_is_a_word_like_others_where_the_domain_lists_it(loaded) -> None:
    study = loaded("60", domain="choice: [current, none]")
    assert study.workload.space["swappiness"].default == "current"


def test_a_file_with_a_mistake_does_not_ask_the_machine(tmp_path: Path) -> None:
    def read(target: Target) -> str:
        raise AssertionError(target)

    (tmp_path / "study.yaml").write_text(TEXT.replace("DOMAIN", "int: [0, 100], log: true"))
    with pytest.raises(FileError, match="log needs a range above zero"):
        load(tmp_path / "study.yaml", facts=FACTS, read=read)


def test_all_values_that_cannot_be_read_are_told_together(tmp_path: Path) -> None:
    def read(target: Target) -> str:
        raise WorkloadError(f"{target.key} cannot be read: Permission denied.")

    second = "    other: {int: [0, 9], default: current, apply: {sysctl: vm.page-cluster}}\n"
    (tmp_path / "study.yaml").write_text(TEXT.replace("DOMAIN", "int: [0, 100]") + second)
    with pytest.raises(WorkloadError) as error:
        load(tmp_path / "study.yaml", facts=FACTS, read=read)
    assert "swappiness: sysctl vm.swappiness cannot be read: Permission denied." in str(error.value)
    assert "other: sysctl vm.page-cluster cannot be read: Permission denied." in str(error.value)


def test_a_workload_of_its_own_is_read_alike(tmp_path: Path) -> None:
    lines = [line[2:] for line in TEXT.replace("DOMAIN", "int: [0, 100]").splitlines()[3:]]
    (tmp_path / "w.yaml").write_text("\n".join(lines) + "\n")
    path = tmp_path / "w.yaml"
    assert load_workload(path, facts=FACTS, read=lambda _: "60").space.defaults() == {"swappiness": 60}
    found = resolved_workload(path, facts=FACTS, read=lambda _: "60")
    assert found["parameters"]["swappiness"]["default"] == 60


def test_a_value_of_the_hosts_network_is_not_for_a_workload_in_its_own(loaded) -> None:
    text = TEXT.replace("vm.swappiness", "net.core.somaxconn").replace(
        "  workload: w\n", "  workload: w\n  network: own\n"
    )
    with pytest.raises(FileError, match="the workload runs in a network of its own"):
        loaded("60", text=text)
