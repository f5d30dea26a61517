"""Whether the programs and files that a workload names are here."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from autotune.measure.doctor.finding import Finding, Health
from autotune.model.workload import Workload


def findings(workload: Workload) -> Iterator[Finding]:
    """One finding for each program of the workload's commands and for each template."""
    for program in dict.fromkeys(_programs(workload)):
        yield _program(program, workload)
    for name, path in workload.files.items():
        found = path.is_file()
        yield Finding(
            name=f"template {name}",
            state=Health.OK if found else Health.UNABLE,
            seen=str(path) if found else f"{path} is missing",
            why="" if found else "every sample would fail",
        )


def _programs(workload: Workload) -> Iterator[str]:
    steps = (workload.command, *(s.command for s in (workload.reset, workload.check) if s is not None))
    yield from (argv[0] for argv in steps if argv)
    if workload.python is not None:
        yield workload.python.interpreter or "{python}"


def _program(program: str, workload: Workload) -> Finding:
    if program == "{python}":
        return Finding(name="program {python}", state=Health.OK, seen=sys.executable)
    path = str(workload.folder / program) if os.sep in program else program
    found = shutil.which(path, path=workload.env.get("PATH"))
    if found:
        return Finding(name=f"program {program}", state=Health.OK, seen=str(Path(found)))
    return Finding(
        name=f"program {program}",
        state=Health.UNABLE,
        seen="not found, or no right to run it",
        why="every sample would fail",
        mend="install it, or name it by its path" if os.sep not in program else f"ls -l {path}",
    )
