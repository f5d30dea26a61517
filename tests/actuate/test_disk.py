"""`{disk}` in a path of sysfs is the block device that a folder lies on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autotune.actuate.disk import disk_of
from autotune.actuate.sysfs import Sysfs
from autotune.core.errors import WorkloadError
from autotune.model.space import Apply

QUEUE = "block/{disk}/queue/read_ahead_kb"


@pytest.fixture
def sys_of(tmp_path: Path):
    """A /sys where the device of `tmp_path` is a partition of `nvme0n1`, or that disk itself."""

    def make(*, partition: bool) -> Path:
        number = tmp_path.stat().st_dev
        disk = tmp_path / "sys/devices/pci/block/nvme0n1"
        device = disk / "nvme0n1p2" if partition else disk
        device.mkdir(parents=True)
        (disk / "queue").mkdir()
        if partition:
            (device / "partition").write_text("2\n")
        link = tmp_path / f"sys/dev/block/{os.major(number)}:{os.minor(number)}"
        link.parent.mkdir(parents=True)
        link.symlink_to(device)
        return tmp_path / "sys"

    return make


@pytest.mark.parametrize("partition", [True, False])
def test_the_queue_of_a_partition_is_that_of_its_disk(tmp_path, sys_of, partition) -> None:
    if os.major(tmp_path.stat().st_dev) == 0:
        pytest.skip("temporary files lie on no disk here")
    sys = sys_of(partition=partition)
    assert disk_of(tmp_path, sys) == "nvme0n1"
    settled = Sysfs(sys).settled(Apply(actuator="sysfs", options={"name": QUEUE, "of": "."}), tmp_path)
    assert settled.options == {"name": "block/nvme0n1/queue/read_ahead_kb"}


@pytest.mark.parametrize(
    ("folder", "message"),
    [
        ("/proc", "/proc lies on no disk of its own .file system proc"),
        ("/nowhere", "/nowhere cannot be told"),
    ],
)
def test_a_folder_on_no_disk_is_named_with_its_file_system(folder, message) -> None:
    with pytest.raises(WorkloadError, match=message):
        disk_of(Path(folder))


@pytest.mark.parametrize(
    ("options", "fine"),
    [
        ({"name": QUEUE, "of": "/var/tmp"}, True),
        ({"name": QUEUE}, False),
        ({"name": "block/vda/queue/read_ahead_kb", "of": "/var/tmp"}, False),
        ({"name": "block/{disk}/device/delete", "of": "/var/tmp"}, False),
    ],
)
def test_the_disk_and_its_folder_go_together(parameter, workload, options, fine) -> None:
    one = parameter("p", "sysfs", options=options)
    assert (Sysfs().problem(one, workload(one)) == "") is fine
