"""What else the machine does, measured while autotune itself does nothing."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator

from autotune.judge.disturbance import FOREIGN_SHARE, STEAL_SHARE
from autotune.measure.doctor.finding import Finding, Health, Machine
from autotune.measure.doctor.host_times import HostTimes, host_times

_SWITCHES = 5000.0
"""Per second and CPU: at 2 to 4 microseconds each, 1 to 2 % of it."""

_SHOW = "ps -eo pcpu,pid,comm --sort=-pcpu | head"


def findings(
    machine: Machine, seconds: float, *, pause: Callable[[float], None] = time.sleep
) -> Iterator[Finding]:
    """Stolen time, CPU time of others and context switches over `seconds`."""
    own, switches, before = _own_cpu_s(), _switches(machine), host_times(machine)
    pause(seconds)
    after, later, own = host_times(machine), _switches(machine), _own_cpu_s() - own
    if before is None or after is None or after.total_s <= before.total_s:
        yield Finding(name="neighbours", state=Health.UNKNOWN, seen="/proc/stat does not tell")
        return
    yield from _cpu(before, after, own, seconds)
    if switches is not None and later is not None:
        cpus = round((after.total_s - before.total_s) / seconds) or 1
        yield _switching((later - switches) / seconds / cpus)


def _cpu(before: HostTimes, after: HostTimes, own_s: float, seconds: float) -> Iterator[Finding]:
    total = after.total_s - before.total_s
    steal = (after.steal_s - before.steal_s) / total
    foreign = max(0.0, after.busy_s - before.busy_s - own_s) / total
    yield Finding(
        name="steal",
        state=Health.NOISY if steal >= STEAL_SHARE else Health.OK,
        seen=f"{100 * steal:.3g} % of the CPUs in {seconds:g} s",
        why="the host gives this machine's CPUs to others" if steal >= STEAL_SHARE else "",
        mend="use a dedicated host, or an instance with dedicated CPUs" if steal >= STEAL_SHARE else "",
    )
    yield Finding(
        name="foreign CPU",
        state=Health.NOISY if foreign >= FOREIGN_SHARE else Health.OK,
        seen=f"{100 * foreign:.3g} % of the CPUs in {seconds:g} s",
        why="other processes run beside the workload" if foreign >= FOREIGN_SHARE else "",
        mend=_SHOW if foreign >= FOREIGN_SHARE else "",
    )


def _switching(rate: float) -> Finding:
    noisy = rate >= _SWITCHES
    return Finding(
        name="context switches",
        state=Health.NOISY if noisy else Health.OK,
        seen=f"{rate:,.0f} per second and CPU",
        why="other processes come and go on the CPUs" if noisy else "",
        mend="vmstat 1 5; pidstat -w 5 1" if noisy else "",
    )


def _own_cpu_s() -> float:
    return sum(os.times()[:4])


def _switches(machine: Machine) -> int | None:
    lines = (machine.text("proc/stat") or "").splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("ctxt ")), None)
