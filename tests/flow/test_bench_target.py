from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from autotune.core.errors import FileError, UsageError
from autotune.flow.bench_target import from_command, from_file
from autotune.model.profile import Change, Profile
from autotune.model.space import Apply
from autotune.profile.write import to_yaml

FACTS = {"host.cpus": 2, "host.memory_mib": 4096}

WORKLOAD = """\
workload: w
command: [prog, "{jobs}", "--depth={depth}"]
metrics: {ops: {regex: '(\\d+)'}}
parameters:
  jobs:  {int: [1, 8], default: 2}
  depth: {int: [1, 9], default: 3, when: jobs > 4}
constraints: [jobs <= 4 * host.cpus - 1]
"""

HTTP = """\
workload: h
driver: http
load: {url: "http://localhost:1/", rate: 5/s, duration: 1s, warmup: 0s}
metrics: {requests: {}}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "w.yaml"
    path.write_text(WORKLOAD)
    return path


def test_workload_is_measured_under_its_defaults(file: Path) -> None:
    assert from_file(file, [], FACTS).config == {"jobs": 2}


def test_study_is_measured_under_its_baseline(file: Path) -> None:
    study = file.with_name("s.yaml")
    study.write_text("study: s\nworkload: w.yaml\nobjective: {metric: ops}\nbaseline: {jobs: 6}\n")
    assert from_file(study, [], FACTS).config == {"jobs": 6, "depth": 3}
    assert from_file(study, ["jobs=1"], FACTS).config == {"jobs": 1}


def test_setting_is_a_parameters_value_or_else_a_key_of_the_file(file: Path) -> None:
    found = from_file(file, ["jobs=5", "timeout=7s", "depth=9"], FACTS)
    assert found.config == {"jobs": 5, "depth": 9}
    assert found.workload.timeout_s == 7


def test_profile_under_which_a_parameter_is_inactive_is_measured_without_it(
    file: Path, proven: Callable[..., Profile]
) -> None:
    changes = (
        Change(
            parameter=name, before=before, after=after, unit="", scope="restart", apply=Apply(actuator="argv")
        )
        for name, before, after in (("jobs", 6, 1), ("depth", 3, None))
    )
    profile = file.with_name("profile.yaml")
    profile.write_text(to_yaml(proven("w", *changes)))
    assert from_file(file, [str(profile)], FACTS).config == {"jobs": 1}
    with pytest.raises(UsageError, match="'depth' cannot be unset"):
        from_file(file, ["depth=unset"], FACTS)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("jobs=9", "'jobs' cannot be 9: it is int from 1 to 8"),
        ("jobs=x", "'jobs' cannot be 'x'"),
        ("jobs=8", "does not hold: jobs is 8"),
        ("jobs", "expected PARAMETER=VALUE"),
    ],
)
def test_wrong_value_of_a_parameter_is_refused(file: Path, setting: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        from_file(file, [setting], FACTS)


def test_what_is_neither_parameter_nor_key_is_refused_with_both(file: Path) -> None:
    with pytest.raises(UsageError, match=r"--set job=3: .*no key 'job'.*Did you mean 'jobs'"):
        from_file(file, ["job=3"], FACTS)


def test_wrong_key_within_the_file_is_refused_with_its_place(file: Path) -> None:
    with pytest.raises(FileError, match="--set"):
        from_file(file, ["metrics.seconds.wal=true"], FACTS)


def test_key_of_the_load_is_set_by_its_whole_name(tmp_path: Path) -> None:
    path, study = tmp_path / "h.yaml", tmp_path / "s.yaml"
    path.write_text(HTTP)
    study.write_text("study: s\nworkload: h.yaml\nobjective: {metric: requests}\n")
    with pytest.raises(UsageError, match=r"'rate' is a key of the load. Write --set load\.rate=9/s"):
        from_file(path, ["rate=9"], FACTS)
    with pytest.raises(UsageError, match=r"Write --set workload\.load\.users=9"):
        from_file(study, ["users=9"], FACTS)
    load = from_file(path, ["load.rate=9/s"], FACTS).workload.load
    assert load is not None
    assert load.rate_per_s == 9


def test_bare_command_keeps_its_braces_and_has_nothing_to_tune() -> None:
    found = from_command(["awk", "{print}"], timeout_s=5)
    assert found.workload.command == ("awk", "{{print}}")
    assert (found.workload.name, found.config, found.workload.metrics) == ("awk", {}, ())


def test_parameter_is_swept_as_its_kind_wants(file: Path) -> None:
    assert from_file(file, [], FACTS).at("jobs", 4.0).config == {"jobs": 4}
    with pytest.raises(UsageError, match="'jobs' cannot be 16"):
        from_file(file, [], FACTS).at("jobs", 16.0)
    with pytest.raises(UsageError, match=r"no such parameter\. Known: jobs, depth"):
        from_file(file, [], FACTS).at("users", 16.0)


def test_rate_and_users_of_a_load_are_swept(tmp_path: Path) -> None:
    path = tmp_path / "h.yaml"
    path.write_text(HTTP)
    target = from_file(path, [], FACTS)
    rate, users = target.at("rate", 7.5).workload.load, target.at("users", 3.0).workload.load
    assert rate is not None
    assert users is not None
    assert (rate.rate_per_s, rate.users) == (7.5, None)
    assert (users.rate_per_s, users.users) == (None, 3)
