"""Version 1 is real here; version 2 is a tree of files that is called so, since no machine has all."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autotune.actuate.cgroup import Cgroup
from autotune.core.errors import WorkloadError
from autotune.model.space import Apply
from autotune.model.target import Target
from autotune.sidecar import layout
from autotune.sidecar.means import cgroup as means

ROOT = Path("/sys/fs/cgroup")
GROUP = f"autotune-test-{os.getpid()}"


def apply(attribute: str, group: str = GROUP, **more: str) -> Apply:
    return Apply(actuator="cgroup", options={"name": group, "attribute": attribute, **more})


def first_version() -> dict[str, str]:
    """Mount point by controller of version 1 on this machine."""
    found = [(mount, options) for kind, _, mount, options in layout.mounts("/proc") if kind == "cgroup"]
    return {name: mount for mount, options in found for name in options}


@pytest.fixture
def group() -> Iterator[None]:
    """A group of our own in each hierarchy of version 1."""
    wanted = ("cpu", "cpuset", "memory", "pids", "blkio")
    folders = [Path(first_version()[name], GROUP) for name in wanted if name in first_version()]
    if len(folders) < len(wanted):
        pytest.skip("this machine has no control groups of version 1 for all of them")
    for folder in folders:
        folder.mkdir()
    yield
    for folder in folders:
        folder.rmdir()


@pytest.fixture
def second(tmp_path: Path) -> Callable[..., str]:
    """A fake /proc with a hierarchy of version 2 that holds the given files of one group."""

    def make(**files: str) -> str:
        (tmp_path / "proc/self").mkdir(parents=True)
        mount = tmp_path / "cg"
        (mount / GROUP).mkdir(parents=True)
        (tmp_path / "proc/self/mountinfo").write_text(f"30 25 0:26 / {mount} rw - cgroup2 cgroup rw\n")
        for name, text in files.items():
            (mount / GROUP / name.replace("_", ".")).write_text(text)
        return str(tmp_path / "proc")

    return make


def target(attribute: str, proc: str = "/proc", **more: str) -> Target:
    return Cgroup(proc).target(apply(attribute, **more), Path("/"))


@pytest.mark.needs("root")
@pytest.mark.usefixtures("group")
@pytest.mark.parametrize(
    ("attribute", "before", "value", "file", "text"),
    [
        ("cpu.weight", "100", "200", "cpu/cpu.shares", "2048"),
        ("cpu.weight", "100", "1", "cpu/cpu.shares", "10"),
        ("cpu.weight", "100", "10000", "cpu/cpu.shares", "102400"),
        ("cpu.max", "max 100000", "50000 100000", "cpu/cpu.cfs_quota_us", "50000"),
        ("cpu.max", "max 100000", "5000 20000", "cpu/cpu.cfs_period_us", "20000"),
        ("memory.max", "max", str(64 << 20), "memory/memory.limit_in_bytes", str(64 << 20)),
        ("pids.max", "max", "64", "pids/pids.max", "64"),
        ("cpuset.cpus", "", "0", "cpuset/cpuset.cpus", "0"),
    ],
)
def test_words_of_version_2_reach_version_1_and_come_back(attribute, before, value, file, text) -> None:
    place = target(attribute).address
    assert means.read(place) == before
    means.write(place, value)
    assert means.read(place) == value
    controller, name = file.split("/")
    assert Path(first_version()[controller], GROUP, name).read_text().strip() == text
    means.write(place, before)
    assert means.read(place) == before


@pytest.mark.needs("root")
@pytest.mark.usefixtures("group")
def test_shares_that_no_weight_means_come_back_to_the_last_bit() -> None:
    place, shares = target("cpu.weight").address, Path(first_version()["cpu"], GROUP, "cpu.shares")
    shares.write_text("1000")
    before = means.read(place)
    assert before == "cpu.shares=1000"
    means.write(place, "300")
    means.write(place, before)
    assert shares.read_text() == "1000\n"


@pytest.mark.needs("root")
@pytest.mark.usefixtures("group")
def test_limits_of_one_device_are_read_and_written_whole() -> None:
    device = Path("/").stat().st_dev
    number = f"{os.major(device)}:{os.minor(device) & ~15}"
    one = apply("io.max", device=number)
    place = Cgroup().target(one, Path("/")).address
    nothing = "rbps=max wbps=max riops=max wiops=max"
    assert means.read(place) == nothing
    text = Cgroup().text(one, "wbps=1048576")
    assert text == "rbps=max wbps=1048576 riops=max wiops=max"
    means.write(place, text)
    assert means.read(place) == text
    means.write(place, nothing)
    assert means.read(place) == nothing


@pytest.mark.needs("root")
@pytest.mark.usefixtures("group")
def test_a_limit_of_memory_below_the_present_use_is_refused_and_nothing_changes() -> None:
    place = target("memory.max").address
    folder = Path(first_version()["memory"], GROUP)
    balloon_of = "x = b'x' * (30 << 20); print(1, flush=True); input()"
    script = f'echo $$ > {folder}/cgroup.procs; exec python3 -c "{balloon_of}"'
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(["sh", "-c", script], **pipes) as balloon:
        assert balloon.stdout
        assert balloon.stdout.readline()
        with pytest.raises(OSError, match="less than the"):
            means.write(place, str(8 << 20))
        assert means.read(place) == "max"
        balloon.kill()


@pytest.mark.needs("root")
@pytest.mark.usefixtures("group")
def test_of_two_files_the_first_is_put_back_where_the_second_is_refused() -> None:
    place = target("cpu.max").address
    with pytest.raises(OSError, match="Invalid"):
        means.write(place, "1 50000")
    assert means.read(place) == "max 100000"


@pytest.mark.needs("root")
def test_a_group_that_is_gone_has_no_value_and_made_again_is_another() -> None:
    folder = Path(first_version().get("pids", "/none"), GROUP)
    if not folder.parent.is_dir():
        pytest.skip("no pids controller of version 1")
    folder.mkdir()
    place = target("pids.max").address
    first = means.identity(place)
    folder.rmdir()
    assert means.read(place) is None
    folder.mkdir()
    assert means.identity(place) != first
    folder.rmdir()


@pytest.mark.parametrize(
    ("attribute", "there", "value", "more"),
    [
        ("cpu.weight", "9\n", "100", {}),
        ("cpu.max", "max 9\n", "50000 100000", {}),
        ("memory.max", "max\n", "8192", {}),
        ("io.weight", "default 1\n", "100", {}),
        ("io.max", "", "rbps=1 wbps=max riops=max wiops=max", {"device": "8:0"}),
    ],
)
def test_version_2_is_written_in_its_own_words(second, attribute, there, value, more) -> None:
    use = {"memory.current": "4096\n"}
    place = target(attribute, second(**{attribute: there, **use}), **more).address
    assert place["version"] == 2
    means.write(place, value)
    assert means.read(place) == value


def test_version_2_refuses_a_limit_below_the_present_use(second) -> None:
    place = target("memory.max", second(memory_max="max\n", memory_current="8192\n")).address
    with pytest.raises(OSError, match="4096 bytes are less than the 8192"):
        means.write(place, "4096")


def test_lines_of_other_devices_are_not_looked_at(second) -> None:
    text = "8:16 rbps=7 wbps=max riops=max wiops=max\n8:0 rbps=9 wbps=max riops=max wiops=max\n"
    place = target("io.max", second(io_max=text), device="8:0").address
    assert means.read(place) == "rbps=9 wbps=max riops=max wiops=max"


def test_what_no_hierarchy_has_is_told_with_the_reason(second) -> None:
    proc = second(cpu_weight="100\n")
    with pytest.raises(WorkloadError, match=r"cgroup\.subtree_control"):
        target("memory.high", proc)
    with pytest.raises(WorkloadError, match="no group of that name"):
        Cgroup(proc).target(apply("cpu.weight", "other.slice"), Path("/"))


def test_values_are_written_as_the_kernel_gives_them_back() -> None:
    assert Cgroup().text(apply("memory.max"), 10_000_000) == "9998336"
    assert Cgroup().text(apply("memory.max"), None) == "max"
    assert Cgroup().text(apply("cpu.max"), 50_000) == "50000 100000"
    assert Cgroup().text(apply("cpu.max"), None) == "max 100000"
    assert Cgroup().value(apply("cpu.max"), "50000 100000", like=1) == 50_000
    assert Cgroup().text(apply("cpuset.cpus"), "1,0") == "0-1"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"name": "a"}, "needs the option 'attribute'"),
        ({"name": "a", "attribute": "cpu.wieght"}, "Did you mean 'cpu.weight'?"),
        ({"name": "", "attribute": "cpu.weight"}, "is no group below the root"),
        ({"name": "a/../..", "attribute": "cpu.weight"}, "is no group below the root"),
        ({"name": "a", "attribute": "io.max"}, "needs the option device"),
        ({"name": "a", "attribute": "cpu.weight", "device": "8:0"}, "which is for io.max"),
    ],
)
def test_what_makes_no_sense_is_told_before_anything_runs(parameter, workload, options, message) -> None:
    one = parameter("p", "cgroup", options=options)
    assert message in Cgroup().problem(one, workload(one))
