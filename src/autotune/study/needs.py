"""What a workload says that it needs, checked entry by entry."""

from __future__ import annotations

from collections.abc import Iterator

from autotune.model.workload import Need
from autotune.study.schema.read import Mistake, Path
from autotune.study.schema.workload import NeedForm, WorkloadForm


def need(form: NeedForm) -> Need:
    """The need that `form` writes."""
    return Need(command=form.command or "", module=form.module or "", apt=form.apt or "", pip=form.pip or "")


def need_mistakes(form: WorkloadForm, path: Path) -> Iterator[Mistake]:
    """Needs that name no program and no module, or both."""
    for number, given in enumerate(form.needs):
        if (given.command is None) == (given.module is None):
            count = "neither" if given.command is None else "both"
            message = f"a need is one of 'command', a program, and 'module', a Python module; found {count}"
            yield Mistake(path=(*path, "needs", number), message=message)
