"""What a workload needs of this machine: folders, templates, extras."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from autotune.core.errors import FileError
from autotune.core.extras import missing
from autotune.core.hint import did_you_mean
from autotune.core.template import LARGEST, problems
from autotune.core.text_file import read_text
from autotune.core.units import size_bytes
from autotune.study.schema.read import Mistake
from autotune.study.schema.read import Path as KeyPath
from autotune.study.schema.workload import WorkloadForm

_OF_SERVICE = ("data", "port")
"""What the template of a service's file sees beside parameters."""

_LEAST_MEMORY = 1 << 20
"""In less the kernel kills what starts the program before it does."""


def file_mistakes(form: WorkloadForm, *, base: Path, path: KeyPath) -> Iterator[Mistake]:
    """What `form` names and this machine does not have; paths start from the folder `base`."""
    yield from _missing_extras(form, path)
    yield from _confine_mistakes(form, path)
    yield from _outside(form, path)
    folder = base / form.folder
    if not folder.is_dir():
        place = (*path, "folder")
        yield Mistake(path=place, message=f"folder {os.path.normpath(folder)} does not exist")
        return
    if form.python and not (folder / form.python.path).is_dir():
        message = f"folder {os.path.normpath(folder / form.python.path)} does not exist"
        yield Mistake(path=(*path, "python", "path"), message=message)
    texts: list[str] = []
    for name, named in form.files.items():
        place, template = (*path, "files", name), os.path.normpath(folder / named)
        try:
            texts.append(read_text(Path(template), largest=LARGEST))
        except FileError as error:
            yield Mistake(path=place, message=f"template {template} {error.problems[0].message}")
            continue
        known = (*form.parameters, *(_OF_SERVICE if form.service else ()))
        for unknown, problem in problems(texts[-1], template, known):
            hint = did_you_mean(unknown, known) if unknown else ""
            also = ((*path, "parameters", unknown),) if unknown else ()
            yield Mistake(path=place, message=f"template {problem}.{hint}", also=also)
    if len(texts) == len(form.files):
        yield from _unused(form, "\n".join(texts), path)


def _confine_mistakes(form: WorkloadForm, path: KeyPath) -> Iterator[Mistake]:
    """Bounds that nothing can be started under here."""
    if form.confine is None:
        return
    memory, place = form.confine.memory, (*path, "confine")
    if memory is not None and size_bytes(memory) < _LEAST_MEMORY:
        message = f"no program starts in {memory}: 1MiB is the least, and most need more"
        yield Mistake(path=(*place, "memory"), message=message)
    allowed = os.sched_getaffinity(0)
    for number, cpu in enumerate(form.confine.cpus):
        if cpu not in allowed:
            here = ", ".join(map(str, sorted(allowed)))
            message = f"CPU {cpu} is not among those that may be used here: {here}"
            yield Mistake(path=(*place, "cpus", number), message=message)


def _outside(form: WorkloadForm, path: KeyPath) -> Iterator[Mistake]:
    """Files of metrics that lie elsewhere than in the sample's own folder."""
    for name, metric in form.metrics.items():
        file = Path(metric.file or "")
        if ".." in file.parts or file.is_absolute():
            message = (
                f"'{metric.file}' is not in the sample's own folder; write it there, as in {{out}}/result"
            )
            yield Mistake(path=(*path, "metrics", name, "file"), message=message)


def _missing_extras(form: WorkloadForm, path: KeyPath) -> Iterator[Mistake]:
    if form.driver == "http" and (need := missing("http")):
        yield Mistake(path=(*path, "driver"), message=need)
    for name, metric in form.metrics.items():
        if metric.hdr is not None and (need := missing("hdr")):
            yield Mistake(path=(*path, "metrics", name, "hdr"), message=need)


def _unused(form: WorkloadForm, text: str, path: KeyPath) -> Iterator[Mistake]:
    words = set(re.findall(r"\w+", text))
    for name, given in form.parameters.items():
        if given.apply == "template" and form.files and name not in words:
            message = f"parameter '{name}' is applied by template, and no template mentions it"
            also = ((*path, "files"),)
            yield Mistake(path=(*path, "parameters", name), message=message, at_key=True, also=also)
