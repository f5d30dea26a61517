"""The findings on fake trees, for what this machine lacks, and on this machine itself."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autotune.measure.doctor import capabilities, cpu, disk, memory, neighbours, system
from autotune.measure.doctor.examine import examine
from autotune.measure.doctor.finding import Health, Machine
from autotune.model.space import Space
from autotune.model.workload import PythonCall, Step, Workload

CPU = "sys/devices/system/cpu"
CLOCK = "sys/devices/system/clocksource/clocksource0"
PAGES = "sys/kernel/mm/transparent_hugepage/enabled"


@pytest.fixture
def fake(tmp_path):
    """A fake machine: `fake({path: text}, uid=...)`."""

    def make(files, uid=1000):
        for path, text in files.items():
            place = tmp_path / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text)
        return Machine(root=tmp_path, uid=uid)

    return make


def named(findings):
    return {finding.name: finding for finding in findings}


@pytest.mark.parametrize(
    ("room", "files", "name", "state"),
    [
        (cpu, {f"{CPU}/cpu0/cpufreq/scaling_governor": "performance\n"}, "governor", "ok"),
        (cpu, {f"{CPU}/cpu0/cpufreq/scaling_governor": "powersave\n"}, "governor", "noisy"),
        (cpu, {}, "governor", "unknown"),
        (cpu, {f"{CPU}/intel_pstate/no_turbo": "0\n"}, "turbo", "noisy"),
        (cpu, {f"{CPU}/intel_pstate/no_turbo": "1\n"}, "turbo", "ok"),
        (cpu, {f"{CPU}/cpufreq/boost": "1\n"}, "turbo", "noisy"),
        (cpu, {}, "turbo", "unknown"),
        (cpu, {f"{CPU}/smt/active": "1\n", f"{CPU}/smt/control": "on\n"}, "SMT", "noisy"),
        (cpu, {f"{CPU}/smt/active": "0\n"}, "SMT", "ok"),
        (cpu, {}, "SMT", "unknown"),
        (cpu, {f"{CLOCK}/current_clocksource": "tsc\n"}, "clock source", "ok"),
        (cpu, {f"{CLOCK}/current_clocksource": "hpet\n"}, "clock source", "noisy"),
        (cpu, {}, "clock source", "unknown"),
        (memory, {"proc/swaps": "Filename Type Size Used Priority\n"}, "swap", "ok"),
        (memory, {"proc/swaps": "Filename Type\n/swap file 2048000 1024 -2\n"}, "swap", "noisy"),
        (memory, {}, "swap", "unknown"),
        (memory, {PAGES: "[always] madvise never\n"}, "transparent huge pages", "noisy"),
        (memory, {PAGES: "always [madvise] never\n"}, "transparent huge pages", "ok"),
        (memory, {}, "transparent huge pages", "unknown"),
        (memory, {"proc/sys/kernel/randomize_va_space": "2\n"}, "ASLR", "ok"),
        (memory, {"proc/sys/kernel/randomize_va_space": "0\n"}, "ASLR", "noisy"),
        (memory, {}, "ASLR", "unknown"),
        (
            capabilities,
            {"sys/fs/cgroup/cgroup.controllers": "cpu io memory pids"},
            "cgroup controllers",
            "ok",
        ),
        (capabilities, {"sys/fs/cgroup/cgroup.controllers": "cpu pids"}, "cgroup controllers", "unable"),
        (capabilities, {}, "cgroup controllers", "unable"),
        (capabilities, {"proc/pressure/cpu": "some avg10=0.00"}, "pressure (PSI)", "ok"),
        (capabilities, {}, "pressure (PSI)", "unable"),
        (capabilities, {}, "hardware counters", "unable"),
        (capabilities, {}, "root", "unable"),
        (capabilities, {}, "container limits", "ok"),
    ],
)
def test_what_a_fake_machine_is_set_to_is_told(room, files, name, state, fake):
    found = named(room.findings(fake(files)))[name]
    assert found.state == state
    assert found.seen
    assert bool(found.why) == (state in {"noisy", "unable"})


def test_what_is_noisy_comes_with_the_command_that_mends_it(fake):
    found = named(cpu.findings(fake({f"{CPU}/intel_pstate/no_turbo": "0", f"{CPU}/smt/active": "1"})))
    assert found["turbo"].mend == f"echo 1 > /{CPU}/intel_pstate/no_turbo"
    assert found["SMT"].mend == f"echo off > /{CPU}/smt/control"


def test_a_slow_clock_names_a_quick_one_only_where_there_is_one(fake):
    slow = {f"{CLOCK}/current_clocksource": "hpet", f"{CLOCK}/available_clocksource": "acpi_pm hpet"}
    assert named(cpu.findings(fake(slow)))["clock source"].mend == ""
    slow[f"{CLOCK}/available_clocksource"] = "tsc hpet"
    assert named(cpu.findings(fake(slow)))["clock source"].mend.startswith("echo tsc > ")


def test_old_control_groups_are_known_by_their_folders(fake):
    files = {f"sys/fs/cgroup/{name}/tasks": "" for name in ("cpuacct", "memory", "blkio", "pids")}
    found = named(capabilities.findings(fake(files)))["cgroup controllers"]
    assert (found.state, found.seen) == (Health.OK, "version 1: cpu, memory, io, pids")


@pytest.mark.parametrize(
    ("paranoid", "uid", "state"),
    [("-1", 1000, "ok"), ("1", 1000, "ok"), ("2", 1000, "unable"), ("4", 0, "ok"), ("odd", 1000, "unable")],
)
def test_counters_are_for_root_or_where_the_kernel_lets_users(paranoid, uid, state, fake):
    files = {
        "sys/bus/event_source/devices/cpu/type": "4",
        "proc/sys/kernel/perf_event_paranoid": paranoid,
    }
    assert named(capabilities.findings(fake(files, uid)))["hardware counters"].state == state


@pytest.mark.parametrize(
    ("files", "state", "seen"),
    [
        (
            {"proc/self/cgroup": "0::/app/job\n", "sys/fs/cgroup/app/cpu.max": "150000 100000"},
            "noisy",
            "1.5 CPUs",
        ),
        ({"proc/self/cgroup": "0::/app\n", "sys/fs/cgroup/app/cpu.max": "max 100000"}, "ok", "none"),
        (
            {
                "proc/self/cgroup": "4:memory:/box\n1:cpu,cpuacct:/box\n",
                "sys/fs/cgroup/cpu/box/cpu.cfs_quota_us": "50000",
                "sys/fs/cgroup/cpu/box/cpu.cfs_period_us": "100000",
                "sys/fs/cgroup/memory/box/memory.limit_in_bytes": str(512 << 20),
            },
            "noisy",
            "0.5 CPUs, 512 MiB of memory",
        ),
        (
            {"proc/self/cgroup": "0::/a\n", "sys/fs/cgroup/memory.max": str(1 << 30)},
            "ok",
            "1024 MiB of memory",
        ),
    ],
)
def test_limits_of_the_group_and_its_parents_are_told(files, state, seen, fake):
    found = named(capabilities.findings(fake(files)))["container limits"]
    assert (found.state, found.seen) == (state, seen)


def stat(busy, steal, idle, switches):
    return f"cpu  {busy} 0 0 {idle} 0 0 0 {steal} 0 0\nctxt {switches}\n"


@pytest.mark.parametrize(
    ("later", "states"),
    [
        (stat(20, 0, 980, 100), ["ok", "ok", "ok"]),
        (stat(500, 0, 500, 100), ["ok", "noisy", "ok"]),
        (stat(0, 100, 900, 100), ["noisy", "ok", "ok"]),
        (stat(0, 0, 1000, 90_000), ["ok", "ok", "noisy"]),
    ],
)
def test_neighbours_are_measured_over_the_time_given(later, states, fake):
    machine = fake({"proc/stat": stat(0, 0, 0, 0)})
    waited = []

    def pause(seconds):
        waited.append(seconds)
        (machine.root / "proc/stat").write_text(later)

    found = list(neighbours.findings(machine, 5.0, pause=pause))
    assert [finding.state for finding in found] == states
    assert [finding.name for finding in found] == ["steal", "foreign CPU", "context switches"]
    assert waited == [5.0]


def test_without_proc_stat_neighbours_are_unknown(fake):
    assert [f.state for f in neighbours.findings(fake({}), 0.0)] == [Health.UNKNOWN]


def test_disk_is_tried_and_nothing_stays_behind(tmp_path):
    found = disk.finding(tmp_path)
    assert found.state in {Health.OK, Health.NOISY}
    assert "median" in found.seen
    assert list(tmp_path.iterdir()) == []
    assert disk.finding(tmp_path / "missing").state == Health.UNKNOWN


def test_uneven_syncs_are_noise(tmp_path, monkeypatch):
    monkeypatch.setattr("autotune.measure.doctor.disk._syncs", lambda _: [0.001] * 19 + [0.05])
    assert disk.finding(tmp_path).state == Health.NOISY


def test_programs_and_templates_that_are_missing_are_named(tmp_path):
    (tmp_path / "there.conf").touch()
    workload = Workload(
        name="w",
        driver="command",
        folder=tmp_path,
        command=("no-such-program", "x"),
        python=PythonCall(call="a:b", path=tmp_path),
        reset=Step(command=("./reset",)),
        check=Step(command=("true",)),
        files={"a": tmp_path / "there.conf", "b": tmp_path / "gone.conf"},
        metrics=(),
        space=Space(parameters=()),
    )
    found = {name: finding.state for name, finding in named(system.findings(workload)).items()}
    assert found == {
        "program no-such-program": Health.UNABLE,
        "program ./reset": Health.UNABLE,
        "program true": Health.OK,
        "program {python}": Health.OK,
        "template a": Health.OK,
        "template b": Health.UNABLE,
    }


def test_this_machine_is_examined_and_left_as_it_is(tmp_path):
    watched = ("/proc/sys/kernel/randomize_va_space", f"/{PAGES}")
    before = [Path(path).read_text() for path in watched if os.access(path, os.R_OK)]
    found = list(examine(Machine(), folder=tmp_path, seconds=0.2))
    assert len({finding.name for finding in found}) == len(found) >= 14
    assert before == [Path(path).read_text() for path in watched if os.access(path, os.R_OK)]
