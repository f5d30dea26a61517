"""Programs, modules and files that a workload needs and this machine has not, and how to install them."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from autotune.measure import programs
from autotune.model.workload import Need, Workload

_LOOK = (
    "import sys\nfrom importlib.util import find_spec\nfor name in sys.argv[1:]:\n"
    "    try:\n        there = find_spec(name) is not None\n"
    "    except Exception:\n        there = False\n"
    "    there or print(name)\n"
)
"""Asked of the interpreter itself: another one has other modules, and importing a parent may do anything."""

_LOOK_S = 60.0


def needs(workload: Workload) -> tuple[Need, ...]:
    """What has to be there: what the workload says, then further programs that its commands name."""
    said = {need.command for need in workload.needs}
    more = (name for name in programs.named(workload) if name not in {*said, programs.PYTHON})
    return (*workload.needs, *(Need(command=name) for name in more if programs.told_by_path(name, workload)))


def missing(workload: Workload) -> tuple[Need, ...]:
    """Those of its needs that are not here."""
    wanted = needs(workload)
    absent = _absent_modules([need.module for need in wanted if need.module], workload)
    return tuple(need for need in wanted if _is_missing(need, absent, workload))


def _is_missing(need: Need, absent: Collection[str], workload: Workload) -> bool:
    if need.module:
        return need.module in absent
    return not (Path(need.file).exists() if need.file else programs.found(need.command, workload))


def what(need: Need) -> str:
    """How a need is called."""
    if need.module:
        return f"module {need.module}"
    return f"file {need.file}" if need.file else f"program {need.command}"


def installing(needed: Sequence[Need], workload: Workload) -> str:
    """The one command that installs all of `needed` that say where they come from; empty where none does."""
    return " && ".join(_installing(needed, workload))


def sentence(needed: Sequence[Need], workload: Workload) -> str:
    """What is missing and what to do, in one line."""
    listed = ", ".join(map(what, needed))
    command = installing(needed, workload)
    nowhere = [need for need in needed if not (need.apt or need.pip)]
    parts = [f"workload '{workload.name}' needs what is not here: {listed}."]
    parts += [f"Install with: {command}"] if command else []
    if nowhere:
        parts.append(("And install " if command else "Install ") + _by_yourself(nowhere))
    return " ".join(parts)


def _by_yourself(nowhere: Sequence[Need]) -> str:
    listed = ", ".join(need.module or need.file or need.command for need in nowhere)
    return f"{listed}, or write where it is: programs are looked for in PATH, or named by their path."


def _installing(needed: Sequence[Need], workload: Workload) -> Iterator[str]:
    apt = dict.fromkeys(need.apt for need in needed if need.apt)
    pip = dict.fromkeys(need.pip for need in needed if need.pip and not need.apt)
    if apt:
        yield shlex.join([*([] if os.geteuid() == 0 else ["sudo"]), "apt-get", "install", "-y", *apt])
    if pip:
        yield shlex.join([_interpreter(workload), "-m", "pip", "install", *pip])


def _interpreter(workload: Workload) -> str:
    return (workload.python.interpreter if workload.python else "") or sys.executable


def _absent_modules(names: Sequence[str], workload: Workload) -> frozenset[str]:
    """Modules that the workload's interpreter does not find; none where it cannot be asked."""
    if not names:
        return frozenset()
    with suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(  # noqa: S603  the workload's own interpreter
            [_interpreter(workload), "-c", _LOOK, *names],
            cwd=workload.folder,
            env={**os.environ, **workload.env},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_LOOK_S,
            check=True,
        )
        return frozenset(done.stdout.split())
    return frozenset()
