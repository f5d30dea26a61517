"""Forms read as far as they can be, so that one mistake does not hide the others."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from autotune.study.schema.read import Form, Mistake, Path, read
from autotune.study.schema.study import StudyForm
from autotune.study.schema.workload import WorkloadForm

_ENTRIES = {"parameters", "metrics", "services"}
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


def forms(data: Any, mistakes: list[Mistake]) -> tuple[StudyForm | None, WorkloadForm | None, set[Path]]:
    """The study that `data` writes, the workload in it, and the gaps; what is wrong is added to `mistakes`.

    What has a mistake is left out or stood in for, so that the rest can be looked at: a gap. The forms are
    None where even that yields none. `without_echoes` drops what was concluded from a gap.
    """
    nothing = isinstance(data, dict) and not {"objective", "objectives"} & data.keys()
    if nothing:
        message = "key 'objective' is missing"
        mistakes.append(Mistake(path=(), message=message, at_key=True, missing=("objective",)))
    form, gaps = _read(StudyForm, data, ("workload",), mistakes)
    if nothing or ("objectives",) in gaps:
        gaps.add(("objective",))  # what stands in for it says nothing
    if form is None or isinstance(form.workload, str):
        return None, None, gaps
    return form, form.workload, gaps


def workload_form(data: Any, mistakes: list[Mistake]) -> tuple[WorkloadForm | None, set[Path]]:
    """The workload that `data` writes, and the gaps, as `forms`."""
    return _read(WorkloadForm, data, (), mistakes)


def without_echoes(later: Sequence[Mistake], gaps: AbstractSet[Path]) -> list[Mistake]:
    """`later` mistakes but those that follow from a gap, or from an entry that is wrong by itself."""
    entries = {_gap(m) for m in later if _in_entries(m.path) and not m.also}

    def is_echo(mistake: Mistake) -> bool:
        path, causes = mistake.path, gaps | (entries - {_gap(mistake)})
        of_entry = mistake.at_key and _in_entries(path) and path == _entry(path)
        return (
            _touches(path, gaps)
            or (of_entry and any(gap[: len(path)] == path for gap in gaps))
            or any(_meet(place, cause) for place in mistake.also for cause in causes)
        )

    return [mistake for mistake in later if not is_echo(mistake)]


def spoilt(mistakes: Sequence[Mistake], *places: Path) -> bool:
    """Whether one of `mistakes` stands at one of `places`, or in it, or around it."""
    return any(_meet(place, _gap(mistake)) for place in places for mistake in mistakes)


def _touches(path: Path, gaps: AbstractSet[Path]) -> bool:
    return any(path[: len(gap)] == gap for gap in gaps)


def _meet(one: Path, other: Path) -> bool:
    """Whether one of the two leads to the other, or into it."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


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


def _read(
    model: type[Form], data: Any, inner: Path, mistakes: list[Mistake]
) -> tuple[Form | None, set[Path]]:
    form, wrong = read(model, data)
    mistakes.extend(wrong)
    gaps: set[Path] = set()
    for _ in range(_ROUNDS):
        if form is not None or not isinstance(data, dict):
            break
        data = copy.deepcopy(data)
        gaps |= {_left_out(data, mistake.missing or mistake.path, keep=inner) for mistake in wrong}
        _stand_in(data, inner)
        form, wrong = read(model, data)
    return form, gaps


def _stand_in(data: dict[Any, Any], inner: Path) -> None:
    """Puts stand-ins where `data` lacks what it needs."""
    if inner:
        for key, value in _STUDY.items():
            if key != "objective" or "objectives" not in data:
                data.setdefault(key, copy.deepcopy(value))
    workload = data["workload"] if inner else data
    for key, value in STAND_IN.items() if isinstance(workload, dict) else ():
        workload.setdefault(key, copy.deepcopy(value))


def _left_out(data: Any, path: Path, *, keep: Path) -> Path:
    """Takes what is at `path` out of `data`, or what lacks it where it is missing; where the gap is then."""
    holders = list(_holders(data, path))
    place = path
    while place and place != keep:
        holder, last = holders[len(place) - 1], place[-1]
        if isinstance(holder, dict) and last in holder:
            del holder[last]
            return place
        if isinstance(holder, list) and place[-2:-1] and place[-2] in _ITEMS and last in range(len(holder)):
            holder[int(last)] = copy.deepcopy(_ITEMS[place[-2]])
            return place
        place = place[:-1]
    return path


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
