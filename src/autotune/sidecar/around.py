"""What the machine around a command did in the meantime."""

from __future__ import annotations

import os

from autotune.sidecar.descriptors import Descriptors
from autotune.sidecar.figures import pressure

_TICKS = os.sysconf("SC_CLK_TCK")
_STEAL = 8
"""Place of the stolen time in the first line of /proc/stat, as proc(5) counts."""

NETWORK = ("received_bytes", "received_packets", "sent_bytes", "sent_packets")


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
        """Seconds of stolen CPU, pressure and throttling, network bytes and packets; the load as it is."""
        after = self._counters()
        grown = {name: after[name] - value for name, value in self._before.items() if name in after}
        load = (self._files.read(f"{self._proc}/loadavg") or b"").split()
        return {**grown, **({"load": float(load[0])} if load else {})}

    def _counters(self) -> dict[str, float]:
        found = {f"pressure_{k}": v for k, v in pressure(self._files, self._proc + "/pressure/{}").items()}
        fields = (self._files.read(f"{self._proc}/stat") or b"").partition(b"\n")[0].split()
        if len(fields) > _STEAL:
            found["steal"] = int(fields[_STEAL]) / _TICKS
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


def network(text: bytes) -> dict[str, float]:
    """Bytes and packets over all interfaces, loopback too, in the `text` of /proc/net/dev."""
    totals = [0, 0, 0, 0]
    lines = text.splitlines()[2:]
    for line in lines:
        fields = line.rpartition(b":")[2].split()
        for n, place in enumerate((0, 1, 8, 9)):
            totals[n] += int(fields[place])
    return dict(zip((f"network_{name}" for name in NETWORK), totals, strict=True)) if lines else {}
