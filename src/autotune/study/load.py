"""Study and workload files read, checked, and turned into the model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from autotune.core.document import Document
from autotune.model.space import Value
from autotune.model.study import Study
from autotune.model.workload import Workload
from autotune.study import build, defaults
from autotune.study.assemble import assembled
from autotune.study.current import Read, read_current, stand_ins
from autotune.study.files import file_mistakes
from autotune.study.here import settle
from autotune.study.kind import expect, kind_of, name_of
from autotune.study.partial import forms, spoilt, without_echoes, workload_form
from autotune.study.schema.read import Mistake
from autotune.study.schema.read import Path as KeyPath
from autotune.study.schema.workload import WorkloadForm
from autotune.study.source import Source
from autotune.study.whole import sampler_mistakes, space_mistakes, study_mistakes
from autotune.study.workload import workload

__all__ = ["kind_of", "load", "load_document", "load_workload", "name_of", "resolved_workload"]

_INNER = ("workload",)
_Made = TypeVar("_Made")


def load(
    path: Path,
    *,
    facts: Mapping[str, Value],
    overrides: Sequence[str] = (),
    read: Read | None = None,
    untuned: bool = False,
) -> Study:
    """The study in the file at `path`, after `overrides` such as `budget.trials=20`.

    `facts` are what expressions may ask of the host, `read` tells what a place of it holds, for the default
    `current`. With `untuned` a study without a parameter is right too: it is measured and not searched.
    Raises FileError with every problem of the file and of the workload file that it names,
    UsageError for an override that leads nowhere, WorkloadError where such a default cannot be read.
    """
    source = assembled(path, overrides)
    expect(source, "study")
    mistakes = list(source.mistakes)
    form, inner, gaps = forms(source.data, mistakes)
    gaps |= {mistake.path for mistake in source.mistakes}
    study = None
    if form is not None and inner is not None:
        base = path.absolute().parent
        later = _settled(inner, base=base, facts=facts, path=_INNER, read=read)
        system = workload(inner, base=base, facts=facts, path=_INNER, mistakes=later)
        study = build.study(form, inner, system, path=path, mistakes=later)
        later.extend(sampler_mistakes(form, system))
        mistakes.extend(without_echoes(later, gaps))
    if study is not None:
        mistakes.extend(study_mistakes(study, mistakes, untuned=untuned))
    source.refuse(mistakes)
    return _made(study)


def load_workload(
    path: Path, *, facts: Mapping[str, Value], overrides: Sequence[str] = (), read: Read | None = None
) -> Workload:
    """The workload in the file at `path`; arguments and errors as `load`."""
    return _workload(path, facts, overrides, read)[0]


def resolved_workload(
    path: Path, *, facts: Mapping[str, Value], overrides: Sequence[str] = (), read: Read | None = None
) -> dict[str, Any]:
    """The workload file at `path` as plain data, every default written out; errors as `load`."""
    return _workload(path, facts, overrides, read)[1].model_dump(by_alias=True, exclude_none=True)


def _settled(
    form: WorkloadForm, *, base: Path, facts: Mapping[str, Value], path: KeyPath, read: Read | None
) -> list[Mistake]:
    """Writes out the defaults of `form`, also those that the machine has now; what is wrong with it so far.

    The machine is asked only by a workload without a mistake.
    """
    asking = stand_ins(form)
    defaults.write_out(form)
    wrong = list(file_mistakes(form, base=base, path=path))
    if read is not None:
        settle(form, base=base)
    if asking:
        found: list[Mistake] = []
        made = workload(form, base=base, facts=facts, path=path, mistakes=found)
        if not found:
            wrong.extend(read_current(form, made, asking, path=path, read=read))
            defaults.write_out(form)  # what is unset now has to be in its domain
    return wrong


def _workload(
    path: Path, facts: Mapping[str, Value], overrides: Sequence[str], read: Read | None
) -> tuple[Workload, WorkloadForm]:
    source = assembled(path, overrides)
    expect(source, "workload")
    mistakes = list(source.mistakes)
    form, gaps = workload_form(source.data, mistakes)
    found = None
    if form is not None:
        base = path.absolute().parent
        later = _settled(form, base=base, facts=facts, path=(), read=read)
        found = workload(form, base=base, facts=facts, path=(), mistakes=later)
        mistakes.extend(without_echoes(later, gaps))
    if found is not None and not spoilt(mistakes, ("parameters",), ("constraints",)):
        mistakes.extend(space_mistakes(found.space, found.space.defaults(), path=()))
    source.refuse(mistakes)
    return _made(found), _made(form)


def load_document(document: Mapping[str, Any], *, path: Path, facts: Mapping[str, Value]) -> Study:
    """The study that `Study.document` was made from, for `path` as the place of its file.

    Nothing is looked up on this machine, so that a recorded study can be read where it cannot run.
    Raises FileError where `document` is no study.
    """
    data = dict(document)
    source = Source(data, [((), Document(data, f"{path} (as recorded)"))])
    mistakes: list[Mistake] = []
    form, inner, _ = forms(data, mistakes)
    study = None
    if form is not None and inner is not None:
        defaults.write_out(inner)
        base = path.absolute().parent
        system = workload(inner, base=base, facts=facts, path=_INNER, mistakes=mistakes)
        study = build.study(form, inner, system, path=path, mistakes=mistakes)
    source.refuse(mistakes)
    return _made(study)


def _made(made: _Made | None) -> _Made:
    """What a file without a mistake was built into."""
    if made is None:
        raise AssertionError("a file without a mistake was not built")
    return made
