"""The real guardian: what it does when its harness dies, and when it does not."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from autotune.actuate import session as session_module
from autotune.actuate.session import opened
from autotune.core.errors import BusyError, NotRestoredError
from autotune.sidecar import layout

BY_THEMSELVES = re.compile(
    r"fs\.(dentry-state|file-nr|inode-nr|inode-state|aio-nr|quota\.\w+)"
    r"|kernel\.(random\.\w+|ns_last_pid|pty\.nr|perf_event_max_sample_rate|perf_cpu_time_max_percent|tainted)"
    r"|net\.(netfilter|ipv[46]\.route|core\.\w*cookie|mptcp).*|.*(entropy|count|max_sample_rate|uuid|seqno).*"
)
"""Sysctls that change with nobody writing them."""


def no_note(_text: str) -> None:
    """Tells nobody."""


def started(process: subprocess.Popen[str]) -> int:
    """Waits until the harness has changed its values; the pid of its guardian."""
    line = process.stdout.readline()
    assert line.strip().isdigit(), line + process.stdout.read()
    return int(line)


def gone(pid: int, within_s: float = 20) -> bool:
    """Whether the process ends in time; a zombie has ended."""
    give_up = time.monotonic() + within_s
    while time.monotonic() < give_up:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.005)
    return False


def groups() -> set[str]:
    """Every control group of this machine."""
    return {folder for folder, _, _ in os.walk("/sys/fs/cgroup")}


def sysctls() -> dict[str, str]:
    """Every sysctl that stays as it is by itself."""
    lines = subprocess.run(["sysctl", "-a"], text=True, capture_output=True, check=False).stdout.splitlines()
    found = dict(line.split(" = ", 1) for line in lines if " = " in line)
    return {name: value for name, value in found.items() if not BY_THEMSELVES.fullmatch(name)}


def test_death_of_the_harness_is_undone_without_a_rerun(state, value, held, harness):
    one, two = value("one", "60"), value("two", "20")
    process = harness(state, [(one, "10"), (two, "21")])
    guardian = started(process)
    assert (held(one), held(two)) == ("10", "21")
    process.kill()
    assert gone(guardian)
    assert (held(one), held(two)) == ("60", "20")
    assert not (state / "wal").exists()
    assert (state / "guardian.log").read_text() == ""


@pytest.mark.needs("root")
@pytest.mark.xdist_group("sysctl")
@pytest.mark.usefixtures("machine_alone")
def test_death_of_the_harness_leaves_no_sysctl_and_no_group_changed(state, sysctl, held, harness):
    wanted = [
        (sysctl("vm.dirty_expire_centisecs"), "2999"),
        (sysctl("vm.dirty_background_bytes"), "81920"),
        (sysctl("vm.vfs_cache_pressure"), "99"),
    ]
    first, before, groups_before = sysctls(), sysctls(), groups()
    process = harness(state, wanted)
    guardian = started(process)
    assert [held(target) for target, _ in wanted] == [text for _, text in wanted]
    process.kill()
    process.wait()
    assert gone(guardian)
    after = sysctls()
    still = {name: text for name, text in before.items() if first.get(name) == text}
    assert {name: after.get(name) for name in still if after.get(name) != still[name]} == {}
    ours = {f"autotune-guardian-{pid}" for pid in (guardian, process.pid)}
    assert {one for one in groups() - groups_before if Path(one).name in ours} == set()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder of the user nobody."""
    folder = Path(tempfile.mkdtemp())
    os.chown(folder, 65534, 65534)
    yield folder
    shutil.rmtree(folder)


ORDINARY = """
import sys, time
sys.path.append(sys.argv[1])
from pathlib import Path
from autotune.actuate import session as session_module
from autotune.actuate.session import opened
from autotune.model.target import Target
folder = Path(sys.argv[2])
(folder / "one").write_text("60\\n")
target = Target(key="one", means="kernel", address={"path": str(folder / "one")})
with opened(folder / "state", kind="trial", note=print) as session:
    session.bring([(target, "10")])
    print(session.guardian_pid, flush=True)
    time.sleep(300)
"""


@pytest.mark.needs("root")
def test_ordinary_user_has_a_guardian_too(open_folder):
    python = "/usr/bin/python3"
    source = Path(session_module.__file__).parents[2]
    probe = f"import sys; sys.path.append({str(source)!r}); import autotune.actuate.session"
    if subprocess.run(_as_nobody(python, "-c", probe), check=False, capture_output=True).returncode:
        pytest.skip("others cannot run what is installed here")
    process = subprocess.Popen(
        _as_nobody(python, "-c", ORDINARY, str(source), str(open_folder)), stdout=subprocess.PIPE, text=True
    )
    guardian = started(process)
    assert (open_folder / "one").read_text() == "10\n"
    assert Path(f"/proc/{guardian}").stat().st_uid == 65534
    process.kill()
    process.communicate()
    assert gone(guardian)
    assert (open_folder / "one").read_text().strip() == "60"
    assert not (open_folder / "state" / "wal").exists()


def _as_nobody(*argv: str) -> tuple[str, ...]:
    return ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *argv)


def test_death_of_both_is_undone_by_the_next_start(state, value, held, harness):
    one = value("one", "60")
    process = harness(state, [(one, "10")])
    os.kill(started(process), signal.SIGKILL)
    process.kill()
    process.wait()
    assert held(one) == "10"
    with opened(state, kind="trial", note=no_note) as session:
        assert session.recovered
        assert held(one) == "60"


@pytest.mark.slow
@pytest.mark.needs("root")
def test_row_6_kills_at_random_moments_are_restored_by_the_guardian_alone():
    """Ten of them: a hundred by `make undo-kills`."""
    script = Path(__file__).parents[2] / "benchmarks" / "undo_kills.py"
    done = subprocess.run(
        (sys.executable, script, "--kills", "10"), text=True, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.needs("root")
def test_group_of_a_guardian_that_was_killed_is_taken_away_by_the_next(state, value, harness):
    process = harness(state, [(value("one", "60"), "10")])
    first = started(process)
    os.kill(first, signal.SIGKILL)
    process.kill()
    process.wait()
    assert gone(first)
    with opened(state, kind="trial", note=no_note) as session:
        session.bring([(value("two", "20"), "21")])
    assert [name for name in groups() if name.endswith(f"autotune-guardian-{first}")] == []


def test_harness_replaces_a_guardian_that_somebody_has_ended(state, value, held):
    one = value("one", "60")
    with opened(state, kind="trial", note=no_note) as session:
        session.bring([(one, "10")])
        first = session.guardian_pid
        os.kill(first, signal.SIGKILL)
        assert gone(first)
        session.bring([(one, "11")])
        assert session.guardian_pid != first
    assert held(one) == "60"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_guardian_outlives_a_signal_to_its_group(state, value, held, harness, number):
    one = value("one", "60")
    process = harness(state, [(one, "10")])
    guardian = started(process)
    os.killpg(guardian, number)
    os.killpg(guardian, number)
    process.kill()
    assert gone(guardian)
    assert held(one) == "60"


def test_second_start_is_told_who_holds_the_machine(state, value, held, harness):
    one = value("one", "60")
    process = harness(state, [(one, "10")])
    started(process)
    with pytest.raises(BusyError, match=f"in use by process {process.pid}") as caught:
        opened(state, kind="trial", note=no_note).__enter__()
    assert caught.value.exit_code == 7
    assert held(one) == "10"


def test_second_start_that_waits_gets_a_restored_machine(state, value, held, harness):
    one = value("one", "60")
    process = harness(state, [(one, "10")])
    guardian = started(process)
    process.kill()
    with opened(state, kind="trial", note=no_note, wait_s=20) as session:
        assert held(one) == "60"
        assert gone(guardian)  # it does not wait for the lock of somebody who has done its work
        session.bring([(one, "11")])
    assert held(one) == "60"


def test_stopped_harness_is_not_robbed(state, value, held, harness):
    one = value("one", "60")
    process = harness(state, [(one, "10")])
    guardian = started(process)
    process.send_signal(signal.SIGSTOP)
    with pytest.raises(BusyError), opened(state, kind="trial", note=no_note, wait_s=0.3):
        pass
    assert held(one) == "10"
    assert not gone(guardian, within_s=0.2)
    process.send_signal(signal.SIGCONT)
    assert process.communicate("")[0].split() == ["restored"]
    assert held(one) == "60"


@pytest.mark.parametrize("fails", [False, True])
def test_dismissed_guardian_leaves_no_process_and_no_group(state, value, fails):
    one = value("one", "60")
    pids = []
    try:
        with opened(state, kind="trial", note=no_note) as session:
            session.bring([(one, "10")])
            pids.append(session.guardian_pid)
            if os.geteuid() == 0 and layout.managers():
                assert [name for name in groups() if name.endswith(f"autotune-guardian-{pids[0]}")]
            if fails:
                Path(str(one.address["path"])).write_text("77\n")
    except NotRestoredError:
        assert fails
    assert not Path(f"/proc/{pids[0]}").exists()
    assert [name for name in groups() if name.endswith(f"autotune-guardian-{pids[0]}")] == []


def test_what_the_guardian_cannot_restore_is_in_its_log_and_the_journal(state, value, held, harness):
    one, two = value("one", "60"), value("two", "20")
    process = harness(state, [(one, "10"), (two, "21")])
    guardian = started(process)
    Path(str(one.address["path"])).write_text("77\n")
    process.kill()
    assert gone(guardian)
    assert (held(one), held(two)) == ("77", "20")
    assert "/one: was 60, is 77: somebody else" in (state / "guardian.log").read_text()
    assert (state / "wal").exists()


def test_unconfirmed_change_is_undone_when_its_time_is_over(state, value, held):
    one = value("one", "60")
    with opened(state, kind="profile", note=no_note) as session:
        session.bring([(one, "10")])
        guardian = session.guardian_pid
        session.lease(0.7, [(0, {}), (1, {})])
        session.leave()
    assert held(one) == "10"
    with pytest.raises(BusyError, match="waits to be confirmed"), _opened(state):
        pass
    assert gone(guardian)
    assert held(one) == "60"


def _opened(state: Path):
    return opened(state, kind="trial", note=no_note)
