from __future__ import annotations

import re
import string
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autotune.core.errors import FileError
from autotune.core.strict_yaml import dump, load
from autotune.model.profile import Change, Profile
from autotune.model.space import Apply
from autotune.profile.closed import to_form
from autotune.profile.forms import FORMS
from autotune.profile.read import parse, read
from autotune.profile.write import to_data, to_yaml

CLOSED = [
    {"env": "MALLOC_ARENA_MAX"},
    {"sysctl": "vm.swappiness"},
    {"sysctl": "net/ipv4/conf/eth0.100/mtu", "service": "networking"},
    {"sysfs": "kernel/mm/transparent_hugepage/enabled"},
    {"sysfs": "block/nvme0n1/queue/read_ahead_kb"},
    {"cgroup": "system.slice/postgresql@15-main.service", "attribute": "cpu.weight"},
    {"cgroup": "web", "attribute": "io.max", "device": "8:0"},
    {"process": "nice", "of": "redis-server"},
    {"file": "nginx.conf", "key": 'http."server_name a.example".gzip'},
    {"process": "affinity", "of": "kthread-x.y"},
    {"file": "postgresql.conf", "key": "shared_buffers", "format": "postgres", "value": "{value}MB"},
    {"file": "nginx.conf", "key": "http.gzip", "bool": "on/off", "service": "nginx"},
    {"postgres": "work_mem", "dsn": "postgresql://127.0.0.1:5432/postgres", "value": "{value}MB"},
    {"mysql": "innodb_io_capacity", "port": "3306"},
    {"redis": "maxmemory-policy", "port": "6379", "host": "127.0.0.1"},
    {"pragma": "journal_mode", "database": "data.db"},
    {"http": "http://127.0.0.1:8080/config/workers", "method": "PUT"},
]
OPEN = [
    {"file": "/etc/passwd", "key": "a"},
    {"file": "../x", "key": "a"},
    {"file": ".bashrc", "key": "a"},
    {"file": "a" * 65, "key": "a"},
    {"file": "x.conf", "key": "a\nb"},
    {"file": "x.conf"},
    {"sysctl": "vm"},
    {"sysctl": "../../etc/passwd"},
    {"sysctl": "vm..x"},
    {"sysctl": "/kernel/core_pattern"},
    {"sysfs": "/sys/power/state"},
    {"sysfs": "block/../power/state"},
    {"sysfs": "block/./queue"},
    {"cgroup": "../x", "attribute": "cpu.weight"},
    {"cgroup": "/", "attribute": "cpu.weight"},
    {"cgroup": "a", "attribute": "../cpu.weight"},
    {"process": "nice", "pidfile": "/run/x.pid"},
    {"process": "kill", "of": "x"},
    {"process": "nice"},
    {"pragma": "journal_mode"},
    {"process": "nice", "of": "a" * 16},
    {"redis": "hz", "host": "10.0.0.1"},
    {"redis": "hz", "port": "0x1"},
    {"redis": "hz", "host": "127.0.0.1.evil.com"},
    {"postgres": "work_mem", "dsn": "postgresql://u:p@127.0.0.1/x"},
    {"postgres": "work_mem", "dsn": "postgresql://db.example.com/x"},
    {"postgres": "work_mem", "dsn": "host=/tmp"},
    {"pragma": "journal_mode", "database": "/var/lib/x.db"},
    {"pragma": "a;b", "database": "x"},
    {"http": "http://example.com/x"},
    {"http": "http://127.0.0.1@example.com/x"},
    {"http": "file:///etc/passwd"},
    {"http": "http://127.0.0.1/x", "method": "DELETE"},
    {"http": "http://127.0.0.1/x", "remote": "yes"},
    {"sysctl": "vm.swappiness", "value": "10"},
    {"sysctl": "vm.swappiness", "value": "{value}\n"},
    {"sysctl": "vm.swappiness", "service": "a/b"},
    {"sysctl": "vm.swappiness", "env": "A"},
    {"command": "rm -rf /"},
    {},
]


def _with(form: Any, profile: Profile) -> str:
    data = to_data(profile)
    data["changes"] = [{**data["changes"][0], "apply": form}]
    return dump(data)


@pytest.mark.parametrize("form", CLOSED, ids=str)
def test_every_form_comes_back_as_it_was_written(
    form: dict[str, str],
    profile: Profile,
    make_profile: Callable[..., Profile],
    make_change: Callable[..., Change],
    tmp_path: Path,
) -> None:
    change = parse(_with(form, profile), "p").changes[0]
    assert to_form(change.apply) == form
    again = make_profile(make_change("p", 1, apply=change.apply))
    (tmp_path / "p.yaml").write_text(to_yaml(again))
    assert read(tmp_path / "p.yaml").changes == again.changes


def test_every_form_has_an_example_here() -> None:
    assert {next(iter(form)) for form in CLOSED} == set(FORMS)


@pytest.mark.parametrize("form", OPEN, ids=str)
def test_what_leaves_the_closed_forms_is_refused(form: dict[str, str], profile: Profile) -> None:
    with pytest.raises(FileError) as caught:
        parse(_with(form, profile), "p")
    assert "apply" in str(caught.value)


def test_a_wrong_option_is_told_at_its_own_place(profile: Profile) -> None:
    text = _with({"redis": "hz", "hosst": "127.0.0.1"}, profile)
    with pytest.raises(FileError) as caught:
        parse(text, "p")
    assert "changes.0.apply.hosst' is not a key of a profile. Did you mean 'host'?" in str(caught.value)
    row = next(i for i, line in enumerate(text.splitlines(), 1) if "hosst" in line)
    assert caught.value.problems[0].line == row


@pytest.mark.parametrize(
    ("actuator", "options", "form"),
    [
        (
            "file",
            {"name": "/srv/pg/postgresql.conf", "key": "work_mem"},
            {"file": "postgresql.conf", "key": "work_mem"},
        ),
        (
            "pragma",
            {"name": "page_size", "database": "./data/x.db"},
            {"pragma": "page_size", "database": "x.db"},
        ),
        ("postgres", {"name": "work_mem", "dsn": "host=/tmp port=5433"}, {"postgres": "work_mem"}),
        ("redis", {"name": "hz", "host": "10.0.0.7", "port": "6379"}, {"redis": "hz", "port": "6379"}),
        ("cgroup", {"name": "/web/", "attribute": "cpu.max"}, {"cgroup": "web", "attribute": "cpu.max"}),
        ("sysfs", {"name": "/sys/block/sda/queue/scheduler"}, {"sysfs": "block/sda/queue/scheduler"}),
    ],
)
def test_a_study_leaves_its_paths_and_other_machines_behind(
    actuator: str, options: dict[str, str], form: dict[str, str]
) -> None:
    assert to_form(Apply(actuator=actuator, options=options)) == form


@pytest.mark.parametrize(
    ("actuator", "options"),
    [
        ("http", {"name": "http://example.com/x", "remote": "yes"}),
        ("process", {"name": "nice", "pidfile": "/run/x.pid"}),
        ("file", {"name": "/etc/.hidden", "key": "a"}),
    ],
)
def test_what_no_profile_can_say_is_refused_when_it_is_written(
    actuator: str, options: dict[str, str]
) -> None:
    with pytest.raises(ValueError, match=actuator):
        to_form(Apply(actuator=actuator, options=options))


@pytest.mark.parametrize("name", sorted(FORMS))
def test_a_way_that_has_to_say_what_it_sets_cannot_go_without(name: str, profile: Profile) -> None:
    with pytest.raises(FileError, match=name):
        parse(_with(name, profile), "p")


@pytest.mark.parametrize("number", ["1e400", ".inf", "123456789012345678901234567890", "1e19"])
def test_absurd_numbers_are_refused(number: str, profile: Profile) -> None:
    text = to_yaml(profile).replace("to: 8192", f"to: {number}")
    with pytest.raises(FileError):
        parse(text, "p")


@pytest.mark.parametrize("share", ["1e400%", "1.2.3%", "%", "1e5%", "nan%", f"{'9' * 30}%"])
def test_absurd_percentages_are_refused(share: str, profile: Profile) -> None:
    with pytest.raises(FileError):
        parse(to_yaml(profile).replace("+18.2%", f'"{share}"'), "p")


_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**62), 2**62)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(["argv", "+1%", "held", "better", "restart", "vm.swappiness", "a\nb", "x\0"])
)
_KEYS = st.sampled_from([*FORMS, "key", "of", "value", "command", "profile", "changes"]) | st.text(
    string.ascii_letters + "\n", max_size=6
)
_TREES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=6,
)


def _places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(place for key, value in inner for place in _places(value, (*path, key)))]


def _texts(data: Any) -> list[str]:
    if isinstance(data, dict):
        return [text for key, value in data.items() for text in (key, *_texts(value))]
    if isinstance(data, list):
        return [text for value in data for text in _texts(value)]
    return [data] if isinstance(data, str) else []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(draw=st.data())
def test_no_arbitrary_yaml_gets_through_as_a_profile(draw: st.DataObject, profile: Profile) -> None:
    whole = to_data(profile)
    whole["changes"].append({**whole["changes"][0], "apply": draw.draw(st.sampled_from(CLOSED))})
    whole = load(dump(whole), "p").data
    place = draw.draw(st.sampled_from(_places(whole)))
    planted = draw.draw(_TREES)
    target = whole
    for part in place[:-1]:
        target = target[part]
    if place and isinstance(target[place[-1]], dict) and draw.draw(st.booleans()):
        target[place[-1]][draw.draw(_KEYS)] = planted
    elif place:
        target[place[-1]] = planted
    try:
        text = dump(whole if place else planted)
        found = parse(text, "p")
    except (FileError, ValueError):
        return
    read_back = to_data(found)
    assert not any(_CONTROL.search(part) for part in _texts(read_back))
    assert set(read_back) == set(to_data(profile))
    assert parse(to_yaml(found), "p").changes == found.changes


@given(text=st.text(max_size=200))
def test_any_text_is_a_profile_or_refused_in_words(text: str) -> None:
    with pytest.raises(FileError):
        parse(text, "p")
