import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autotune.sidecar import layout, processes
from autotune.sidecar.figures import Figures
from autotune.sidecar.group import Group, StuckError, own_name, sweep

KINDS = [kind for kind in ("v1", "v2", "auto") if layout.find(kind).places]


@pytest.fixture(params=KINDS)
def places(request: pytest.FixtureRequest) -> layout.Layout:
    """Each layout that this machine has."""
    return layout.find(request.param)


@pytest.fixture
def group(places: layout.Layout) -> Iterator[Group]:
    """A group that is gone afterwards."""
    made = Group(places, f"autotune-test-{uuid.uuid4()}")
    made.make()
    yield made
    made.kill()
    made.remove()


def held(group: Group, *argv: str) -> subprocess.Popen[bytes]:
    """A process inside."""
    with group.entered():
        return subprocess.Popen(argv, stdout=subprocess.PIPE)


def test_process_is_inside_and_this_one_is_not(group: Group) -> None:
    before = Path("/proc/self/cgroup").read_text()
    with held(group, "sleep", "60") as child:
        inside = Path(f"/proc/{child.pid}/cgroup").read_text()
        assert inside.count("autotune-test-") == len(group.folders)
        assert Path("/proc/self/cgroup").read_text() == before
        assert group.members() == [child.pid]
        assert group.stray_s > 0
        group.kill()


def test_list_of_pids_follows_what_happens_inside(group: Group) -> None:
    figures = Figures(group.folders)
    with held(group, "sleep", "60") as first:
        assert figures.pids() == [first.pid]
        with held(group, "sleep", "60") as second:
            assert sorted(figures.pids() or ()) == sorted([first.pid, second.pid])
            second.kill()
            second.wait()
        assert figures.pids() == [first.pid]
        first.kill()
    figures.close()


def test_kill_ends_a_tree_that_left_its_session(group: Group) -> None:
    script = "setsid sleep 300 & (setsid sleep 300 &) ; sleep 300 & echo up; wait"
    with held(group, "sh", "-c", script) as child:
        assert child.stdout is not None
        child.stdout.readline()
        assert len(group.members()) >= 4
        group.kill()
        assert child.wait() == -signal.SIGKILL
    assert group.remove() == []
    assert not any(Path(folder).exists() for folder in group.folders.values())


def test_kill_outruns_a_tree_that_goes_on_forking(group: Group) -> None:
    forks = (
        "import os, time\nprint(flush=True)\nwhile True:\n    if os.fork(): os._exit(0)\n    time.sleep(.001)"
    )
    with held(group, sys.executable, "-c", forks) as child:
        assert child.stdout is not None
        child.stdout.readline()
        group.kill()
        assert group.remove() == []


def test_group_is_removed_once_and_again(group: Group) -> None:
    assert group.remove() == []
    assert group.remove() == []


def test_failing_make_leaves_nothing(tmp_path: Path) -> None:
    good, bad = tmp_path / "a", tmp_path / "missing"
    good.mkdir()
    places = tuple(layout.Place(name, str(home), str(home)) for name, home in (("a", good), ("b", bad)))
    with pytest.raises(FileNotFoundError):
        Group(layout.Layout("v1", places), "autotune-x").make()
    assert list(good.iterdir()) == []


def test_one_that_cannot_get_out_again_says_so(tmp_path: Path) -> None:
    inside = tmp_path / "autotune-x"
    inside.mkdir()
    (inside / "cgroup.procs").write_text("")
    place = layout.Place("", str(tmp_path / "gone"), str(tmp_path))
    group = Group(layout.Layout("v2", (place,)), "autotune-x")
    with pytest.raises(StuckError), group.entered():
        pass


def test_limits_of_version_2_are_written(tmp_path: Path) -> None:
    (tmp_path / "autotune-x").mkdir()
    for name in ("memory.max", "memory.swap.max", "pids.max"):
        (tmp_path / "autotune-x" / name).touch()
    group = Group(layout.Layout("v2", (layout.Place("", str(tmp_path), str(tmp_path)),)), "autotune-x")
    assert group.limit(memory=1 << 20, pids=64) == ""
    content = {path.name: path.read_text() for path in (tmp_path / "autotune-x").iterdir()}
    assert content == {"memory.max": "1048576", "memory.swap.max": "0", "pids.max": "64"}


def test_limit_without_its_controller_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "autotune-x").mkdir()
    group = Group(layout.Layout("v2", (layout.Place("", str(tmp_path), str(tmp_path)),)), "autotune-x")
    assert "memory cannot be limited" in group.limit(memory=1, pids=None)
    assert "pids cannot be limited" in group.limit(memory=None, pids=1)


def abandoned(places: layout.Layout, name: str) -> tuple[Group, subprocess.Popen[bytes]]:
    """A group with a process in it, as a dead launcher leaves it."""
    group = Group(places, name)
    group.make()
    return group, held(group, "sleep", "300")


def test_sweep_ends_what_a_dead_launcher_left(places: layout.Layout) -> None:
    with subprocess.Popen(["true"]) as dead:
        dead.wait()
    _, _, _, _, namespace = own_name(0).split("-")
    group, child = abandoned(places, f"autotune-{dead.pid}-0-1-{namespace}")
    with child:
        assert sweep(places) == []
        assert child.wait() == -signal.SIGKILL
    assert not any(Path(folder).exists() for folder in group.folders.values())


@pytest.mark.parametrize("whose", ["living", "another namespace", "somebody"])
def test_sweep_spares_what_is_not_a_dead_launchers(places: layout.Layout, whose: str) -> None:
    names = {
        "living": own_name(99),
        "another namespace": "autotune-999999-0-1-1",
        "somebody": "autotune-of-mine",
    }
    group, child = abandoned(places, names[whose])
    with child:
        sweep(places)
        assert child.poll() is None
        group.kill()
    assert group.remove() == []


def test_pid_that_was_used_again_does_not_hide_a_leftover() -> None:
    name = own_name(3)
    assert name.startswith(f"autotune-{os.getpid()}-3-{processes.start_time(os.getpid())}-")


def test_killing_without_kill_file_and_freezer_goes_one_by_one(
    group: Group, make_plain: Callable[[Group], Group]
) -> None:
    with held(group, "sleep", "300") as child:
        make_plain(group).kill()
        assert child.wait() == -signal.SIGKILL


@pytest.fixture
def make_plain() -> Callable[[Group], Group]:
    """The same group as a kernel would have it that can neither freeze nor kill groups."""

    def plain(group: Group) -> Group:
        first = next(iter(group.folders.values()))
        made = Group(layout.Layout("v1", ()), "x")
        made.folders = {"cpuacct": first}
        return made

    return plain
