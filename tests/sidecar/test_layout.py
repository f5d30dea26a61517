"""Layouts are read from fake /proc and control-group trees: no machine has all of them."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from autotune.sidecar import layout
from autotune.sidecar.layout import Place

Tree = Callable[..., str]
V1 = ("cpuacct", "memory", "pids", "freezer", "cpu")


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """A fake /proc whose mounts lead to fake hierarchies below the test's folder."""

    def make(mounts: list[tuple[str, str, str, str]], groups: str, files: dict[str, str]) -> str:
        self = tmp_path / "proc" / "self"
        self.mkdir(parents=True)
        lines = [
            f"30 25 0:26 {root} {tmp_path / mount} rw,relatime - {kind} cgroup rw,{options}"
            for kind, root, mount, options in mounts
        ]
        (self / "mountinfo").write_text("\n".join(["1 0 8:1 / / rw - ext4 /dev/vda rw", *lines]))
        (self / "cgroup").write_text(groups)
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        return str(tmp_path / "proc")

    return make


def v1_mounts(root: str = "/") -> list[tuple[str, str, str, str]]:
    return [("cgroup", root, f"cg/{name}", name) for name in V1]


def test_machine_without_control_groups_has_none(tree: Tree) -> None:
    assert layout.find(proc=tree([], "", {})) == layout.Layout("none", ())
    assert layout.find(proc="/no/such/place").kind == "none"


def test_version_1_groups_lie_below_the_own_one(tree: Tree, tmp_path: Path) -> None:
    groups = "4:memory:/a/b\n3:cpuacct:/\n2:pids:/a\n1:freezer:/\n5:cpu:/q\n"
    places = ("memory/a/b", "cpuacct", "pids/a", "freezer", "cpu/q")
    found = layout.find(proc=tree(v1_mounts(), groups, {f"cg/{place}/cgroup.procs": "" for place in places}))
    assert found.kind == "v1"
    memory = str(tmp_path / "cg/memory/a/b")
    assert Place("memory", memory, memory) in found.places
    assert found.places[0].controller == "cpuacct"
    assert found.quotas == (str(tmp_path / "cg/cpu/q"), str(tmp_path / "cg/cpu"))


def test_container_sees_its_groups_from_its_own_root(tree: Tree, tmp_path: Path) -> None:
    groups = "".join(f"{n}:{name}:/docker/c1/inner\n" for n, name in enumerate(V1))
    files = {f"cg/{name}/inner/cgroup.procs": "" for name in V1}
    found = layout.find(proc=tree(v1_mounts("/docker/c1"), groups, files))
    assert {place.home for place in found.places} == {str(tmp_path / f"cg/{name}/inner") for name in V1[:4]}


def test_hybrid_leaves_cpu_and_killing_to_version_2(tree: Tree, tmp_path: Path) -> None:
    mounts = [*v1_mounts(), ("cgroup2", "/", "cg/unified", "nsdelegate")]
    groups = "0::/\n" + "".join(f"{n}:{name}:/\n" for n, name in enumerate(V1, 1))
    files = {f"cg/{name}/cgroup.procs": "" for name in (*V1, "unified")}
    proc = tree(mounts, groups, files)
    found = layout.find(proc=proc)
    assert found.kind == "hybrid"
    assert [place.controller for place in found.places] == ["", "memory", "pids"]
    assert found.places[0].parent == str(tmp_path / "cg/unified")
    assert layout.find("v1", proc).kind == "v1"
    assert layout.find("v2", proc).kind == "v2"
    assert layout.find("none", proc).kind == "none"


def test_version_2_takes_the_nearest_parent_that_gives_memory(tree: Tree, tmp_path: Path) -> None:
    files = {
        "cg/user.slice/u0.slice/s1.scope/cgroup.procs": "",
        "cg/user.slice/u0.slice/s1.scope/cgroup.subtree_control": "",
        "cg/user.slice/u0.slice/cgroup.subtree_control": "memory pids\n",
        "cg/user.slice/cgroup.subtree_control": "cpu io memory pids\n",
    }
    mounts = [("cgroup2", "/", "cg", "nsdelegate")]
    found = layout.find(proc=tree(mounts, "0::/user.slice/u0.slice/s1.scope\n", files))
    slice_ = tmp_path / "cg/user.slice/u0.slice"
    assert found == layout.Layout(
        "v2",
        (Place("", str(slice_ / "s1.scope"), str(slice_)),),
        tuple(map(str, (slice_ / "s1.scope", slice_, tmp_path / "cg/user.slice", tmp_path / "cg"))),
    )


def test_hierarchy_that_may_not_be_written_is_not_used(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    groups = "".join(f"{n}:{name}:/\n" for n, name in enumerate(V1))
    proc = tree(v1_mounts(), groups, {f"cg/{name}/cgroup.procs": "" for name in V1})
    allowed = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: "memory" not in str(path) and allowed(path, mode))
    assert [place.controller for place in layout.find(proc=proc).places] == ["cpuacct", "pids", "freezer"]
