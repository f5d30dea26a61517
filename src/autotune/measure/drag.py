"""A driver whose command is slower than it is: what a gate has to find out."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from autotune import sidecar
from autotune.model.ports import Driver
from autotune.model.workload import Applied, Workload

_DRAG = Path(sidecar.__file__).with_name("drag.py")


@dataclass(frozen=True, slots=True)
class Dragged:
    """The command of `driver`, stopped again and again, so that it takes so large a share more time."""

    driver: Driver
    share: float

    def command(self, workload: Workload, applied: Applied, folder: Path) -> tuple[str, ...]:
        """The argv of one sample; raises as that of `driver` does."""
        command = self.driver.command(workload, applied, folder)
        return (sys.executable, "-I", "-S", str(_DRAG), f"{self.share:g}", *command)
