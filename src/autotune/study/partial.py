"""Forms read as far as they can be, so that one mistake does not hide the others."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Any

from autotune.study.schema.read import Form, Mistake, Path, read
from autotune.study.schema.study import StudyForm
from autotune.study.schema.workload import WorkloadForm

_ENTRIES = {"parameters", "metrics"}
"""Mappings whose entries stand apart: a mistake in one says nothing of the others."""

_ITEMS: dict[str | int, Any] = {
    "command": "-",
    "constraints": "host.cpus > 0",
    "enqueue": {},
    "limits": "failures <= 0",
}
"""What stands in for a faulty item of these lists, so that the other items keep their numbers."""

_STUDY = {"study": "study", "objective": {"metric": "metric"}, "workload": {}}
STAND_IN = {
    "workload": "workload",
    "metrics": {"metric": {"wall": True}},
    "parameters": {"parameter": {"bool": True, "default": False, "apply": {"env": "PARAMETER"}}},
}
"""A workload to go on with; like `_STUDY`, what stands in for required keys that are missing or faulty."""

_ROUNDS = 6


def forms(data: Any, mistakes: list[Mistake]) -> tuple[StudyForm | None, WorkloadForm | None]:
    """The study that `data` writes and the workload in it; what is wrong is added to `mistakes`.

    What has a mistake is left out or stood in for, so that the rest can be looked at; None where even that
    yields no form. `without_echoes` then drops what was concluded from a gap.
    """
    form = _read(StudyForm, data, ("workload",), mistakes)
    if form is None or isinstance(form.workload, str):
        return None, None
    return form, form.workload


def workload_form(data: Any, mistakes: list[Mistake]) -> WorkloadForm | None:
    """The workload that `data` writes, as `forms`."""
    return _read(WorkloadForm, data, (), mistakes)


def without_echoes(later: Sequence[Mistake], earlier: Sequence[Mistake]) -> list[Mistake]:
    """`later` mistakes but those that follow from an `earlier` one, or from another entry that is wrong."""
    gaps = [_gap(mistake) for mistake in earlier]
    entries = {_gap(m) for m in later if _in_entries(m.path)}

    def is_echo(mistake: Mistake) -> bool:
        causes = [*gaps, *(entries - {_gap(mistake)})]
        return _touches(mistake.path, gaps) or any(_touches(place, causes) for place in mistake.also)

    return [mistake for mistake in later if not is_echo(mistake)]


def spoilt(mistakes: Sequence[Mistake], *places: Path) -> bool:
    """Whether one of `mistakes` stands at one of `places`, or in it, or around it."""
    gaps = [_gap(mistake) for mistake in mistakes]
    return any(_touches(place, gaps) or any(gap[: len(place)] == place for gap in gaps) for place in places)


def _touches(path: Path, gaps: Sequence[Path]) -> bool:
    return any(path[: len(gap)] == gap for gap in gaps)


def _gap(mistake: Mistake) -> Path:
    """What the mistake makes worthless: a whole entry, else the key or item itself."""
    return _entry(mistake.missing or mistake.path)


def _entry(path: Path) -> Path:
    """The entry of metrics or parameters that `path` leads into; `path` itself where it leads into none."""
    return path[: _start(path) + 2] if _in_entries(path) else path


def _in_entries(path: Path) -> bool:
    start = _start(path)
    return len(path) > start + 1 and path[start] in _ENTRIES


def _start(path: Path) -> int:
    return 1 if path[:1] == ("workload",) else 0


def _read(model: type[Form], data: Any, inner: Path, mistakes: list[Mistake]) -> Form | None:
    form, wrong = read(model, data)
    mistakes.extend(wrong)
    for _ in range(_ROUNDS):
        if form is not None or not isinstance(data, dict):
            break
        data = _mended(data, inner, [mistake.missing or mistake.path for mistake in wrong])
        form, wrong = read(model, data)
    return form


def _mended(data: dict[Any, Any], inner: Path, paths: Sequence[Path]) -> dict[Any, Any]:
    """A copy of `data` that lacks what is at `paths`, with stand-ins where something is needed."""
    mended = copy.deepcopy(data)
    for path in paths:
        _leave_out(mended, path, keep=inner)
    if inner:
        for key, value in _STUDY.items():
            mended.setdefault(key, copy.deepcopy(value))
    workload = mended["workload"] if inner else mended
    for key, value in STAND_IN.items() if isinstance(workload, dict) else ():
        workload.setdefault(key, copy.deepcopy(value))
    return mended


def _leave_out(data: Any, path: Path, *, keep: Path) -> None:
    """Takes what is at `path` out of `data`: where a key is missing, what lacks it; never `keep` itself."""
    holders = list(_holders(data, path))
    while path:
        holder, last = holders[len(path) - 1], path[-1]
        if isinstance(holder, dict) and last in holder:
            del holder[last]
            return
        if isinstance(holder, list) and path[-2:-1] and path[-2] in _ITEMS and last in range(len(holder)):
            holder[int(last)] = copy.deepcopy(_ITEMS[path[-2]])
            return
        path = path[:-1]
        if path == keep:
            return


def _holders(data: Any, path: Path) -> Iterator[Any]:
    """What each step of `path` leads through, from `data` itself on; None beyond the end."""
    for step in path:
        yield data
        if isinstance(data, dict):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            data = None
