from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autotune.flow.boot import units as texts
from autotune.measure.host import describe
from autotune.model.profile import Change, Profile
from autotune.model.space import Apply, Value
from autotune.profile.write import to_yaml

pytestmark = [pytest.mark.needs("root"), pytest.mark.xdist_group("sysctl")]

CLUSTER = Path("/proc/sys/vm/page-cluster")
Autotune = Callable[..., subprocess.CompletedProcess[str]]
Write = Callable[..., Path]


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(autouse=True)
def _as_before(machine_alone: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    del machine_alone  # held from here on
    monkeypatch.setenv("AUTOTUNE_STATE", str(tmp_path / "state"))
    before = CLUSTER.read_text()
    CLUSTER.write_text("3")
    yield
    CLUSTER.write_text(before)


@pytest.fixture
def write(folder: Path, proven: Callable[..., Profile]) -> Write:
    """Writes a profile that sets one sysctl, as a study on this machine proves it."""

    def make(after: Value = 2, name: str = "vm.page-cluster", **host: object) -> Path:
        apply = Apply(actuator="sysctl", options={"name": name})
        change = Change(parameter="p", before=3, after=after, unit="", scope="runtime", apply=apply)
        facts = {k: v for k, v in describe().items() if not isinstance(v, list)}
        profile = proven("kernel", change)
        profile.host.update(facts | host)  # type: ignore[attr-defined]
        path = folder / "profile.yaml"
        path.write_text(to_yaml(profile))
        return path

    return make


@pytest.fixture
def apply(autotune: Autotune, write: Write) -> Autotune:
    """Applies a written profile without a question."""

    def call(*more: str) -> subprocess.CompletedProcess[str]:
        path = write()
        return autotune("apply", str(path), "--yes", "--sha256", sha256(path), *more)

    return call


def test_profile_is_applied_found_drifted_and_rolled_back(apply: Autotune, autotune: Autotune) -> None:
    done = apply()
    assert (done.returncode, CLUSTER.read_text()) == (0, "2\n"), done.stderr
    assert done.stdout.splitlines()[-1] == "take it back with: autotune rollback"
    assert autotune("verify").returncode == 0
    CLUSTER.write_text("4")
    drifted = autotune("verify")
    assert (drifted.returncode, drifted.stdout.splitlines()[0]) == (
        1,
        "sysctl vm.page-cluster: should be 2, is 4",
    )
    refused = autotune("rollback")
    assert (refused.returncode, CLUSTER.read_text()) == (5, "4\n")
    assert "somebody else has changed it" in refused.stdout
    assert autotune("rollback", "--to", "0", "--force").returncode == 0
    assert CLUSTER.read_text() == "3\n"
    again = autotune("rollback")
    assert (again.returncode, again.stdout) == (0, "nothing to do.\n")


def test_dry_run_shows_diff_commands_and_undo_and_changes_nothing(autotune: Autotune, write: Write) -> None:
    path = write()
    done = autotune("apply", str(path), "--dry-run")
    assert done.returncode == 0
    assert "-sysctl vm.page-cluster = 3\n+sysctl vm.page-cluster = 2\n" in done.stdout
    assert "printf '%s\\n' 2 > /proc/sys/vm/page-cluster" in done.stdout
    assert done.stdout.splitlines()[-1].endswith(f"--yes --sha256 {sha256(path)}")
    assert CLUSTER.read_text() == "3\n"


def test_yes_as_root_needs_the_fingerprint(autotune: Autotune, write: Write) -> None:
    done = autotune("apply", str(write()), "--yes")
    assert (done.returncode, CLUSTER.read_text()) == (2, "3\n")
    assert "--sha256" in done.stderr


def test_nobody_at_the_terminal_is_no_yes(autotune: Autotune, write: Write) -> None:
    done = autotune("apply", str(write()))
    assert (done.returncode, CLUSTER.read_text()) == (8, "3\n")


def test_tampered_byte_is_refused(autotune: Autotune, write: Write) -> None:
    path = write()
    meant = sha256(path)
    path.write_text(path.read_text().replace("to: 2", "to: 1"))
    done = autotune("apply", str(path), "--yes", "--sha256", meant)
    assert (done.returncode, CLUSTER.read_text()) == (8, "3\n")


def test_profile_that_others_can_write_is_refused(autotune: Autotune, write: Write) -> None:
    path = write()
    path.chmod(0o666)
    done = autotune("apply", str(path), "--dry-run")
    assert (done.returncode, "chmod go-w" in done.stderr) == (8, True)


@pytest.mark.parametrize("more", [(), ("--allow-risk",)])
def test_value_that_is_never_set_is_refused_whatever_is_said(
    autotune: Autotune, write: Write, more: tuple[str, ...]
) -> None:
    before = Path("/proc/sys/kernel/core_pattern").read_text()
    path = write(after="|/bin/true", name="kernel.core_pattern")
    done = autotune("apply", str(path), "--yes", "--sha256", sha256(path), *more)
    assert done.returncode in {2, 8}
    assert "never set" in done.stderr
    assert Path("/proc/sys/kernel/core_pattern").read_text() == before


def test_value_beyond_what_is_safe_needs_a_word(autotune: Autotune, write: Write) -> None:
    path = write(after=7)
    done = autotune("apply", str(path), "--yes", "--sha256", sha256(path))
    assert (done.returncode, "--allow-risk" in done.stderr) == (8, True)
    done = autotune("apply", str(path), "--yes", "--sha256", sha256(path), "--allow-risk")
    assert (done.returncode, CLUSTER.read_text()) == (0, "7\n"), done.stderr
    assert autotune("rollback").returncode == 0


def test_profile_of_another_kind_of_machine_is_refused_with_the_difference(
    autotune: Autotune, write: Write
) -> None:
    path = write(cpus=4096)
    done = autotune("apply", str(path), "--yes", "--sha256", sha256(path))
    assert (done.returncode, "cpus: proven on 4096" in done.stderr) == (8, True)
    assert CLUSTER.read_text() == "3\n"
    done = autotune("apply", str(path), "--yes", "--sha256", sha256(path), "--force-host")
    assert (done.returncode, CLUSTER.read_text()) == (0, "2\n")


def test_unconfirmed_profile_is_undone_and_a_confirmed_one_stays(
    apply: Autotune, autotune: Autotune, wait_until: Callable[..., None]
) -> None:
    done = apply("--confirm-within", "1s")
    assert (done.returncode, "unless confirmed" in done.stdout) == (0, True), done.stderr
    wait_until(lambda: CLUSTER.read_text() == "3\n")
    apply("--confirm-within", "60s")
    assert "waiting" in autotune("status").stdout
    assert autotune("apply", "--confirm").returncode == 0
    assert CLUSTER.read_text() == "2\n"
    assert autotune("apply", "--confirm").returncode == 2


def test_machines_read_what_was_done(apply: Autotune, autotune: Autotune) -> None:
    done = json.loads(apply("--json").stdout)
    assert done["generation"] == 1
    assert done["changes"] == [{"key": "sysctl vm.page-cluster", "parameter": "p", "from": "3", "to": "2"}]
    assert json.loads(autotune("verify", "--json").stdout) == {"compared": 1, "drift": []}
    assert json.loads(autotune("status", "--json").stdout)["in_force"] == 1
    assert json.loads(autotune("rollback", "--json").stdout)["returned"] == [
        {"key": "sysctl vm.page-cluster", "value": "3"}
    ]


def test_profile_can_be_verified_without_having_been_applied(autotune: Autotune, write: Write) -> None:
    assert autotune("verify", str(write())).returncode == 1
    CLUSTER.write_text("2")
    assert autotune("verify", str(write())).returncode == 0


def test_entry_of_a_file_is_applied_where_the_user_says_that_it_is(
    autotune: Autotune, folder: Path, proven: Callable[..., Profile]
) -> None:
    conf = folder / "postgresql.conf"
    conf.write_text("work_mem = 4MB\t# per sort\nport = 5432\n")
    options = {"name": "/etc/postgresql.conf", "key": "work_mem", "value": "{value}MB"}
    change = Change(
        parameter="work_mem", before=4, after=64, unit="MiB", scope="reload",
        apply=Apply(actuator="file", options=options),
    )  # fmt: skip
    path = folder / "profile.yaml"
    path.write_text(to_yaml(proven("pg", change)))
    unsaid = autotune("apply", str(path), "--dry-run")
    assert (unsaid.returncode, "--file postgresql.conf=" in unsaid.stderr) == (2, True)
    place = ("--file", f"postgresql.conf={conf}")
    shown = autotune("apply", str(path), "--dry-run", *place)
    assert "-work_mem = 4MB\t# per sort\n+work_mem = 64MB\t# per sort\n" in shown.stdout
    done = autotune("apply", str(path), "--yes", "--sha256", sha256(path), *place)
    assert done.returncode == 0, done.stderr
    assert conf.read_text() == "work_mem = 64MB\t# per sort\nport = 5432\n"
    conf.write_text(conf.read_text() + "shared_buffers = 1GB\n")  # somebody else's, elsewhere in the file
    assert autotune("rollback").returncode == 0
    assert conf.read_text() == "work_mem = 4MB\t# per sort\nport = 5432\nshared_buffers = 1GB\n"


def test_boot_units_are_printed_and_right(autotune: Autotune, tmp_path: Path) -> None:
    done = autotune("install-boot", "--dry-run", "--units", str(tmp_path / "units"))
    assert done.returncode == 0
    assert "install-boot --at-boot" in done.stdout


@pytest.mark.needs("systemd-analyze")
def test_boot_units_satisfy_systemd_and_what_they_start_applies_the_profile(
    apply: Autotune, autotune: Autotune, tmp_path: Path
) -> None:
    apply()
    units = tmp_path / "units"
    units.mkdir()
    state = tmp_path / "state"
    for name, text in texts(sys.executable, state, root=True).items():
        (units / name).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, sorted(units.iterdir()))],
        text=True, capture_output=True, check=False, env={"PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert "autotune" not in done.stderr, done.stderr
    CLUSTER.write_text("3")  # as a reboot does
    line = next(t for t in (units / "autotune-boot.service").read_text().splitlines() if "ExecStart" in t)
    started = line.partition("=")[2].split()
    assert subprocess.run(started, check=False).returncode == 0
    assert CLUSTER.read_text() == "2\n"
    assert autotune("verify").returncode == 0
