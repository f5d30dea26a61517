"""What makes a CPU run now faster, now slower."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from autotune.measure.doctor.finding import Finding, Health, Machine

_CPU = "sys/devices/system/cpu"
_CLOCK = "sys/devices/system/clocksource/clocksource0"
_QUICK_CLOCKS = ("tsc", "kvm-clock", "arch_sys_counter", "hyperv_clocksource_tsc_page", "stp")
"""Clocks that are read without a call into the kernel."""


def findings(machine: Machine) -> Iterator[Finding]:
    """Governor, turbo, SMT and the clock that times are taken from."""
    yield _governor(machine)
    yield _turbo(machine)
    yield _smt(machine)
    yield _clock(machine)


def _governor(machine: Machine) -> Finding:
    found = Counter(machine.matching(f"{_CPU}/cpu[0-9]*/cpufreq/scaling_governor"))
    seen = ", ".join(f"{name} on {count} CPUs" for name, count in found.most_common())
    if not found:
        none = "no frequency scaling is visible (a virtual machine, or a fixed clock)"
        return Finding(name="governor", state=Health.UNKNOWN, seen=none)
    if set(found) == {"performance"}:
        return Finding(name="governor", state=Health.OK, seen=seen)
    return Finding(
        name="governor",
        state=Health.NOISY,
        seen=seen,
        why="the clock follows the load, so that short samples run at another speed than long ones",
        mend="cpupower frequency-set --governor performance",
    )


def _turbo(machine: Machine) -> Finding:
    off = {"intel_pstate/no_turbo": "1", "cpufreq/boost": "0"}
    for name, value in off.items():
        text = machine.text(f"{_CPU}/{name}")
        if text is None:
            continue
        if text == value:
            return Finding(name="turbo", state=Health.OK, seen=f"off ({name} is {text})")
        return Finding(
            name="turbo",
            state=Health.NOISY,
            seen=f"on ({name} is {text})",
            why="the clock depends on the temperature and on how many CPUs are busy",
            mend=f"echo {value} > /{_CPU}/{name}",
        )
    return Finding(name="turbo", state=Health.UNKNOWN, seen="no switch for it is visible")


def _smt(machine: Machine) -> Finding:
    active = machine.text(f"{_CPU}/smt/active")
    if active is None:
        return Finding(name="SMT", state=Health.UNKNOWN, seen="the kernel does not tell")
    control = machine.text(f"{_CPU}/smt/control") or "unknown"
    if active != "1":
        return Finding(name="SMT", state=Health.OK, seen=f"not active ({control})")
    return Finding(
        name="SMT",
        state=Health.NOISY,
        seen=f"active ({control})",
        why="two threads share a core: speed depends on what runs on the other one",
        mend=f"echo off > /{_CPU}/smt/control",
    )


def _clock(machine: Machine) -> Finding:
    clock = machine.text(f"{_CLOCK}/current_clocksource")
    if clock is None:
        return Finding(name="clock source", state=Health.UNKNOWN, seen="the kernel does not tell")
    if clock in _QUICK_CLOCKS:
        return Finding(name="clock source", state=Health.OK, seen=clock)
    others = (machine.text(f"{_CLOCK}/available_clocksource") or "").split()
    better = next((name for name in others if name in _QUICK_CLOCKS), "")
    return Finding(
        name="clock source",
        state=Health.NOISY,
        seen=clock,
        why="each look at the clock is a call into the kernel, which programs that time themselves pay for",
        mend=f"echo {better} > /{_CLOCK}/current_clocksource" if better else "",
    )
