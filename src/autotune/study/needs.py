"""What a workload says that it needs, checked entry by entry."""

from __future__ import annotations

from collections.abc import Iterator

from autotune.model.workload import Need
from autotune.study.schema.read import Mistake, Path
from autotune.study.schema.workload import NeedForm, WorkloadForm


def need(form: NeedForm) -> Need:
    """The need that `form` writes."""
    return Need(
        command=form.command or "",
        file=form.file or "",
        module=form.module or "",
        apt=form.apt or "",
        pip=form.pip or "",
    )


def need_mistakes(form: WorkloadForm, path: Path) -> Iterator[Mistake]:
    """Needs that name nothing, or several things, or a file by half of its path."""
    for number, given in enumerate(form.needs):
        named = [key for key in ("command", "module", "file") if getattr(given, key) is not None]
        if len(named) != 1:
            message = (
                "a need is one of 'command', a program, 'module', a Python module, and 'file'; "
                f"found {' and '.join(named) or 'none of them'}"
            )
            yield Mistake(path=(*path, "needs", number), message=message)
        elif given.file is not None and not given.file.startswith("/"):
            message = f"expected an absolute path, found '{given.file}'"
            yield Mistake(path=(*path, "needs", number, "file"), message=message)
