"""What makes memory now faster, now slower."""

from __future__ import annotations

import re
from collections.abc import Iterator

from autotune.measure.doctor.finding import Finding, Health, Machine

_PAGES = "sys/kernel/mm/transparent_hugepage/enabled"


def findings(machine: Machine) -> Iterator[Finding]:
    """Swap, transparent huge pages and the randomised layout of address spaces."""
    yield _swap(machine)
    yield _huge_pages(machine)
    yield _layout(machine)


def _swap(machine: Machine) -> Finding:
    text = machine.text("proc/swaps")
    if text is None:
        return Finding(name="swap", state=Health.UNKNOWN, seen="/proc/swaps cannot be read")
    rows = [line.split() for line in text.splitlines()[1:]]
    size, used = (sum(int(row[n]) for row in rows) // 1024 for n in (-3, -2))
    if not rows:
        return Finding(name="swap", state=Health.OK, seen="none")
    return Finding(
        name="swap",
        state=Health.NOISY,
        seen=f"{used} MiB of {size} MiB used",
        why="a page that was swapped out costs a thousand times one in memory",
        mend="swapoff --all",
    )


def _huge_pages(machine: Machine) -> Finding:
    name = "transparent huge pages"
    chosen = re.search(r"\[(\w+)\]", machine.text(_PAGES) or "")
    if chosen is None:
        return Finding(name=name, state=Health.UNKNOWN, seen="the kernel does not tell")
    if chosen[1] != "always":
        return Finding(name=name, state=Health.OK, seen=chosen[1])
    return Finding(
        name=name,
        state=Health.NOISY,
        seen="always",
        why="whether a sample gets huge pages depends on how fragmented memory is at that moment",
        mend=f"echo madvise > /{_PAGES}",
    )


def _layout(machine: Machine) -> Finding:
    name, value = "ASLR", machine.text("proc/sys/kernel/randomize_va_space")
    if value is None:
        return Finding(name=name, state=Health.UNKNOWN, seen="the kernel does not tell")
    if value == "0":
        return Finding(
            name=name,
            state=Health.NOISY,
            seen="off (0)",
            why="every run has the same layout, whose luck or bad luck looks like a property of the code",
            mend="sysctl kernel.randomize_va_space=2",
        )
    return Finding(
        name=name,
        state=Health.OK,
        seen=f"on ({value}): each run has another layout, which costs spread and averages its luck out",
    )
