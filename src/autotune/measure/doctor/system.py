"""Whether the programs, modules and files that a workload names are here."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence

from autotune.measure import missing, programs
from autotune.measure.doctor.finding import Finding, Health
from autotune.model.workload import Need, Workload

_WHY = "every sample would fail"
_NOT_FOUND = "not found, or no right to run it"


def findings(workload: Workload) -> Iterator[Finding]:
    """One finding for each program of the workload's commands, each need and each template."""
    absent = missing.missing(workload)
    said = [need for need in missing.needs(workload) if need in workload.needs]
    yield from (_need(need, workload, absent=need in absent) for need in said)
    known = {need.command for need in said}
    yield from (_program(name, workload) for name in programs.named(workload) if name not in known)
    yield from _at_once(absent, workload)
    for name, path in workload.files.items():
        found = path.is_file()
        yield Finding(
            name=f"template {name}",
            state=Health.OK if found else Health.UNABLE,
            seen=str(path) if found else f"{path} is missing",
            why="" if found else _WHY,
        )


def _need(need: Need, workload: Workload, *, absent: bool) -> Finding:
    if not absent:
        where = programs.found(need.command, workload) if need.command else "can be imported"
        return Finding(name=missing.what(need), state=Health.OK, seen=where)
    seen = "cannot be imported" if need.module else _NOT_FOUND
    return _missing(missing.what(need), missing.installing([need], workload) or "install it", seen)


def _program(program: str, workload: Workload) -> Finding:
    name = f"program {program}"
    if program == programs.PYTHON:
        return Finding(name=name, state=Health.OK, seen=sys.executable)
    if found := programs.found(program, workload):
        return Finding(name=name, state=Health.OK, seen=found)
    by_path = "install it, or name it by its path"
    return _missing(name, by_path if os.sep not in program else f"ls -l {workload.folder / program}")


def _missing(name: str, mend: str, seen: str = _NOT_FOUND) -> Finding:
    return Finding(name=name, state=Health.UNABLE, seen=seen, why=_WHY, mend=mend)


def _at_once(absent: Sequence[Need], workload: Workload) -> Iterator[Finding]:
    """The one command that installs all, where there is more than one thing to install."""
    installable = [need for need in absent if need.apt or need.pip]
    if len(installable) > 1:
        yield Finding(
            name="needs",
            state=Health.UNABLE,
            seen=f"{len(absent)} missing: {', '.join(map(missing.what, absent))}",
            why=_WHY,
            mend=missing.installing(installable, workload),
        )
