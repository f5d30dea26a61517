"""Where one command runs: its control group, its network, the machine around it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Self

from autotune.sidecar.around import Around
from autotune.sidecar.figures import Figures
from autotune.sidecar.group import Group, own_name
from autotune.sidecar.layout import Layout
from autotune.sidecar.network import Network


class Room:
    """Made for a request and taken down by `close`; `refused` says which wish cannot be granted here.

    `group`, `figures` and `network` are None where there is none; the answer then says why. Only a monitored
    command, the one that is measured, gets figures and a network of its own.
    """

    def __init__(self, request: Mapping[str, Any], layout: Layout, number: int, around: Around) -> None:
        confine = request.get("confine") or {}
        self.group, self._no_group = _group(layout, number)
        self.figures = Figures(self.group.folders) if self.group and request["monitor"] else None
        self.network, self._no_network = _network(request.get("network", "host"))
        self.refused = _limited(self.group, self._no_group, confine)
        self._around = around if request["monitor"] else None
        if self._around:
            self._around.begin()
        self._kind = layout.kind
        self._peak_at_start: int | None = None
        self.left: list[int] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def started(self) -> None:
        """To be called when the command was started and this process has left the group again.

        Until then it may have been the one task too many in the group's peak; what exceeds that came later.
        """
        if self.figures:
            self._peak_at_start = self.figures.peak_processes()

    def answer(self) -> dict[str, Any]:
        """What the command cost by the group's files, what network and machine did meanwhile."""
        around = self._around.answer() if self._around else {}
        if self.network:
            around |= self.network.answer()
        return {
            "backend": self._kind if self.group else "none",
            "no_group": self._no_group,
            "own_network": self.network is not None,
            "no_network": self._no_network,
            "around": around,
            "group": self._figures(),
        }

    def close(self) -> None:
        """Ends what is left inside and removes the group; `left` are pids that would not end."""
        if self.figures:
            self.figures.close()
        if self.group:
            self.left = self.group.remove()
        if self.network:
            self.network.close()

    def _figures(self) -> dict[str, Any]:
        if self.figures is None or self.group is None:
            return {}
        return {
            "cpu": _less(self.figures.cpu(), self.group.stray_s),
            "peak_bytes": self.figures.peak_with_cache(),
            "peak_processes": self.figures.peak_processes(),
            "peak_at_start": self._peak_at_start,
            "oom_kills": self.figures.oom_kills(),
            "pressure": self.figures.pressure(),
        }


def usable(layout: Layout) -> Layout:
    """`layout` where a group can be made, entered, left and removed in it, else none.

    Rights in control groups depend on more than the files' modes, so it is tried, once.
    """
    group = Group(layout, own_name(0))
    try:
        group.make()
        with group.entered():
            pass
    except OSError:
        return Layout("none", (), layout.quotas)
    finally:
        group.remove()
    return layout


def _less(cpu: tuple[float, float] | None, stray_s: float) -> tuple[float, float] | None:
    """User and system seconds without those that this process spent inside when it started the command."""
    if cpu is None:
        return None
    user, system = cpu
    rest = max(0.0, system - stray_s)
    return max(0.0, user - max(0.0, stray_s - system)), rest


def _group(layout: Layout, number: int) -> tuple[Group | None, str]:
    if not layout.places:
        return None, "no control group can be made here"
    group = Group(layout, own_name(number))
    try:
        group.make()
    except OSError as error:
        return None, f"no control group can be made here: {error.strerror}"
    return group, ""


def _network(wanted: str) -> tuple[Network | None, str]:
    if wanted != "own":
        return None, ""
    try:
        return Network(), ""
    except OSError as error:
        return None, f"no network of its own can be made here: {error.strerror}"


def _limited(group: Group | None, no_group: str, confine: Mapping[str, Any]) -> str:
    if not confine:
        return ""
    allowed = os.sched_getaffinity(0)
    if strange := set(confine.get("cpus", ())) - allowed:
        return f"CPU {min(strange)} is not among those that may be used here ({', '.join(map(str, allowed))})"
    memory, pids = confine.get("memory"), confine.get("pids")
    if memory is None and pids is None:
        return ""
    if group is None:
        return f"memory and pids cannot be limited: {no_group}"
    return group.limit(memory=memory, pids=pids)
