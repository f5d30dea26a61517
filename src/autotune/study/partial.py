"""Forms read as far as they can be, so that one mistake does not hide the others."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from autotune.study.schema.read import Form, Mistake, Path, read
from autotune.study.schema.study import StudyForm
from autotune.study.schema.workload import WorkloadForm

_APART = {"parameters", "metrics", "constraints"}
"""Keys of a workload whose entries stand apart: a mistake in one says nothing of the others."""


def forms(data: Any, mistakes: list[Mistake]) -> tuple[StudyForm | None, WorkloadForm | None]:
    """The study that `data` writes and the workload in it; what is wrong is added to `mistakes`.

    Parts with a mistake are left out where the rest can be read without them; else the answer is None.
    """
    form = _read(StudyForm, data, ("workload",), mistakes)
    if form is None or isinstance(form.workload, str):
        return None, None
    return form, form.workload


def workload_form(data: Any, mistakes: list[Mistake]) -> WorkloadForm | None:
    """The workload that `data` writes, as `forms`."""
    return _read(WorkloadForm, data, (), mistakes)


def without_echoes(later: Sequence[Mistake], earlier: Sequence[Mistake]) -> list[Mistake]:
    """`later` mistakes but those about an entry that an earlier one had left out, in part or whole."""
    faulty = {_entry(mistake.path) for mistake in earlier}
    names = [str(entry[-1]) for entry in faulty if entry[-2:-1] == ("parameters",)]
    # Of a parameter with a wrong name nobody knows how the commands call it.
    unfilled = [f"'{{{name}}}'" if name.isidentifier() else "}' is no field" for name in names]
    return [
        mistake
        for mistake in later
        if _entry(mistake.path) not in faulty and not any(name in mistake.message for name in unfilled)
    ]


def _entry(path: Path) -> Path:
    return path[:3] if path[:1] == ("workload",) else path[:2]


def _read(model: type[Form], data: Any, inner: Path, mistakes: list[Mistake]) -> Form | None:
    form, wrong = read(model, data)
    mistakes.extend(wrong)
    paths = [mistake.path for mistake in wrong]
    depth = len(inner)
    if form is not None or any(p[:depth] == inner and not _APART & set(p[depth : depth + 1]) for p in paths):
        return form
    return read(model, _without(data, paths))[0]


def _without(data: Any, paths: Sequence[Path]) -> Any:
    """A copy of `data` that lacks the keys at `paths`; a faulty item takes its list along."""
    copied = copy.deepcopy(data)
    for path in paths:
        while path and isinstance(path[-1], int):
            path = path[:-1]  # noqa: PLW2901  up to the nearest key
        holder = copied
        for step in path[:-1]:
            holder = _member(holder, step)
        if path and isinstance(holder, dict):
            holder.pop(path[-1], None)
    return copied


def _member(holder: Any, step: str | int) -> Any:
    if isinstance(holder, dict):
        return holder.get(step)
    return holder[step] if isinstance(holder, list) and isinstance(step, int) and step < len(holder) else None
