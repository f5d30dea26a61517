"""The fingerprint of this machine, this tool and a workload."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import autotune
from autotune.core.placeholders import names
from autotune.measure.environment import environment
from autotune.measure.host import describe
from autotune.model.fingerprint import Fingerprint
from autotune.model.workload import Applied, Workload

ROOT = Path("/")
_MACHINE = ("cpu_model", "cpus", "kernel", "arch", "memory_mib")
"""`cpus` and `memory_mib` are those that limits leave to this process."""

_SCRIPT = re.compile(r"\.(awk|js|jl|lua|mjs|php|pl|py|r|rb|sh|sql|tcl|ts)$", re.IGNORECASE)
_DIGITS = 16
_GIT_TIMEOUT_S = 10.0


def fingerprint(workload: Workload, *, root: Path = ROOT) -> Fingerprint:
    """Machine, tool and workload as short texts; files by the first 64 bits of their SHA-256.

    A field that cannot be found out is left out. `root` is where /sys is looked for.
    """
    host = describe(workload.folder)
    found = {f"machine.{name}": str(host[name]) for name in _MACHINE}
    found |= {f"machine.{name}": value for name, value in _settings(root)}
    found["tool.version"] = autotune.__version__
    found["tool.source"] = _tool_digest()
    found |= {f"workload.{name}": digest for name, digest in _files(workload)}
    found |= {f"source.{name}": value for name, value in _git(workload.folder)}
    return found


def _settings(root: Path) -> Iterator[tuple[str, str]]:
    """What the kernel is set to that changes speed."""
    cpu = root / "sys/devices/system/cpu"
    places = {
        "governor": cpu / "cpu0/cpufreq/scaling_governor",
        "smt": cpu / "smt/control",
        "huge_pages": root / "sys/kernel/mm/transparent_hugepage/enabled",
    }
    for name, path in places.items():
        try:
            yield name, path.read_text(encoding="ascii").strip()
        except OSError:
            continue


@lru_cache(maxsize=1)
def _tool_digest() -> str:
    """One digest over all source files of autotune, without the studies that come along."""
    folder = Path(autotune.__file__).parent
    whole = hashlib.sha256()
    for path in sorted(set(folder.rglob("*.py")) - set((folder / "examples").rglob("*.py"))):
        whole.update(f"{path.relative_to(folder)}\0".encode() + path.read_bytes())
    return whole.hexdigest()[:_DIGITS]


def _files(workload: Workload) -> Iterator[tuple[str, str]]:
    """Program, scripts, function and templates with their digests, as far as there are such files."""
    named = {
        "program": _program(workload),
        "service": _found(workload.instance.start[0], workload) if workload.instance else None,
        **{f"script {text}": path for text, path in _scripts(workload)},
        **{f"template {name}": path for name, path in workload.files.items()},
        **_function(workload),
    }
    for name, path in named.items():
        if path is not None and (digest := _digest(path)):
            yield name, digest


def _program(workload: Workload) -> Path | None:
    command = workload.command or (workload.load.command if workload.load else ())
    first = command[0] if command else "{python}"
    if workload.python is not None and workload.python.interpreter:
        first = workload.python.interpreter
    return _found(first, workload)


def _found(name: str, workload: Workload) -> Path | None:
    """The file of a program that a command of the workload begins with; None where it is not found."""
    if name == "{python}":
        return Path(sys.executable)
    if os.sep in name:
        return workload.folder / name
    found = shutil.which(name, path=environment(workload, Applied()).get("PATH"))
    return None if found is None else Path(found)


def _scripts(workload: Workload) -> Iterator[tuple[str, Path]]:
    """Files that a command names by themselves and that look like programs: data may change by being used."""
    for text in (text for argv in _commands(workload) for text in argv):
        path = workload.folder / text
        if names(text) or len(text) > os.pathconf("/", "PC_NAME_MAX"):
            continue
        if path.is_file() and (_SCRIPT.search(text) or os.access(path, os.X_OK)):
            yield text, path


def _commands(workload: Workload) -> Iterator[tuple[str, ...]]:
    """All that the workload runs, the measured command without its program."""
    yield workload.command[1:]
    yield from (step.command for step in (workload.reset, workload.check) if step)
    if workload.load:
        yield workload.load.command[1:]
    if workload.instance:
        yield workload.instance.start[1:]
    if made := workload.preparation:
        yield from (made.command, made.running)


def _function(workload: Workload) -> dict[str, Path | None]:
    if workload.python is None:
        return {}
    module = workload.python.call.partition(":")[0].replace(".", os.sep)
    places = (workload.python.path / f"{module}.py", workload.python.path / module / "__init__.py")
    return {"module": next((path for path in places if path.is_file()), None)}


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()[:_DIGITS]
    except OSError:
        return ""


def _git(folder: Path) -> Iterator[tuple[str, str]]:
    """The commit of the repository that `folder` lies in, and whether files below it differ from it."""
    commit = _run_git(folder, "rev-parse", "HEAD")
    if commit is None:
        return
    yield "git_commit", commit
    changed = _run_git(folder, "status", "--porcelain", "--untracked-files=no", "--", ".")
    if changed is not None:
        yield "git_dirty", "yes" if changed else "no"


def _run_git(folder: Path, *arguments: str) -> str | None:
    command = ("git", "--no-optional-locks", "-C", str(folder), *arguments)
    try:
        done = subprocess.run(  # noqa: S603  an argv list of our own
            command, capture_output=True, text=True, timeout=_GIT_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
