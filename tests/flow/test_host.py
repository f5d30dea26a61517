"""The machine is brought to each configuration, and back: on real values of this kernel, as root."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from autotune.core.errors import BusyError, NotRestoredError, UsageError, WorkloadError
from autotune.core.expression import parse
from autotune.flow.bench import Bench
from autotune.flow.host import BY_HAND, Host, settled
from autotune.measure.command import CommandDriver
from autotune.measure.launcher import Launcher
from autotune.model.service import Ready, Service
from autotune.model.space import Apply, Parameter, Space
from autotune.model.trial import State
from autotune.model.workload import Metric, Workload
from autotune.sidecar import wal

pytestmark = [pytest.mark.needs("root"), pytest.mark.xdist_group("sysctl")]

QUEUE, BUFFER, PIPE = "net.unix.max_dgram_qlen", "net.core.wmem_default", "fs.pipe-max-size"
"""Harmless ones; the last is rounded up to a power of two, the buffer is refused below some kilobytes."""

KEYS = (QUEUE, BUFFER, PIPE, "vm.overcommit_kbytes", "vm.overcommit_ratio")


def now(key: str) -> int:
    return int(Path("/proc/sys", *key.split(".")).read_text())


@pytest.fixture(autouse=True)
def unchanged(machine_alone: None) -> Iterator[None]:
    del machine_alone  # held from here on
    before = {key: now(key) for key in KEYS}
    yield
    assert {key: now(key) for key in KEYS} == before


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AUTOTUNE_STATE", str(tmp_path / "state"))
    return tmp_path / "state"


def sysctl(name: str, key: str, **rest: object) -> Parameter:
    fields = {"kind": "int", "default": 1, "low": 0, "high": 1 << 30, **rest}
    return Parameter(name=name, apply=Apply(actuator="sysctl", options={"name": key}), **fields)


@pytest.fixture
def workload(tmp_path: Path) -> Callable[..., Workload]:
    def make(*parameters: Parameter) -> Workload:
        command = ("cat", "/proc/sys/net/unix/max_dgram_qlen")
        metric = Metric(name="queue", source="regex", where=r"(\d+)")
        return Workload(
            name="w",
            driver="command",
            folder=tmp_path,
            command=command,
            metrics=(metric,),
            space=Space(parameters=parameters),
        )

    return make


@pytest.fixture
def two(workload: Callable[..., Workload]) -> Workload:
    return workload(sysctl("queue", QUEUE), sysctl("buffer", BUFFER))


@pytest.fixture
def host() -> Iterator[Host]:
    with Host(print, allow_risk=True) as made:
        yield made


@pytest.fixture
def bench(host: Host, two: Workload, launcher: Launcher, tmp_path: Path) -> Bench:
    return Bench(
        workload=two,
        baseline={"queue": now(QUEUE), "buffer": now(BUFFER)},
        launcher=launcher,
        driver=CommandDriver(),
        host=host,
        scratch=tmp_path / "scratch",
        seed=0,
        secrets=frozenset(),
        note=print,
        pause=lambda _: None,
    )


def changes(state: Path) -> int:
    """How often the journal says that something was to be changed."""
    return sum(record["r"] == "change" for record in wal.read(str(state / wal.NAME))[0])


def test_a_sample_runs_on_the_machine_that_its_configuration_asks_for(bench: Bench) -> None:
    sample = bench.sample({"queue": 77, "buffer": now(BUFFER)}, trial=0)
    assert (sample.state, sample.metrics) == (State.OK, {"queue": 77.0})
    assert 0 < sample.changing_s < sample.total_s
    assert sample.coerced == {}


def test_baseline_and_candidate_alternate_and_only_what_differs_is_written(
    host: Host, two: Workload, state: Path
) -> None:
    base = {"queue": now(QUEUE), "buffer": now(BUFFER)}
    for _ in range(3):
        host.bring(two, {**base, "queue": 50})
        host.bring(two, {**base, "queue": 50})
        host.bring(two, base)
        host.bring(two, base)
    assert changes(state) == 6
    intents = [i for r in wal.read(str(state / wal.NAME))[0] for i in r.get("intents", ())]
    assert {intent["key"] for intent in intents} == {f"sysctl {QUEUE}"}


def test_an_unset_or_inactive_parameter_goes_back_to_what_it_was(host: Host, two: Workload) -> None:
    before = now(QUEUE)
    host.bring(two, {"queue": 50, "buffer": now(BUFFER)})
    host.bring(two, {"queue": None, "buffer": now(BUFFER)})
    assert now(QUEUE) == before
    host.bring(two, {"queue": 50})
    host.bring(two, {"buffer": now(BUFFER)})
    assert now(QUEUE) == before


def test_a_value_that_the_system_makes_another_of_is_told_with_both(
    host: Host, workload: Callable[..., Workload]
) -> None:
    change = host.bring(workload(sysctl("pipe", PIPE)), {"pipe": 300_000})
    assert change.coerced == {"pipe": (300_000, 524_288)}


def test_a_coerced_value_is_not_written_again_for_the_same_configuration(
    host: Host, workload: Callable[..., Workload], state: Path
) -> None:
    pipes = workload(sysctl("pipe", PIPE))
    first, second = (host.bring(pipes, {"pipe": 300_000}) for _ in range(2))
    assert first.coerced == second.coerced
    assert changes(state) == 1


def test_a_value_that_the_system_refuses_fails_its_sample_and_takes_the_set_back(bench: Bench) -> None:
    before = now(QUEUE)
    sample = bench.sample({"queue": 50, "buffer": 1}, trial=0)
    assert sample.state is State.FAILED_CONFIG
    assert sample.reason.startswith(f"apply: sysctl {BUFFER} cannot be set to '1': Invalid argument")
    assert sample.metrics == {}
    assert now(QUEUE) == before
    assert bench.sample({"queue": 50, "buffer": now(BUFFER)}, trial=1).metrics == {"queue": 50.0}


def test_of_two_coupled_values_the_one_that_nobody_can_write_comes_back_too(
    host: Host, workload: Callable[..., Workload]
) -> None:
    kilobytes = workload(sysctl("kbytes", "vm.overcommit_kbytes"))
    base = {"kbytes": now("vm.overcommit_kbytes")}
    ratio = now("vm.overcommit_ratio")
    assert ratio, "this test needs a machine that counts by ratio"
    host.bring(kilobytes, {"kbytes": 20_000_000})
    assert now("vm.overcommit_ratio") == 0
    assert host.bring(kilobytes, base).coerced == {}
    assert (now("vm.overcommit_kbytes"), now("vm.overcommit_ratio")) == (base["kbytes"], ratio)


def test_everything_that_cannot_be_changed_is_told_at_once_and_nothing_is_changed(
    host: Host, workload: Callable[..., Workload]
) -> None:
    wanted = workload(sysctl("queue", QUEUE), sysctl("none", "vm.no_such"), sysctl("fixed", "kernel.ostype"))
    with pytest.raises(WorkloadError) as error:
        host.ready(wanted)
    text = str(error.value)
    assert "  none: this kernel has no sysctl 'vm.no_such'." in text
    assert "  fixed: sysctl kernel.ostype cannot be written: Permission denied." in text
    assert "queue:" not in text
    assert not host.changed


def test_two_parameters_that_are_one_place_are_refused(host: Host, workload: Callable[..., Workload]) -> None:
    with pytest.raises(UsageError, match=f"more than one parameter of workload 'w' changes sysctl {QUEUE}"):
        host.ready(workload(sysctl("one", QUEUE), sysctl("other", QUEUE.replace(".", "/"))))


def test_what_restores_by_hand_is_written_before_the_first_change(
    host: Host, two: Workload, tmp_path: Path
) -> None:
    told = host.ready(two, folder=tmp_path)
    assert f"sysctl {QUEUE}, sysctl {BUFFER}" in told
    assert str(tmp_path / BY_HAND) in told
    before = now(QUEUE)
    host.bring(two, {"queue": 50})
    subprocess.run(["sh", tmp_path / BY_HAND], check=True)
    assert now(QUEUE) == before


def test_the_guardian_is_there_before_the_first_change(host: Host, two: Workload) -> None:
    pid = int(host.ready(two).split("(process ")[1].split(")")[0])
    assert "autotune.sidecar.guardian" in Path(f"/proc/{pid}/cmdline").read_text()
    assert not host.changed


def test_a_workload_without_values_of_the_machine_takes_no_lock(
    host: Host, workload: Callable[..., Workload], state: Path
) -> None:
    plain = workload()
    assert host.ready(plain) == ""
    assert host.bring(plain, {}).seconds == 0.0
    assert not state.exists()


def test_a_second_run_on_this_machine_is_told_who_holds_it(
    host: Host, two: Workload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autotune.flow.host._WAIT_S", 0.0)
    host.ready(two)
    with (
        pytest.raises(BusyError, match=f"this machine is in use by process {os.getpid()}"),
        Host(print, allow_risk=True) as other,
    ):
        other.ready(two)


def test_a_value_that_somebody_else_changes_meanwhile_is_left_alone_and_told(two: Workload) -> None:
    before = now(QUEUE)
    host = Host(print, allow_risk=True)
    host.bring(two, {"queue": 50})
    Path("/proc/sys/net/unix/max_dgram_qlen").write_text("51")
    with pytest.raises(NotRestoredError, match=f"somebody else has changed sysctl {QUEUE}"):
        host.bring(two, {"queue": 50})
    with pytest.raises(NotRestoredError, match="the machine is not as it was"):
        host.restore()
    assert now(QUEUE) == 51
    Path("/proc/sys/net/unix/max_dgram_qlen").write_text(str(before))


DYING = """
import os, signal, sys
from autotune.flow.host import Host
from autotune.flow.host_places import placed
from autotune.model.space import Apply, Parameter, Space
from autotune.model.workload import Workload
from pathlib import Path
apply = Apply(actuator="sysctl", options={"name": "net.unix.max_dgram_qlen"})
one = Parameter(name="queue", kind="int", default=1, low=0, high=100000, apply=apply)
w = Workload(name="w", driver="command", folder=Path("/"), metrics=(), space=Space(parameters=(one,)))
host = Host(print, allow_risk=True)
host.ready(w)
host.bring(w, {"queue": 4321})
if sys.argv[1] == "both":
    os.kill(host._session.guardian_pid, signal.SIGKILL)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_when_the_harness_is_killed_its_guardian_restores() -> None:
    before = now(QUEUE)
    subprocess.run([sys.executable, "-c", DYING, "harness"], check=False)
    deadline = time.monotonic() + 30
    while now(QUEUE) != before and time.monotonic() < deadline:
        time.sleep(0.02)
    assert now(QUEUE) == before


def test_what_a_dead_run_left_open_is_undone_before_anything_is_read(two: Workload) -> None:
    before = now(QUEUE)
    done = subprocess.run([sys.executable, "-c", DYING, "both"], check=False)
    assert done.returncode == -signal.SIGKILL
    assert now(QUEUE) == 4321
    with Host(print, allow_risk=True) as host:
        target = host._placed(two)[0].target
        assert settled(target) == str(before)  # without the lock, from the journal
        assert host.read(target) == str(before)
        assert now(QUEUE) == before


def test_a_condition_decides_what_is_on_the_machine(host: Host, workload: Callable[..., Workload]) -> None:
    before = now(BUFFER)
    system = workload(sysctl("queue", QUEUE), sysctl("buffer", BUFFER, when=parse("queue >= 100")))
    for queue, buffer in ((200, 300_000), (50, before), (100, 300_000)):
        host.bring(system, system.space.pruned({"queue": queue, "buffer": 300_000}))
        assert (now(QUEUE), now(BUFFER)) == (queue, buffer)


SERVICE = """
import os, pathlib, signal, time
for name, text in (("starts", f"{pathlib.Path('app.conf').read_text()}"), ("pid", "")):
    with open(name, "a" if name == "starts" else "w") as file:
        file.write(text or str(os.getpid()))
time.sleep(300)
"""


@pytest.fixture
def served(workload: Callable[..., Workload], tmp_path: Path) -> Iterator[Workload]:
    """A service that reads `workers` of app.conf when it starts, and notes what it read."""
    (tmp_path / "app.conf").write_text("workers = 2\n")
    (tmp_path / "app.py").write_text(SERVICE)
    stop = "test -e pid && kill $(cat pid); rm -f pid"
    service = Service(
        name="app",
        folder=tmp_path,
        start=(sys.executable, "app.py"),
        stop=("/bin/sh", "-c", stop),
        ready=Ready(command=("/bin/sh", "-c", "test -s pid && kill -0 $(cat pid)")),
    )
    options = {"name": "app.conf", "key": "workers", "format": "keyvalue", "service": "app"}
    workers = Parameter(
        name="workers",
        kind="int",
        default=2,
        low=1,
        high=9,
        scope="restart",
        apply=Apply(actuator="file", options=options),
    )
    made = workload(workers, sysctl("queue", QUEUE))
    yield replace(made, services={"app": service})
    subprocess.run(["/bin/sh", "-c", stop], cwd=tmp_path, check=False)


def test_a_service_restarts_only_where_what_it_reads_has_changed(
    host: Host, served: Workload, tmp_path: Path
) -> None:
    host.ready(served, folder=tmp_path)
    queue = now(QUEUE)
    for workers, length in ((2, queue), (4, queue), (4, 50), (4, queue), (4, 60), (2, queue), (2, 70)):
        host.bring(served, {"workers": workers, "queue": length})
    assert (tmp_path / "starts").read_text() == "workers = 4\nworkers = 2\n"
    host.bring(served, {"workers": 9, "queue": queue})
    assert [settled(one.target) for one in host._placed(served)] == ["2", str(queue)]
    assert "app.py" in (tmp_path / BY_HAND).read_text()
    host.restore()
    assert (tmp_path / "app.conf").read_text() == "workers = 2\n"


def test_a_service_that_the_workload_does_not_describe_is_named_before_anything_is_changed(
    host: Host, served: Workload
) -> None:
    with pytest.raises(WorkloadError, match="workers: the workload says nothing of its service 'app'"):
        host.ready(replace(served, services={}))
