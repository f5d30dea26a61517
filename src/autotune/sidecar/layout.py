"""Where control groups can be made here: version 1, version 2, both or none."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import NamedTuple

_V1 = ("cpuacct", "memory", "pids", "freezer")
"""Controllers of version 1 that measure, limit or end a sample."""


class Place(NamedTuple):
    """A hierarchy: the group that this process is in, and the one that new groups are made in.

    `controller` is empty for version 2.
    """

    controller: str
    home: str
    parent: str


class Layout(NamedTuple):
    """The hierarchies in use; `kind` is v1, v2, hybrid (both) or none.

    `quotas` are the groups, from this process's own upwards, whose CPU quota can slow a sample down.
    """

    kind: str
    places: tuple[Place, ...]
    quotas: tuple[str, ...] = ()


def find(allowed: str = "auto", proc: str = "/proc") -> Layout:
    """The layout of this machine as far as this process may write to it.

    `allowed` leaves out what it does not name: auto, v1, v2 or none. `proc` is where /proc is found.
    """
    own = _own_groups(proc)
    v1: dict[str, Place] = {}
    v2: list[Place] = []
    quotas: list[str] = []
    for kind, root, mount, options in mounts(proc):
        if kind == "cgroup2" and allowed in {"auto", "v2"}:
            home = _folder(mount, root, own.get("", "/"))
            v2 += [Place("", home, _parent(mount, home))]
        if kind == "cgroup2" or "cpu" in options:
            quotas += _upwards(mount, _folder(mount, root, own.get("cpu" if kind == "cgroup" else "", "/")))
        if kind == "cgroup" and allowed in {"auto", "v1"}:
            for controller in set(_V1) & set(options):
                home = _folder(mount, root, own.get(controller, "/"))
                v1[controller] = Place(controller, home, home)
    second = [place for place in v2 if _writable(place)][:1]
    first = [v1[name] for name in _V1 if name in v1 and _writable(v1[name])]
    if second:
        # Version 2 counts CPU time and ends groups by itself; every hierarchy more costs each sample time.
        first = [place for place in first if place.controller in {"memory", "pids"}]
    names = {(True, True): "hybrid", (True, False): "v1", (False, True): "v2", (False, False): "none"}
    return Layout(names[bool(first), bool(second)], (*second, *first), tuple(quotas))


def managers(proc: str = "/proc") -> list[str]:
    """Mount points of the hierarchies by which service managers end services: version 2, and systemd's."""
    kinds = ((kind, mount, options) for kind, _, mount, options in mounts(proc))
    return [mount for kind, mount, options in kinds if kind == "cgroup2" or "name=systemd" in options]


def _own_groups(proc: str) -> dict[str, str]:
    """The path of this process's group by controller; the empty name is version 2's."""
    lines = (line.split(":", 2) for line in _lines(f"{proc}/self/cgroup"))
    return {name: path for _, controllers, path in lines for name in controllers.split(",")}


def mounts(proc: str) -> Iterator[tuple[str, str, str, list[str]]]:
    """Type, root, mount point and options of each mounted hierarchy, as proc(5) has them in mountinfo."""
    for line in _lines(f"{proc}/self/mountinfo"):
        before, _, after = line.partition(" - ")
        fields, kind = before.split(), after.split()
        if kind and kind[0].startswith("cgroup"):
            yield kind[0], fields[3], fields[4], kind[-1].split(",")


def _folder(mount: str, root: str, path: str) -> str:
    """The folder of group `path` in a hierarchy of which `mount` shows what lies below `root`."""
    inside = path.removeprefix(root) if root != "/" else path
    return f"{mount}/{inside.strip('/')}".rstrip("/")


def _parent(mount: str, home: str) -> str:
    """The nearest group that gives its children the memory controller; `home` where none does.

    A group with processes in it cannot give controllers to its children, so siblings are made then: they
    stay below the same limits.
    """
    for folder in _upwards(mount, home):
        given = " ".join(_lines(f"{folder}/cgroup.subtree_control")).split()
        if "memory" in given and os.access(folder, os.W_OK | os.X_OK):
            return folder
    return home


def _upwards(mount: str, folder: str) -> Iterator[str]:
    """`folder` and what it lies in, up to the mount point."""
    while folder.startswith(mount):
        yield folder
        folder = os.path.dirname(folder)  # noqa: PTH120  pathlib would add to the launcher's own memory


def _writable(place: Place) -> bool:
    procs = f"{place.home}/cgroup.procs"
    return os.access(place.parent, os.W_OK | os.X_OK) and os.access(procs, os.W_OK)


def _lines(path: str) -> list[str]:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:  # noqa: PTH123  as above
            return file.read().splitlines()
    except OSError:
        return []
