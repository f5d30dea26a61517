"""What the machine around a command did in the meantime."""

from __future__ import annotations

import os
from typing import NamedTuple

from autotune.sidecar.descriptors import Descriptors
from autotune.sidecar.figures import pressure

_TICKS = os.sysconf("SC_CLK_TCK")
NETWORK = ("received_bytes", "received_packets", "sent_bytes", "sent_packets")


class CpuTimes(NamedTuple):
    """Seconds since boot over all CPUs: busy, stolen by the hypervisor for other guests, and all together."""

    busy_s: float
    steal_s: float
    total_s: float


class Around:
    """Counters of the whole host; `answer` gives what they grew by since `begin`."""

    def __init__(self, *, proc: str = "/proc", own_groups: tuple[str, ...] = ()) -> None:
        self._files = Descriptors()
        self._proc = proc
        self._throttlers = own_groups
        self._before: dict[str, float] = {}

    def begin(self) -> None:
        """Remembers the counters as they are."""
        self._before = self._counters()

    def answer(self) -> dict[str, float]:
        """What the counters grew by, and the load as it is.

        Seconds for which all CPUs together were busy, stolen and there at all (`cpus`), of pressure and of
        throttling; network bytes and packets.
        """
        after = self._counters()
        grown = {name: after[name] - value for name, value in self._before.items() if name in after}
        load = (self._files.read(f"{self._proc}/loadavg") or b"").split()
        return {**grown, **({"load": float(load[0])} if load else {})}

    def _counters(self) -> dict[str, float]:
        found = {f"pressure_{k}": v for k, v in pressure(self._files, self._proc + "/pressure/{}").items()}
        if cpus := cpu_times(self._files.read(f"{self._proc}/stat") or b""):
            found |= {"busy": cpus.busy_s, "steal": cpus.steal_s, "cpus": cpus.total_s}
        if (throttled := self._throttled()) is not None:
            found["throttled"] = throttled
        return {**found, **network(self._files.read(f"{self._proc}/self/net/dev") or b"")}

    def _throttled(self) -> float | None:
        """Seconds that the groups this process is in stood still by their CPU quota: the longest of them."""
        longest = None
        for folder in self._throttlers:
            for line in (self._files.read(f"{folder}/cpu.stat") or b"").splitlines():
                name, _, value = line.partition(b" ")
                scale = {b"throttled_usec": 1e6, b"throttled_time": 1e9}.get(name)
                if scale:
                    longest = max(longest or 0.0, int(value) / scale)
        return longest


def cpu_times(text: bytes) -> CpuTimes | None:
    """What the `text` of /proc/stat says in its first line; None where it has too few columns.

    A tick is 1/100 s on Linux, on each CPU. Time of guests is part of `user` there, and is not added again.
    """
    try:
        fields = text.partition(b"\n")[0].split()
        user, nice, system, idle, iowait, irq, softirq, steal = map(int, fields[1:9])
    except ValueError:
        return None
    busy = user + nice + system + irq + softirq
    return CpuTimes(busy / _TICKS, steal / _TICKS, (busy + idle + iowait + steal) / _TICKS)


def network(text: bytes) -> dict[str, float]:
    """Bytes and packets over all interfaces, loopback too, in the `text` of /proc/net/dev."""
    totals = [0, 0, 0, 0]
    lines = text.splitlines()[2:]
    for line in lines:
        fields = line.rpartition(b":")[2].split()
        for n, place in enumerate((0, 1, 8, 9)):
            totals[n] += int(fields[place])
    return dict(zip((f"network_{name}" for name in NETWORK), totals, strict=True)) if lines else {}
