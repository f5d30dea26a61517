"""Bounds of a sample, by real processes and this machine's own control groups."""

import os
from collections.abc import Callable

import pytest

from autotune.core.errors import WorkloadError
from autotune.measure.launcher import Launcher
from autotune.model.confine import Confine
from autotune.model.trial import Sample, State
from autotune.model.workload import Workload
from autotune.sidecar import layout

Take = Callable[..., Sample]
MakeWorkload = Callable[..., Workload]

CONTROLLERS = {place.controller for place in layout.find().places}
needs_memory = pytest.mark.skipif("memory" not in CONTROLLERS, reason="no memory controller here")
needs_pids = pytest.mark.skipif("pids" not in CONTROLLERS, reason="no pids controller here")
BALLOON = "x = bytearray(300 << 20)"
BOMB = """
import os, time
n = 0
try:
    while True:
        if os.fork() == 0:
            time.sleep(60)
            os._exit(0)
        n += 1
except OSError:
    print("ops=%d" % n, flush=True)
"""


def figure(sample: Sample, name: str) -> float | None:
    """The value of the resource called `name`."""
    return next(r.value for r in sample.resources if r.name == name)


@needs_memory
def test_memory_that_runs_out_is_the_configurations_and_named(sample: Take, workload: MakeWorkload) -> None:
    made = workload(command=("{python}", "-c", BALLOON), confine=Confine(memory_bytes=64 << 20))
    taken = sample(made)
    assert taken.state is State.FAILED_CONFIG
    assert taken.reason.startswith("oom: memory ran out at 64 MiB (confine.memory), the kernel killed 1 of")
    assert sample(workload()).state is State.OK


@needs_memory
def test_killed_child_of_a_command_that_goes_on_is_a_warning(sample: Take, workload: MakeWorkload) -> None:
    script = f"python3 -c '{BALLOON}'; echo ops=5"
    taken = sample(workload(script, confine=Confine(memory_bytes=64 << 20)))
    assert taken.state is State.OK
    assert taken.warnings == ("memory ran out: the kernel killed 1 of its processes",)


@needs_pids
def test_fork_bomb_is_held_and_ended(sample: Take, workload: MakeWorkload) -> None:
    made = workload(command=("{python}", "-c", BOMB), confine=Confine(pids=64))
    taken = sample(made)
    assert taken.metrics == {"ops": 63.0}
    assert figure(taken, "peak_processes") == 64
    assert len(taken.warnings) == 63


@pytest.mark.parametrize("bound", [{"memory_bytes": 64 << 20}, {"pids": 64}])
def test_bound_that_cannot_be_set_here_stops_the_run(
    bound: dict[str, int], workload: MakeWorkload, sample: Take
) -> None:
    with Launcher("none") as launcher, pytest.raises(WorkloadError, match="no control group can be made"):
        sample(workload(confine=Confine(**bound)), launcher=launcher)


def test_cpu_that_is_not_there_stops_the_run(workload: MakeWorkload, sample: Take) -> None:
    with pytest.raises(WorkloadError, match="CPU 4000 is not among those that may be used here"):
        sample(workload(confine=Confine(cpus=(4000,))))


def test_cpus_and_niceness_reach_the_command_and_not_the_launcher(
    sample: Take, workload: MakeWorkload
) -> None:
    first = min(os.sched_getaffinity(0))
    script = (
        "import os, time; time.sleep(.05);print(f'ops={os.nice(0)} cpus={sorted(os.sched_getaffinity(0))}')"
    )
    made = workload(command=("{python}", "-c", script.replace("{", "{{").replace("}", "}}")))
    assert f"ops={os.nice(0)} cpus={sorted(os.sched_getaffinity(0))}" in sample(made).output
    bounded = workload(command=made.command, confine=Confine(cpus=(first,), nice=5))
    assert f"ops={min(19, os.nice(0) + 5)} cpus=[{first}]" in sample(bounded).output
    assert f"ops={os.nice(0)} cpus={sorted(os.sched_getaffinity(0))}" in sample(made).output


def test_file_that_grows_too_large_ends_the_command(sample: Take, workload: MakeWorkload) -> None:
    made = workload('head -c 3000000 /dev/zero > "$1/big"; kill -XFSZ $$')
    assert sample(made).reason.startswith("ended by SIGXFSZ")
    script = 'exec head -c 3000000 /dev/zero > "$1/big"'
    taken = sample(workload(script, confine=Confine(file_size_bytes=1 << 20)))
    assert taken.state is State.FAILED_CONFIG
    assert taken.reason.startswith("ended by SIGXFSZ")


def test_command_that_neither_computes_nor_prints_is_idle(sample: Take, workload: MakeWorkload) -> None:
    taken = sample(workload("echo waiting; sleep 60", confine=Confine(idle_s=0.4)))
    assert taken.state is State.TIMEOUT
    assert taken.reason == "idle: neither CPU use nor output for 0.4 s (confine.idle): waiting"


def test_command_that_prints_now_and_then_is_not_idle(sample: Take, workload: MakeWorkload) -> None:
    script = "for n in 1 2 3 4 5; do sleep 0.25; echo $n; done; echo ops=5"
    assert sample(workload(script, confine=Confine(idle_s=0.8))).state is State.OK


def test_network_of_its_own_has_loopback_and_counts_apart(sample: Take, workload: MakeWorkload) -> None:
    talk = (
        "import socket; a = socket.create_server(('127.0.0.1', 0)); b = socket.create_connection("
        "a.getsockname()); c = a.accept()[0]; b.sendall(b'x' * 50000); print('ops=5')"
    )
    taken = sample(workload(command=("{python}", "-c", talk), network="own"))
    source = next(r.source for r in taken.resources if r.name == "network_sent_bytes")
    assert taken.metrics == {"ops": 5.0}
    if source == "network namespace of the sample":
        sent, received = figure(taken, "network_sent_bytes"), figure(taken, "network_received_bytes")
        assert sent == received
        assert sent is not None
        assert 50_000 < sent < 60_000
    else:
        assert "no network of its own can be made here" in source
        assert figure(taken, "network_sent_bytes") is None
    quiet = sample(workload(network="own"))
    assert figure(quiet, "network_sent_bytes") in {0, None}


def test_command_on_the_hosts_network_is_labelled_so(sample: Take, workload: MakeWorkload) -> None:
    labels = {r.source for r in sample(workload()).resources if r.name.startswith("network_")}
    assert labels == {"/proc/net/dev: the whole host"}
