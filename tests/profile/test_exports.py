"""What all exports promise; each of them also has tests with the tool that reads it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autotune.core.errors import RefusedError, UsageError
from autotune.core.registry import load
from autotune.model.profile import Change, Profile
from autotune.model.space import Apply
from autotune.profile.write import to_yaml

GOLDEN = Path(__file__).parent / "golden"
NEW = ("nginx", "postgres", "redis", "shell", "sysctl", "systemd")
SUFFIX = {
    "shell": "sh",
    "sysctl": "conf",
    "systemd": "conf",
    "postgres": "conf",
    "redis": "conf",
    "nginx": "conf",
}

# One change that each format takes, and how it says a value that has several lines of its own.
PLACES = {
    "sysctl": Apply(actuator="sysctl", options={"name": "vm.swappiness"}),
    "shell": Apply(actuator="sysfs", options={"name": "kernel/mm/transparent_hugepage/enabled"}),
    "systemd": Apply(actuator="env", options={"name": "MALLOC_ARENA_MAX"}),
    "postgres": Apply(actuator="postgres", options={"name": "work_mem"}),
    "redis": Apply(actuator="redis", options={"name": "maxmemory"}),
    "nginx": Apply(actuator="file", options={"name": "nginx.conf", "key": "keepalive_timeout"}),
    "env": Apply(actuator="env", options={"name": "MALLOC_ARENA_MAX"}),
}


def _export(name: str, profile: Profile) -> str:
    return str(load("exporters", name)(profile))


@pytest.mark.parametrize("name", NEW)
def test_the_export_is_the_golden_one(name: str, server_profile: Profile) -> None:
    golden = GOLDEN / f"{name}.{SUFFIX[name]}"
    text = _export(name, server_profile)
    if os.environ.get("AUTOTUNE_GOLDEN") == "write":
        golden.write_text(text)
    assert text == golden.read_text()


@pytest.mark.parametrize("name", [*NEW, "env"])
def test_every_export_says_what_is_proven_and_what_it_leaves_to_others(
    name: str, server_profile: Profile
) -> None:
    text = _export(name, server_profile)
    assert "# verdict: better, tps +18.2% [+15.9%, +20.4%] (positive is better), 20 pairs" in text
    assert "# risks: durability (dirty)" in text
    assert "# INCOMPLETE: apply these as well: " in text
    assert ("buffers (format postgres)" in text) == (name != "postgres")


@pytest.mark.parametrize("name", [*NEW, "env"])
def test_what_a_format_has_no_words_for_is_refused_with_the_format_that_would_do(
    name: str, make_profile: Callable[..., Profile], make_change: Callable[..., Change]
) -> None:
    other, does = ("sysctl", "sysctl or shell") if name not in {"sysctl", "shell"} else ("redis", "redis")
    with pytest.raises(UsageError) as caught:
        _export(name, make_profile(make_change("p", 1, apply=PLACES[other])))
    assert f"p (format {does})" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "apply"),
    [
        ("sysctl", Apply(actuator="sysctl", options={"name": "kernel.core_pattern"})),
        ("shell", Apply(actuator="sysctl", options={"name": "kernel/modprobe"})),
        ("shell", Apply(actuator="sysfs", options={"name": "power/state"})),
        ("systemd", Apply(actuator="env", options={"name": "LD_PRELOAD"})),
        ("env", Apply(actuator="env", options={"name": "PYTHONPATH"})),
        ("postgres", Apply(actuator="postgres", options={"name": "archive_command"})),
        ("redis", Apply(actuator="redis", options={"name": "dir"})),
        ("nginx", Apply(actuator="file", options={"name": "nginx.conf", "key": "load_module"})),
    ],
)
def test_no_export_holds_what_is_never_set(
    name: str, apply: Apply, make_profile: Callable[..., Profile], make_change: Callable[..., Change]
) -> None:
    good = make_change("good", 1, apply=PLACES[name])
    with pytest.raises(RefusedError, match="never set"):
        _export(name, make_profile(good, make_change("p", 1, apply=apply)))


_HOSTILE = st.text(st.sampled_from("ab1 '\"\\;{}#$`%=\n\r\t\0|&<>(),\u2028\u0085é-"), max_size=12) | st.text(
    max_size=12
)


@pytest.mark.parametrize("name", NEW)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(texts=st.tuples(_HOSTILE, _HOSTILE, _HOSTILE))
def test_no_value_and_no_name_breaks_out_of_its_line(
    name: str,
    texts: tuple[str, str, str],
    make_profile: Callable[..., Profile],
    make_change: Callable[..., Change],
) -> None:
    value, parameter, title = texts
    plain = _export(name, make_profile(make_change("p", "1", apply=PLACES[name]), name="n"))
    change = make_change(parameter, value, apply=PLACES[name])
    try:
        text = _export(name, make_profile(change, make_change(parameter + "2", 1), name=title))
    except UsageError:
        return
    lines, usual = text.splitlines(), plain.splitlines()
    assert text.count("\n") in {plain.count("\n"), plain.count("\n") + 1}
    kept = [line for line in lines if not line.startswith("#")]
    expected = [line for line in usual if not line.startswith("#")]
    differing = [(a, b) for a, b in zip(kept, expected, strict=True) if a != b and "export-" not in a]
    assert len(differing) <= 1


def test_an_export_is_one_file_and_one_line(profile: Profile, tmp_path: Path) -> None:
    """A distribution with one module and one entry point: nothing else has to know of it."""
    (tmp_path / "count_changes.py").write_text(
        'def export(profile):\n    return f"{len(profile.changes)} changes\\n"\n'
    )
    info = tmp_path / "count_changes-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: count-changes\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[autotune.exporters]\ncount = count_changes:export\n")
    (tmp_path / "profile.yaml").write_text(to_yaml(profile))
    command = [
        Path(sys.executable).with_name("autotune"),
        "export",
        tmp_path / "profile.yaml",
        "--format",
        "count",
    ]
    done = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(tmp_path)}, text=True, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "4 changes\n"), done.stderr


def test_an_unknown_format_is_told_the_known_ones(profile: Profile, tmp_path: Path) -> None:
    (tmp_path / "profile.yaml").write_text(to_yaml(profile))
    command = [
        Path(sys.executable).with_name("autotune"),
        "export",
        tmp_path / "profile.yaml",
        "--format",
        "sysctrl",
    ]
    done = subprocess.run(command, text=True, capture_output=True, check=False)
    assert done.returncode == 2
    assert "nginx, postgres, redis, shell, sql, sysctl, systemd. Did you mean 'sysctl'?" in done.stderr


def test_a_key_that_is_never_set_ends_export_with_exit_code_8(
    make_profile: Callable[..., Profile], make_change: Callable[..., Change], tmp_path: Path
) -> None:
    bad = make_change("p", 1, apply=Apply(actuator="sysctl", options={"name": "kernel.sysrq"}))
    (tmp_path / "profile.yaml").write_text(to_yaml(make_profile(bad)))
    autotune = Path(sys.executable).with_name("autotune")
    words = [
        autotune,
        "export",
        tmp_path / "profile.yaml",
        "--format",
        "sysctl",
        "--output",
        tmp_path / "out",
    ]
    done = subprocess.run(words, text=True, capture_output=True, check=False)
    assert done.returncode == 8
    assert "kernel.sysrq is never set" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ({"name": "a.slice", "attribute": "cpu.weight"}, {"name": "b.slice", "attribute": "cpu.weight"}),
        ({"name": "nice", "of": "a"}, {"name": "nice", "of": "b"}),
    ],
)
def test_a_drop_in_for_two_units_is_refused(
    one: dict[str, str],
    two: dict[str, str],
    make_profile: Callable[..., Profile],
    make_change: Callable[..., Change],
) -> None:
    actuator = "cgroup" if "attribute" in one else "process"
    applies = [Apply(actuator=actuator, options=options) for options in (one, two)]
    profile = make_profile(*(make_change(f"p{n}", 5, apply=apply) for n, apply in enumerate(applies)))
    with pytest.raises(UsageError, match="for one unit"):
        _export("systemd", profile)


def test_json_keeps_everything(server_profile: Profile) -> None:
    data = json.loads(_export("json", server_profile))
    assert len(data["changes"]) == len(server_profile.changes)
