"""Parameters that are values below /sys: huge pages, block queues, CPU frequencies."""

from __future__ import annotations

import os
import re
from pathlib import Path

from autotune.actuate.disk import disk_of
from autotune.actuate.options import option_problem
from autotune.actuate.texts import from_text, to_text
from autotune.core.errors import WorkloadError
from autotune.model.space import Apply, Parameter, Value
from autotune.model.target import Target
from autotune.model.workload import Workload

_SYS = Path("/sys")
_NAME = r"[A-Za-z0-9][A-Za-z0-9!._-]*"
_ALLOWED = re.compile(
    "|".join(
        (
            r"kernel/mm/transparent_hugepage/(enabled|defrag|shmem_enabled|use_zero_page|shrink_underused)",
            r"kernel/mm/transparent_hugepage/khugepaged/[a-z_]+",
            r"kernel/mm/transparent_hugepage/hugepages-\d+kB/(enabled|shmem_enabled)",
            r"(kernel/mm|devices/system/node/node\d+)/hugepages/hugepages-\d+kB/nr_(hugepages|overcommit_hugepages)",
            r"kernel/mm/ksm/(run|sleep_millisecs|pages_to_scan|merge_across_nodes|use_zero_pages)",
            r"kernel/mm/lru_gen/(enabled|min_ttl_ms)",
            r"kernel/mm/swap/vma_ra_enabled",
            rf"block/{_NAME}/queue/(scheduler|read_ahead_kb|nr_requests|rq_affinity|nomerges|wbt_lat_usec)",
            rf"block/{_NAME}/queue/(max_sectors_kb|iostats|add_random|io_poll_delay)",
            rf"block/{_NAME}/queue/iosched/[a-z_]+",
            r"devices/system/cpu/(cpu\d+/cpufreq|cpufreq/policy\d+)/scaling_(governor|min_freq|max_freq)",
            r"devices/system/cpu/(cpu\d+/cpufreq|cpufreq/policy\d+)/energy_performance_preference",
            r"devices/system/cpu/cpufreq/boost",
            r"devices/system/cpu/intel_pstate/(no_turbo|min_perf_pct|max_perf_pct)",
            r"devices/system/cpu/cpu\d+/cpuidle/state\d+/disable",
        )
    )
)
"""What may be written: nothing here takes a device away, runs a program or outlives the next boot."""

_CHOICE = re.compile(r".*/(scheduler|defrag|shmem_enabled|transparent_hugepage/(hugepages-\d+kB/)?enabled)")
"""Files that list all values, with the one in force in brackets."""

_PAGES = re.compile(r".*/hugepages-(\d+)kB/nr_hugepages")
_DISK = "{disk}"
"""Stands in a path for the block device that the folder of the option `of` lies on."""

_MOST_OF_MEMORY = 0.5
"""Pages that are set aside are lost for all else: beyond half of the memory a machine hardly works."""


class Sysfs:
    """Writes `sysfs: kernel/mm/transparent_hugepage/enabled`; `root` is where /sys is, for tests."""

    def __init__(self, root: Path = _SYS) -> None:
        self._root = root

    def problem(self, parameter: Parameter, workload: Workload) -> str:
        """Says when the path is none that may be written, or would set aside too much memory."""
        name = parameter.apply.options.get("name", "")
        start = f"parameter '{parameter.name}' is applied by sysfs, but"
        if said := option_problem(parameter, ("of",)):
            return said
        if (_DISK in name) != ("of" in parameter.apply.options):
            return f"{start} block/{_DISK}/... and the option of: FOLDER, which says whose disk, go together."
        name = name.replace(_DISK, "disk")
        if "*" in name:
            return f"{start} '{name}' stands for several places: each needs a parameter of its own."
        if not _ALLOWED.fullmatch(name):
            return (
                f"{start} '{name}' is not among the places below /sys that can be tuned: huge pages, KSM, "
                f"queues of block devices (block/vda/queue/scheduler), CPU frequencies and idle states."
            )
        return self._too_many_pages(parameter, workload)

    def settled(self, apply: Apply, folder: Path) -> Apply:
        """`apply` with the name which the disk of its option `of` has here. Raises WorkloadError."""
        options = dict(apply.options)
        if _DISK in options["name"] and (of := options.pop("of", "")):
            options["name"] = options["name"].replace(_DISK, disk_of(folder / of, self._root))
        return Apply(actuator=apply.actuator, options=options)

    def _too_many_pages(self, parameter: Parameter, workload: Workload) -> str:
        pages = _PAGES.fullmatch(parameter.apply.options["name"])
        memory = workload.space.facts.get("host.memory_mib")
        if not pages or not isinstance(memory, (int, float)):
            return ""
        listed = [v for v in (*parameter.values, *parameter.special) if isinstance(v, (int, float))]
        most = int(max([parameter.high, *listed])) * int(pages[1]) / 1024
        if most <= _MOST_OF_MEMORY * memory:
            return ""
        return (
            f"parameter '{parameter.name}' would set aside {most:.0f} of {memory:.0f} MiB; half is the most."
        )

    def target(self, apply: Apply, folder: Path) -> Target:
        """The file of the path; raises WorkloadError where this machine has none."""
        name = self.settled(apply, folder).options["name"]
        target = self._target(name, service=apply.options.get("service", ""))
        if not Path(str(target.address["path"])).is_file():
            raise WorkloadError(f"this machine has no '{name}' below {self._root}.")
        return target

    def _target(self, name: str, *, service: str = "") -> Target:
        # A cpufreq policy has a name under each of its CPUs: a link, which is followed to the one place.
        name = os.path.relpath((self._root / name).resolve(), self._root) if "/cpufreq/" in name else name
        requests = name.removesuffix("scheduler") + "nr_requests"
        coupled = name.endswith("/queue/scheduler") and (self._root / requests).is_file()
        return Target(
            key=f"sysfs {name}",
            means="kernel",
            address={"path": str(self._root / name), "choice": bool(_CHOICE.fullmatch(name))},
            # Another scheduler begins with its own number of requests.
            also=(self._target(requests),) if coupled else (),
            service=service,
        )

    def text(self, apply: Apply, value: Value) -> str | None:
        """The value; true is 1 and false is 0. It cannot be unset."""
        return to_text(apply, value, bools=("1", "0"))

    def value(self, apply: Apply, text: str | None, like: Value) -> Value:
        """The text as bool, number or text, as `like` is."""
        return from_text(apply, text, like, bools=("1", "0"))
