"""What the files of a control group say, in version 1's and version 2's spelling."""

from __future__ import annotations

from collections.abc import Mapping

from autotune.sidecar.descriptors import Descriptors

PRESSURES = ("cpu", "memory", "io")


class Figures:
    """Readings of the group whose `folders` map controllers ("": version 2) to places.

    Every answer is None where this machine has no file for it.
    """

    def __init__(self, folders: Mapping[str, str]) -> None:
        self._second = folders.get("", "")
        self._folders = folders
        self._files = Descriptors()

    def close(self) -> None:
        """Closes the files."""
        self._files.close()

    def cpu(self) -> tuple[float, float] | None:
        """CPU seconds so far, user and system."""
        if self._second:
            user, system = self._fields(f"{self._second}/cpu.stat", b"user_usec", b"system_usec")
            return None if user is None or system is None else (user / 1e6, system / 1e6)
        folder = self._folders.get("cpuacct", "")
        total = self._number(f"{folder}/cpuacct.usage") if folder else None
        if total is None:
            return None
        # The sum is exact, its halves are counted in ticks: they only say how to split it.
        user, system = (ticks or 0 for ticks in self._fields(f"{folder}/cpuacct.stat", b"user", b"system"))
        share = user / (user + system) if user + system else 0.5
        return total * share / 1e9, total * (1 - share) / 1e9

    def anonymous(self) -> int | None:
        """Bytes of memory that cannot be dropped: anonymous and shared, without page cache."""
        if folder := self._folders.get("memory", ""):
            found = self._fields(f"{folder}/memory.stat", b"total_rss", b"total_shmem")
        else:
            found = self._fields(f"{self._second}/memory.stat", b"anon", b"shmem")
        return None if found[0] is None else found[0] + (found[1] or 0)

    def peak_with_cache(self) -> int | None:
        """The most bytes that were charged to the group at once, page cache included."""
        if folder := self._folders.get("memory", ""):
            return self._number(f"{folder}/memory.max_usage_in_bytes")
        return self._number(f"{self._second}/memory.peak")

    def oom_kills(self) -> int:
        """How many processes of the group the kernel killed because memory ran out."""
        if folder := self._folders.get("memory", ""):
            path = f"{folder}/memory.oom_control"
        else:
            path = f"{self._second}/memory.events"
        return self._fields(path, b"oom_kill")[0] or 0

    def processes(self) -> int | None:
        """How many tasks are inside now."""
        return self._number(f"{self._folders.get('pids', self._second)}/pids.current")

    def peak_processes(self) -> int | None:
        """The most tasks that were inside at once."""
        return self._number(f"{self._folders.get('pids', self._second)}/pids.peak")

    def pids(self) -> list[int] | None:
        """Pids inside."""
        path = f"{next(iter(self._folders.values()))}/cgroup.procs"
        if not self._second:
            # Version 1 makes the list when the file is opened, and goes on showing it to those who stay.
            self._files.forget(path)
        listed = self._files.read(path)
        return None if listed is None else [int(pid) for pid in listed.split()]

    def pressure(self) -> dict[str, float]:
        """Seconds for which some or all of the group stood waiting, as `cpu_some`; empty where unknown."""
        if not self._second:
            return {}
        return pressure(self._files, self._second + "/{}.pressure")

    def _fields(self, path: str, *names: bytes) -> list[int | None]:
        """The numbers behind these names, None for one that is not there; the rest is not even split."""
        text = b"\n" + (self._files.read(path) or b"")
        found: list[int | None] = []
        for name in names:
            _, known, rest = text.partition(b"\n" + name + b" ")
            found.append(int(rest.partition(b"\n")[0]) if known else None)
        return found

    def _number(self, path: str) -> int | None:
        text = (self._files.read(path) or b"").strip()
        return int(text) if text.isdigit() else None


def pressure(files: Descriptors, pattern: str) -> dict[str, float]:
    """Stall seconds (`cpu_some`, `io_full`) from the files that `pattern` names for cpu, memory, io."""
    found = {}
    for name in PRESSURES:
        for line in (files.read(pattern.format(name)) or b"").splitlines():
            kind, _, total = line.partition(b" ")
            total = total.rpartition(b"total=")[2]
            if total.isdigit():
                found[f"{name}_{kind.decode()}"] = int(total) / 1e6
    return found
