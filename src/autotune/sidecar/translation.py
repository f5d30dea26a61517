"""Attributes of control groups of version 2, as the files of version 1 say them.

SOURCE of the weights: the kernel's own cpu.weight of version 2 over the same scheduler
(sched_weight_from_cgroup and sched_weight_to_cgroup in kernel/sched/sched.h): shares = weight * 1024 / 100,
rounded to the nearest; 100 is 1024.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping
from typing import Any, NamedTuple

_NO_LIMIT = 1 << 62
"""Version 1 has no word for no limit: it shows the largest number of whole pages."""

_RATES = ("rbps", "wbps", "riops", "wiops")
_THROTTLE = {
    "rbps": "blkio.throttle.read_bps_device",
    "wbps": "blkio.throttle.write_bps_device",
    "riops": "blkio.throttle.read_iops_device",
    "wiops": "blkio.throttle.write_iops_device",
}
_PERIOD, _QUOTA = "cpu.cfs_period_us", "cpu.cfs_quota_us"


class Known(NamedTuple):
    """The controller of version 1 and the files there; no files where version 1 has no such thing."""

    controller: str
    files: tuple[str, ...] = ()


ATTRIBUTES = {
    "cpu.weight": Known("cpu", ("cpu.shares",)),
    "cpu.max": Known("cpu", (_PERIOD, _QUOTA)),
    "cpuset.cpus": Known("cpuset", ("cpuset.cpus",)),
    "cpuset.mems": Known("cpuset", ("cpuset.mems",)),
    "memory.max": Known("memory", ("memory.limit_in_bytes",)),
    "memory.high": Known("memory"),
    "memory.low": Known("memory"),
    "memory.swap.max": Known("memory"),
    "pids.max": Known("pids", ("pids.max",)),
    "io.weight": Known("blkio"),
    "io.max": Known("blkio", tuple(_THROTTLE.values())),
}


def files(attribute: str, version: int) -> tuple[str, ...]:
    """The files that hold the attribute."""
    return (attribute,) if version == 2 else ATTRIBUTES[attribute].files


def present(address: Mapping[str, Any], text: str) -> str:
    """Of a file's text what writing it again would need: the line of the device, or all of it."""
    attribute, device = address["attribute"], str(address.get("device", ""))
    lines = text.splitlines()
    if attribute == "io.weight":
        return next((line for line in lines if line.startswith("default ")), f"default {text}")
    if attribute != "io.max":
        return " ".join(text.split())
    nothing = _limits({}) if address["version"] == 2 else "0"
    found = (line.split(" ", 1)[1] for line in lines if line.startswith(f"{device} "))
    return f"{device} {next(found, nothing)}"


def read(address: Mapping[str, Any], texts: Mapping[str, str]) -> str:
    """The value that the files' texts, as `present` gives them, mean."""
    attribute = address["attribute"]
    first = next(iter(texts.values()))
    if address["version"] == 2:
        return first.partition(" ")[2] if attribute in {"io.max", "io.weight"} else first
    return _of_first(attribute, first, texts)


def _of_first(attribute: str, first: str, texts: Mapping[str, str]) -> str:
    if attribute == "cpu.weight":
        return _weight(int(first))
    if attribute == "cpu.max":
        quota = int(texts[_QUOTA])
        return f"{'max' if quota < 0 else quota} {texts[_PERIOD]}"
    if attribute == "memory.max":
        return "max" if int(first) >= _NO_LIMIT else first
    if attribute == "io.max":
        given = {rate: texts[file].partition(" ")[2] for rate, file in _THROTTLE.items()}
        return _limits({rate: limit for rate, limit in given.items() if limit != "0"})
    return first


def written(address: Mapping[str, Any], value: str) -> list[tuple[str, str]]:
    """Each file with the text that makes it say `value`; raises OSError where `value` has no meaning."""
    attribute, device = address["attribute"], str(address.get("device", ""))
    try:
        if address["version"] == 2:
            text = {"io.weight": f"default {value}", "io.max": f"{device} {value}"}.get(attribute, value)
            return [(attribute, text)]
        return list(zip(files(attribute, 1), _texts(attribute, value, device), strict=True))
    except ValueError as error:
        raise OSError(errno.EINVAL, f"'{value}' is no value of {attribute}") from error


def _texts(attribute: str, value: str, device: str) -> list[str]:
    if attribute == "cpu.weight":
        return [_shares(value)]
    if attribute == "cpu.max":
        quota, period = value.split(" ")
        return [str(int(period)), "-1" if quota == "max" else str(int(quota))]
    if attribute == "memory.max":
        return ["-1" if value == "max" else str(int(value))]
    if attribute == "io.max":
        given = limits(value)
        return [f"{device} {given.get(rate, '0')}" for rate in _THROTTLE]
    return [value]


def limits(value: str) -> dict[str, str]:
    """The limits that `value` sets, by name, but those that are max; raises ValueError for other words."""
    pairs = dict(part.split("=") for part in value.split())
    if not pairs.keys() <= set(_RATES) or not all(text == "max" or text.isdigit() for text in pairs.values()):
        raise ValueError(value)
    return {rate: text for rate, text in pairs.items() if text != "max"}


def whole(value: str) -> str:
    """`value` of io.max with every limit in it, in the kernel's order; raises ValueError."""
    return _limits(limits(value))


def _limits(given: Mapping[str, str]) -> str:
    return " ".join(f"{rate}={given.get(rate, 'max')}" for rate in _RATES)


def _weight(shares: int) -> str:
    weight = (shares * 100 + 512) // 1024
    return str(weight) if _shares(str(weight)) == str(shares) else f"cpu.shares={shares}"


def _shares(value: str) -> str:
    if value.startswith("cpu.shares="):
        return str(int(value.removeprefix("cpu.shares=")))
    if not 1 <= int(value) <= 10_000:
        raise ValueError(value)
    return str((int(value) * 1024 + 50) // 100)
