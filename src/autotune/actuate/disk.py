"""The block device that a folder lies on, by its name below /sys/block."""

from __future__ import annotations

import os
from pathlib import Path

from autotune.core.errors import WorkloadError


def disk_of(folder: Path, sys: Path = Path("/sys")) -> str:
    """Name of the whole device (`vda`, `nvme0n1`, `dm-0`) whose queue serves the files of `folder`.

    Raises WorkloadError, saying what is there instead, where a file system is on no single device.
    """
    try:
        number = folder.stat().st_dev
    except OSError as error:
        raise WorkloadError(f"the disk below {folder} cannot be told: {error.strerror}.") from error
    major, minor = os.major(number), os.minor(number)
    device = (sys / "dev/block" / f"{major}:{minor}").resolve()
    # A partition has no queue of its own: that of its device serves it.
    device = device.parent if (device / "partition").is_file() else device
    if major == 0 or not (device / "queue").is_dir():
        raise WorkloadError(
            f"{folder} lies on no disk of its own ({_kind(major, minor)}, device {major}:{minor}). Name a "
            f"folder that does (`findmnt -T {folder}`, `lsblk`), or the device: block/sda/queue/..."
        )
    return device.name


def _kind(major: int, minor: int, mounts: Path = Path("/proc/self/mountinfo")) -> str:
    """The type of the file system with that device number, such as `tmpfs`."""
    for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
        fields, _, rest = line.partition(" - ")
        if fields.split()[2] == f"{major}:{minor}":
            return f"file system {rest.split()[0]}"
    return "its file system is not on a block device"
