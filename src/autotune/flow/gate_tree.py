"""The workload in another state of its source: its paths in another working tree, and its build."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from autotune.core.errors import WorkloadError
from autotune.measure.ending import failure
from autotune.measure.environment import environment
from autotune.measure.fill import fill
from autotune.measure.launcher import Launcher
from autotune.measure.outcome import Request
from autotune.model.workload import Applied, Workload

_Value = TypeVar("_Value")


def moved(workload: Workload, root: Path, tree: Path) -> Workload:
    """`workload` with every path below `root` at the same place below `tree`."""
    return _moved(workload, root, tree)


def top(folder: Path, root: Path) -> Path:
    """`root` as a path to `folder` spells it, which may lead over symbolic links."""
    whole = Path(os.path.abspath(folder))  # noqa: PTH100  resolve() would follow links
    return next(place for place in (whole, *whole.parents, root) if place.resolve() == root.resolve())


def _moved(value: _Value, root: Path, tree: Path) -> _Value:
    found: Any = value
    if isinstance(value, Path):
        found = tree / value.relative_to(root) if value.is_relative_to(root) else value
    elif isinstance(value, tuple):
        found = tuple(_moved(one, root, tree) for one in value)
    elif isinstance(value, Mapping):
        found = {key: _moved(one, root, tree) for key, one in value.items()}
    elif is_dataclass(value) and not isinstance(value, type):
        parts = {f.name: getattr(value, f.name) for f in fields(value) if f.init}
        found = replace(value, **{name: _moved(part, root, tree) for name, part in parts.items()})
    return found  # type: ignore[no-any-return]  # of the type of `value`: each part is replaced by its like


def build(workload: Workload, launcher: Launcher, *, what: str) -> None:
    """Runs the build step, if there is one; raises WorkloadError with the end of its output."""
    step = workload.build
    if step is None:
        return
    request = Request(
        argv=fill(step.command, {"python": sys.executable}),
        cwd=workload.folder,
        env=environment(workload, Applied()),
        timeout_s=step.timeout_s,
    )
    outcome = launcher.run(request)
    if failed := failure(outcome, step.timeout_s):
        lines = (outcome.stderr.text or outcome.stdout.text).strip().splitlines()[-8:]
        shown = "".join(f"\n  | {line}" for line in lines)
        raise WorkloadError(f"the build of workload '{workload.name}' in {what} failed: {failed[1]}{shown}")
