"""Parameters that are sysctls: values below /proc/sys."""

from __future__ import annotations

import re
from pathlib import Path

from autotune.actuate.options import option_problem
from autotune.actuate.texts import from_text, to_text
from autotune.core.errors import WorkloadError
from autotune.model.space import Apply, Parameter, Value
from autotune.model.target import Target
from autotune.model.workload import Workload

_NAME = re.compile(r"[A-Za-z0-9_-]+([./][A-Za-z0-9_:@-]+)+")
_PROC_SYS = Path("/proc/sys")

_PARTNERS = {
    "vm.dirty_bytes": "vm.dirty_ratio",
    "vm.dirty_background_bytes": "vm.dirty_background_ratio",
    "vm.overcommit_kbytes": "vm.overcommit_ratio",
}
"""Two ways to say the same: writing one of them sets the other to 0 (Documentation/admin-guide/sysctl/vm)."""
_COUPLED = _PARTNERS | {right: left for left, right in _PARTNERS.items()}


class Sysctl:
    """Writes `sysctl: vm.swappiness` to its file; `root` is where /proc/sys is, for tests."""

    def __init__(self, root: Path = _PROC_SYS) -> None:
        self._root = root

    def problem(self, parameter: Parameter, workload: Workload) -> str:
        """Says when the name is no sysctl's, an option is not known, or the workload would not see it."""
        if said := option_problem(parameter, ()):
            return said
        name = parameter.apply.options.get("name", "")
        if not _NAME.fullmatch(name):
            return f"parameter '{parameter.name}' names '{name}', which is no sysctl such as vm.swappiness."
        if workload.network == "own" and name.replace("/", ".").startswith("net."):
            return (
                f"parameter '{parameter.name}' sets {name} of the host's network, and the workload runs in a "
                "network of its own: 'network: host' makes it see the value."
            )
        return ""

    def target(self, apply: Apply, folder: Path) -> Target:
        """The file of the name; raises WorkloadError where this kernel has none."""
        del folder
        target = self._target(apply.options["name"])
        if not Path(str(target.address["path"])).is_file():
            raise WorkloadError(f"this kernel has no sysctl '{apply.options['name']}'.")
        return target

    def _target(self, name: str, *, alone: bool = False) -> Target:
        # As sysctl(8): dots separate, unless the first separator is a slash; then dots belong to the names.
        first = re.search(r"[./]", name)
        parts = name.split("/") if first and first.group() == "/" else name.replace("/", "\0").split(".")
        path = self._root.joinpath(*(part.replace("\0", ".") for part in parts))
        plain = ".".join(part.replace(".", "/") for part in path.relative_to(self._root).parts)
        partner = _COUPLED.get(plain)
        return Target(
            key=f"sysctl {plain}",
            means="kernel",
            address={"path": str(path)},
            also=() if alone or partner is None else (self._target(partner, alone=True),),
        )

    def text(self, apply: Apply, value: Value) -> str | None:
        """The value; true is 1 and false is 0. A sysctl cannot be unset."""
        return to_text(apply, value, bools=("1", "0"))

    def value(self, apply: Apply, text: str | None, like: Value) -> Value:
        """The text as bool, number or text, as `like` is."""
        return from_text(apply, text, like, bools=("1", "0"))
