from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autotune.actuate.edit import editor
from autotune.actuate.file import File
from autotune.actuate.session import opened
from autotune.core import registry
from autotune.core.errors import WorkloadError
from autotune.model.ports import HostActuator
from autotune.model.space import Apply, Parameter
from autotune.model.target import Target

Make = Callable[..., Parameter]


def asked(path: str, key: str = "shared_buffers", **options: str) -> Apply:
    return Apply(actuator="file", options={"name": path, "key": key, **options})


@pytest.fixture
def said(parameter: Make, workload: Callable[..., Any]) -> Callable[..., str]:
    """What the actuator says of a parameter that is applied so."""

    def problem(path: str, key: str = "shared_buffers", values: tuple[Any, ...] = (), **options: str) -> str:
        one = parameter("size", "file", options=asked(path, key, **options).options, values=values)
        return File().problem(one, workload(one))

    return problem


def test_it_is_found_by_its_name_as_an_actuator_of_the_machine() -> None:
    assert isinstance(registry.load("actuators", "file")(), HostActuator)


def test_the_place_is_an_entry_of_the_file_below_the_folder(tmp_path: Path) -> None:
    (tmp_path / "conf").mkdir()
    path = str(tmp_path / "conf" / "postgresql.conf")
    expected = Target(
        key=f"file {path} work_mem",
        means="file",
        address={"path": path},
        volatile=False,
        entry="work_mem",
        format="postgres",
        service="db",
    )
    apply = asked("conf/postgresql.conf", "work_mem", service="db")
    assert File().target(apply, tmp_path) == expected
    assert File().target(asked(path, "work_mem", service="db"), Path("/")) == expected


@pytest.mark.parametrize(
    ("path", "true", "false"),
    [
        ("postgresql.conf", "on", "off"),
        ("nginx.conf", "on", "off"),
        ("redis.conf", "yes", "no"),
        ("x.service", "yes", "no"),
        ("x.json", "true", "false"),
        ("x.yaml", "true", "false"),
        ("x.toml", "true", "false"),
        ("x.ini", "true", "false"),
        ("x.env", "true", "false"),
    ],
)
def test_booleans_are_written_in_the_words_of_the_format(path: str, true: str, false: str) -> None:
    file, apply = File(), asked(path)
    assert (file.text(apply, True), file.text(apply, False)) == (true, false)
    assert (file.value(apply, true, True), file.value(apply, false, True)) == (True, False)
    other = asked(path, bool="1/0")
    assert (file.text(other, True), file.value(other, "0", True)) == ("1", False)


def test_a_value_that_is_read_back_is_the_text_that_was_written() -> None:
    file, apply = File(), asked("postgresql.conf", value="{value}MB")
    text = editor("postgres").put("", "shared_buffers", file.text(apply, 4096))
    read = editor("postgres").get(text, "shared_buffers")
    assert read == file.text(apply, 4096) == "4096MB"
    assert file.value(apply, read, 1) == 4096
    assert file.value(apply, "4GB", 1) == "4GB"


def test_unset_is_an_entry_that_is_left_out() -> None:
    assert File().text(asked("postgresql.conf"), None) is None
    assert File().value(asked("postgresql.conf"), None, 1) is None


@pytest.mark.parametrize(
    "path", ["postgresql.conf", "/etc/postgresql/15/main/postgresql.conf", "a/b..c/my.cnf"]
)
def test_a_file_that_can_be_edited_is_no_problem(said: Callable[..., str], path: str) -> None:
    assert said(path, "mysqld.max_connections" if path.endswith("cnf") else "work_mem") == ""


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("../x.ini", "'..' leads out of a folder"),
        ("/etc/../proc/x.ini", "'..' leads out of a folder"),
        ("a/..", "'..' leads out of a folder"),
        ("..%2fx.ini", "'..' leads out of a folder"),
        ("%2e%2e/x.ini", "'..' leads out of a folder"),
        ("..%252fx.ini", "'..' leads out of a folder"),
        ("\u2024\u2024/x.ini", "'..' leads out of a folder"),
        ("\u2025/x.ini", "'..' leads out of a folder"),
        ("\uff0e\uff0e/x.ini", "'..' leads out of a folder"),
        ("a\uff0fx.ini", "hides a separator"),
        ("a\u2215x.ini", "hides a separator"),
        ("a%2fx.ini", "hides a separator"),
        ("..\\x.ini", "hides a separator"),
        ("a\0.ini", "all of them printable"),
        ("a\n.ini", "all of them printable"),
        ("", "at least one character"),
        ("~/x.ini", "nor '{...}' is filled in"),
        ("{data}/x.ini", "it has no 'service:'"),
        ("etc/", "it names a folder"),
        ("/proc/sys/vm/swappiness", "a sysctl is applied by sysctl"),
        ("//proc/self/root/etc/x.ini", "nothing below /proc is edited"),
        ("/./proc/x.ini", "nothing below /proc is edited"),
        ("/sys/x.ini", "it is applied by sysfs"),
        ("/dev/shm/x.ini", "devices are there"),
        ("/boot/x.ini", "keeps the machine from starting"),
        ("/var/lib/autotune/wal.ini", "autotune keeps there how to undo"),
    ],
)
def test_a_path_that_leaves_its_place_is_refused_before_anything_runs(
    said: Callable[..., str], tmp_path: Path, path: str, message: str
) -> None:
    assert message in said(path, format="ini")
    if "\0" not in path:
        with pytest.raises(WorkloadError, match="is not edited"):
            File().target(asked(path, format="ini"), tmp_path)


@pytest.mark.parametrize(
    ("path", "options", "message"),
    [
        ("x.conf", {}, "does not tell the file's format. Say it by `format:`, one of ini, json"),
        ("x.conf", {"format": "postgre"}, "Did you mean 'postgres'?"),
        ("x.ini", {"key": ""}, "'key:' is missing"),
        ("x.ini", {"key": "a]b.c"}, "'a]b.c' is no entry"),
        ("x.ini", {"values": ("ok", "a\nb")}, "the value has the character U+000A"),
    ],
)
def test_what_cannot_be_written_is_told_before_anything_runs(
    said: Callable[..., str], path: str, options: dict[str, Any], message: str
) -> None:
    answer = said(path, **options)
    assert answer.startswith("parameter 'size' is applied by file, but ")
    assert message in answer


def test_a_link_in_place_of_a_folder_is_refused_with_the_path_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    with pytest.raises(WorkloadError, match=f"link is a symbolic link; .* {tmp_path}/real/x.ini"):
        File().target(asked("link/x.ini", "a.b"), tmp_path)
    with pytest.raises(WorkloadError, match="link is a symbolic link"):
        File().target(asked(str(tmp_path / "link" / "x.ini"), "a.b"), Path("/"))


def test_a_link_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.ini").symlink_to("/etc/passwd")
    with pytest.raises(
        WorkloadError, match=r"x.ini is a symbolic link; name the file by its own path, /etc/passwd"
    ):
        File().target(asked("x.ini", "a.b"), tmp_path)


def test_a_workload_in_a_linked_folder_is_found_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    target = File().target(asked("x.ini", "a.b"), tmp_path / "link")
    assert target.address == {"path": str(tmp_path / "real" / "x.ini")}


def test_a_file_of_this_users_state_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOTUNE_STATE", str(tmp_path))
    with pytest.raises(WorkloadError, match="autotune keeps there how to undo"):
        File().target(asked(str(tmp_path / "x.ini"), "a.b"), Path("/"))


def test_a_file_without_a_folder_and_a_folder_in_its_place_are_refused(tmp_path: Path) -> None:
    (tmp_path / "x.ini").mkdir()
    with pytest.raises(WorkloadError, match="no regular file"):
        File().target(asked("x.ini", "a.b"), tmp_path)
    with pytest.raises(WorkloadError, match="there is no folder"):
        File().target(asked("none/x.ini", "a.b"), tmp_path)


def test_entries_of_a_file_are_changed_together_and_the_file_goes_back_byte_for_byte(tmp_path: Path) -> None:
    path = tmp_path / "postgresql.conf"
    original = b"# mine\r\nwork_mem = 4MB   # why\r\n#fsync = on\r\nshared_buffers = '1GB'"
    path.write_bytes(original)
    file, memory, sync = File(), asked(str(path), "work_mem", value="{value}MB"), asked(str(path), "fsync")
    wanted = [(file.target(a, tmp_path), file.text(a, value)) for a, value in ((memory, 64), (sync, False))]
    with opened(tmp_path / "state", kind="trial", note=pytest.fail) as session:
        told = session.bring(wanted)
        assert path.read_bytes() == (
            b"# mine\r\nwork_mem = 64MB   # why\r\n#fsync = on\r\nshared_buffers = '1GB'\r\nfsync = off"
        )
    assert [(each.before, each.effective, each.coerced) for each in told] == [
        ("4MB", "64MB", False),
        (None, "off", False),
    ]
    assert path.read_bytes() == original
