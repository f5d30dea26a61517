"""What the kernel, the container and the rights of the user allow to measure."""

from __future__ import annotations

from collections.abc import Iterator

from autotune.measure.doctor.finding import Finding, Health, Machine

_GROUPS = "sys/fs/cgroup"
_WANTED = ("cpu", "memory", "io", "pids")
_OLD = {"cpu": "cpuacct", "memory": "memory", "io": "blkio", "pids": "pids"}
"""What each is called in version 1."""

_UNLIMITED = 1 << 60


def findings(machine: Machine) -> Iterator[Finding]:
    """Control groups, pressure, hardware counters, rights, and limits of the container."""
    yield _controllers(machine)
    yield _pressure(machine)
    yield _counters(machine)
    yield _rights(machine)
    yield _limits(machine)


def _controllers(machine: Machine) -> Finding:
    name = "cgroup controllers"
    listed = machine.text(f"{_GROUPS}/cgroup.controllers")
    if listed is not None:
        there, where, version = set(listed.split()), [_GROUPS], "version 2"
    else:
        there = {wanted for wanted, old in _OLD.items() if machine.exists(f"{_GROUPS}/{old}")}
        where, version = [f"{_GROUPS}/{_OLD[wanted]}" for wanted in sorted(there)], "version 1"
    missing = [wanted for wanted in _WANTED if wanted not in there]
    closed = [place for place in where if not machine.writable(place)]
    seen = f"{version}: {', '.join(w for w in _WANTED if w in there)}" if there else "none"
    if not missing and not closed:
        return Finding(name=name, state=Health.OK, seen=seen)
    what = f"missing: {', '.join(missing)}" if missing else f"/{closed[0]} cannot be written to"
    return Finding(
        name=name,
        state=Health.UNABLE,
        seen=f"{seen}; {what}",
        why="memory, storage and CPU of a whole tree are then sampled, and short processes are missed",
        mend="systemd-run --scope --property=Delegate=yes autotune run STUDY",
    )


def _pressure(machine: Machine) -> Finding:
    if machine.text("proc/pressure/cpu") is not None:
        return Finding(name="pressure (PSI)", state=Health.OK, seen="/proc/pressure is there")
    return Finding(
        name="pressure (PSI)",
        state=Health.UNABLE,
        seen="/proc/pressure cannot be read",
        why="waiting for CPU, memory and storage cannot be shown",
        mend="add psi=1 to the kernel's command line, then boot",
    )


def _counters(machine: Machine) -> Finding:
    name, paranoid = "hardware counters", machine.text("proc/sys/kernel/perf_event_paranoid")
    if not any(machine.root.glob("sys/bus/event_source/devices/cpu*")):
        return Finding(
            name=name,
            state=Health.UNABLE,
            seen="none (a virtual machine often has none)",
            why="cycles and instructions cannot be counted",
        )
    if machine.is_root or ((paranoid or "9").lstrip("-").isdigit() and int(paranoid or 9) <= 1):
        return Finding(name=name, state=Health.OK, seen=f"there (perf_event_paranoid {paranoid})")
    return Finding(
        name=name,
        state=Health.UNABLE,
        seen=f"not for this user (perf_event_paranoid {paranoid})",
        why="cycles and instructions cannot be counted",
        mend="sysctl kernel.perf_event_paranoid=1",
    )


def _rights(machine: Machine) -> Finding:
    if machine.is_root:
        return Finding(name="root", state=Health.OK, seen="yes")
    return Finding(
        name="root",
        state=Health.UNABLE,
        seen="no",
        why="settings of the whole machine cannot be tuned; workloads can be measured all the same",
        mend="sudo autotune run STUDY",
    )


def _limits(machine: Machine) -> Finding:
    cpus, memory = _cpu_limit(machine), _memory_limit(machine)
    parts = ([f"{cpus:.3g} CPUs"] if cpus else []) + ([f"{memory >> 20} MiB of memory"] if memory else [])
    if not parts:
        return Finding(name="container limits", state=Health.OK, seen="none")
    if not cpus:
        return Finding(name="container limits", state=Health.OK, seen=parts[0])
    return Finding(
        name="container limits",
        state=Health.NOISY,
        seen=", ".join(parts),
        why="at its share of CPU the group is stopped for the rest of each period, some 100 ms",
        mend="give the container whole CPUs (cpuset) in place of a quota",
    )


def _own_groups(machine: Machine, controller: str) -> Iterator[str]:
    """Folders of this process's control group and its parents, innermost first."""
    for line in (machine.text("proc/self/cgroup") or "").splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers and controller not in controllers.split(","):
            continue
        steps = path.strip("/").split("/") if path.strip("/") else []
        base = f"{_GROUPS}/{controller}" if controllers else _GROUPS
        yield from ("/".join([base, *steps[:n]]) for n in range(len(steps), -1, -1))


def _cpu_limit(machine: Machine) -> float:
    """CPUs that the tightest quota leaves; 0 where there is none."""
    found = []
    for group in _own_groups(machine, "cpu"):
        quota, _, period = (machine.text(f"{group}/cpu.max") or "max 0").partition(" ")
        if quota == "max":
            quota = machine.text(f"{group}/cpu.cfs_quota_us") or "-1"
            period = machine.text(f"{group}/cpu.cfs_period_us") or "0"
        if quota.isdigit() and period.isdigit() and int(period):
            found.append(int(quota) / int(period))
    return min(found, default=0.0)


def _memory_limit(machine: Machine) -> int:
    """Bytes of the tightest limit; 0 where there is none."""
    files = ("memory.max", "memory.limit_in_bytes")
    texts = (
        machine.text(f"{group}/{file}") or "" for group in _own_groups(machine, "memory") for file in files
    )
    return min((int(text) for text in texts if text.isdigit() and int(text) < _UNLIMITED), default=0)
