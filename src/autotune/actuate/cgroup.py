"""Parameters that are attributes of a control group that is there already."""

from __future__ import annotations

import os
import re
from pathlib import Path

from autotune.actuate.options import option_problem
from autotune.actuate.texts import from_text, to_text
from autotune.core.errors import WorkloadError
from autotune.core.hint import did_you_mean
from autotune.model.space import Apply, Parameter, Value
from autotune.model.target import Target
from autotune.model.workload import Workload
from autotune.sidecar import layout, translation
from autotune.sidecar.thread import cpu_list, cpu_set

_DEFAULT_PERIOD_US = 100_000
"""Period of cpu.max where a value names none, as the kernel's own default."""

_DEVICE = re.compile(r"\d+:\d+")


class Cgroup:
    """Sets `cgroup: GROUP`, `attribute: cpu.weight` in words of version 2, whichever version is mounted.

    `proc` is where /proc is, for tests.
    """

    def __init__(self, proc: str = "/proc") -> None:
        self._proc = proc

    def problem(self, parameter: Parameter, workload: Workload) -> str:
        """Says when the group is no path below the root, or there is no such attribute."""
        del workload
        options = parameter.apply.options
        start = f"parameter '{parameter.name}' is applied by cgroup, but"
        if said := option_problem(parameter, ("attribute", "device"), needs=("attribute",)):
            return said
        attribute, known = options["attribute"], translation.ATTRIBUTES
        if attribute not in known:
            hint = did_you_mean(attribute, known)
            return f"{start} '{attribute}' is no attribute. Known: {', '.join(known)}.{hint}"
        if not _is_below(options.get("name", "")):
            return f"{start} '{options.get('name', '')}' is no group below the root, such as system.slice."
        if (attribute == "io.max") != bool(_DEVICE.fullmatch(options.get("device", ""))):
            return f"{start} {attribute} needs " + (
                "the option device: MAJOR:MINOR, as lsblk shows it."
                if attribute == "io.max"
                else "no option 'device', which is for io.max."
            )
        return ""

    def target(self, apply: Apply, folder: Path) -> Target:
        """The attribute in the hierarchy that has its controller.

        Raises WorkloadError where no hierarchy has that group with that attribute.
        """
        del folder
        name, attribute = apply.options["name"].strip("/"), apply.options["attribute"]
        version, group = self._find(name, attribute)
        device = apply.options.get("device", "")
        return Target(
            key=f"cgroup {name} {attribute}" + (f" {device}" if device else ""),
            means="cgroup",
            address={"group": group, "attribute": attribute, "version": version, "device": device},
            service=apply.options.get("service", ""),
        )

    def _find(self, name: str, attribute: str) -> tuple[int, str]:
        controller = translation.ATTRIBUTES[attribute].controller
        for kind, _, mount, options in layout.mounts(self._proc):
            version = 2 if kind == "cgroup2" else 1
            group = f"{mount}/{name}"
            files = translation.files(attribute, version)
            fits = version == 2 or controller in options
            if fits and files and all(os.path.isfile(f"{group}/{file}") for file in files):  # noqa: PTH113  text
                return version, group
        raise WorkloadError(f"no control group '{name}' has '{attribute}' here.{self._why(name, attribute)}")

    def _why(self, name: str, attribute: str) -> str:
        first = [mount for kind, _, mount, _ in layout.mounts(self._proc) if kind == "cgroup"]
        if first and not translation.ATTRIBUTES[attribute].files:
            return " Version 1 of control groups has nothing of that kind."
        if not any(Path(mount, name).is_dir() for _, _, mount, _ in layout.mounts(self._proc)):
            return " There is no group of that name: make it, or start the service that it belongs to."
        return " Its controller is not enabled for this group (cgroup.subtree_control of the one above)."

    def text(self, apply: Apply, value: Value) -> str | None:
        """The value as the kernel gives it back; unset is max, where the attribute has a max.

        Bytes are rounded down to whole pages, cpu.max gets its period, io.max all its limits.
        """
        text = to_text(apply, value, bools=("1", "0"))
        attribute = apply.options["attribute"]
        if text is None:
            return (
                self.text(apply, "max")
                if attribute.endswith(("max", "high")) and attribute != "io.max"
                else None
            )
        if attribute.startswith("memory.") and text.isdigit():
            page = os.sysconf("SC_PAGE_SIZE")
            return str(int(text) // page * page)
        if attribute == "cpu.max" and " " not in text:
            return f"{text} {_DEFAULT_PERIOD_US}"
        return _normal(attribute, text)

    def value(self, apply: Apply, text: str | None, like: Value) -> Value:
        """The text in the type of `like`; of cpu.max the period is left out where it is the default."""
        if text is not None and apply.options["attribute"] == "cpu.max":
            text = text.removesuffix(f" {_DEFAULT_PERIOD_US}")
        return from_text(apply, text, like, bools=("1", "0"))


def _is_below(name: str) -> bool:
    parts = name.strip("/").split("/")
    return all(part not in {"", ".", ".."} for part in parts)


def _normal(attribute: str, text: str) -> str:
    try:
        if attribute == "io.max":
            return translation.whole(text)
        if attribute.startswith("cpuset."):
            return cpu_list(cpu_set(text)) if text else text
    except ValueError:
        return text  # which the kernel refuses
    return text
