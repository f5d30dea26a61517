"""The control group of one command, from its making to its removal."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache

from autotune.sidecar import processes
from autotune.sidecar.layout import Layout, Place

_NAME = re.compile(r"autotune-(\d+)-(\d+)-(\d+)-(\d+)")
_PATIENCE_S = 2.0
"""How long a killed group may take to become empty; the kernel needs milliseconds."""


class StuckError(Exception):
    """This process cannot get out of the group that it stepped into; it must not start anything more."""


class Group:
    """A group in each hierarchy of the layout; `folders` maps the controller ("": version 2) to its place."""

    def __init__(self, layout: Layout, name: str) -> None:
        self._places = layout.places
        self.folders = {place.controller: f"{place.parent}/{name}" for place in layout.places}
        self.stray_s = 0.0

    def make(self) -> None:
        """Makes the folders; raises OSError, with nothing left, where one cannot be made."""
        made: list[str] = []
        try:
            for folder in dict.fromkeys(self.folders.values()):
                os.mkdir(folder)  # noqa: PTH102  pathlib would add to the launcher's own memory
                made.append(folder)
        except OSError:
            for folder in made:
                os.rmdir(folder)  # noqa: PTH106  as above
            raise

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Holds this process inside, so that what it starts is inside from its first instruction on.

        `stray_s` is then the CPU time that this process itself spent there. Raises OSError where it may not
        go in, StuckError where it cannot get out again.
        """
        inside = time.thread_time()
        entered: list[Place] = []
        try:
            for place in self._places:
                _write(f"{self.folders[place.controller]}/cgroup.procs", b"0")
                if not entered:  # the first hierarchy is the one that counts CPU time
                    inside = time.thread_time()
                entered.append(place)
            yield
        finally:
            try:
                for number, place in enumerate(entered):
                    _write(f"{place.home}/cgroup.procs", b"0")
                    if number == 0:
                        self.stray_s = time.thread_time() - inside
            except OSError as error:
                raise StuckError from error

    def limit(self, *, memory: int | None, pids: int | None) -> str:
        """Bounds memory (bytes) and the number of processes; why it cannot, as a sentence, else empty."""
        try:
            if memory is not None:
                self._limit_memory(memory)
            if pids is not None:
                _write(f"{self._folder('pids')}/pids.max", str(pids).encode())
        except KeyError as error:
            return f"{error.args[0]} cannot be limited: its control-group controller is not available here"
        except OSError as error:
            return f"the control group does not take the limit: {error.strerror}"
        return ""

    def _limit_memory(self, size: int) -> None:
        folder, text = self._folder("memory"), str(size).encode()
        if "memory" not in self.folders:
            _write(f"{folder}/memory.max", text)
            swap, bound = f"{folder}/memory.swap.max", b"0"
        else:
            _write(f"{folder}/memory.limit_in_bytes", text)
            swap, bound = f"{folder}/memory.memsw.limit_in_bytes", text
        with suppress(OSError):  # a kernel that does not account for swap has no such file
            _write(swap, bound)

    def _folder(self, controller: str) -> str:
        """Where the controller's files are; raises KeyError where it is not in use."""
        if controller in self.folders:
            return self.folders[controller]
        second = self.folders.get("", "")
        if second and os.path.exists(f"{second}/{controller}.max"):  # noqa: PTH110  as above
            return second
        raise KeyError(controller)

    def members(self) -> list[int]:
        """Pids inside, of every hierarchy."""
        lists = (processes.read(f"{folder}/cgroup.procs").split() for folder in self.folders.values())
        return sorted({int(pid) for listed in lists for pid in listed} - {os.getpid()})

    def kill(self) -> None:
        """Kills all inside: at once by cgroup.kill, else frozen, killed and thawed, else one by one."""
        with suppress(KeyError, OSError):
            _write(f"{self.folders['']}/cgroup.kill", b"1")
            return
        freezer = self.folders.get("freezer")
        state = f"{freezer}/freezer.state" if freezer else ""
        if state:
            _set(state, b"FROZEN")
        for pid in self.members():
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        if state:
            _set(state, b"THAWED")

    def remove(self) -> list[int]:
        """Removes the folders when they are empty; pids still inside after two seconds of killing."""
        give_up = time.monotonic() + _PATIENCE_S
        while not self._removed():
            if time.monotonic() > give_up:
                return self.members()
            if self.members():
                self.kill()
            time.sleep(0.0005)
        return []

    def _removed(self) -> bool:
        for folder in self.folders.values():
            try:
                os.rmdir(folder)  # noqa: PTH106  as above
            except FileNotFoundError:
                continue
            except OSError:
                return False
        return True


def own_name(number: int) -> str:
    """The name of this process's group `number`; it tells whose it is even when pids are used again."""
    pid = os.getpid()
    start_time, namespace = _identity(pid)
    return f"autotune-{pid}-{number}-{start_time}-{namespace}"


@lru_cache(maxsize=1)
def _identity(pid: int) -> tuple[int, int]:
    """What tells this process, `pid`, from an earlier one of that number."""
    return processes.start_time(pid), _namespace()


def sweep(layout: Layout) -> list[int]:
    """Ends and removes the groups that dead launchers left behind; pids that would not end."""
    left: list[int] = []
    for name in sorted({name for place in layout.places for name in _abandoned(place)}):
        group = Group(layout, name)
        group.kill()
        left += group.remove()
    return left


def _abandoned(place: Place) -> Iterator[str]:
    """Names of groups whose launcher is dead; those of another pid namespace cannot be told, and stay."""
    with suppress(OSError):
        for name in os.listdir(place.parent):  # noqa: PTH208  as above
            match = _NAME.fullmatch(name)
            if (
                match
                and int(match[4]) == _namespace()
                and processes.start_time(int(match[1])) != int(match[3])
            ):
                yield name


def _namespace() -> int:
    try:
        return os.stat("/proc/self/ns/pid").st_ino  # noqa: PTH116  as above
    except OSError:
        return 0


def _set(path: str, value: bytes) -> None:
    """Writes until the kernel says so: freezing takes a moment."""
    for _ in range(100):
        with suppress(OSError):
            _write(path, value)
        if processes.read(path).strip() == value:
            return
        time.sleep(0.001)


def _write(path: str, value: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(descriptor, value)
    finally:
        os.close(descriptor)
