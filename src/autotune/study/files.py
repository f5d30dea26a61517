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
from autotune.study.schema.read import Mistake
from autotune.study.schema.read import Path as KeyPath
from autotune.study.schema.workload import WorkloadForm


def file_mistakes(form: WorkloadForm, *, base: Path, path: KeyPath) -> Iterator[Mistake]:
    """What `form` names and this machine does not have; paths start from the folder `base`."""
    yield from _missing_extras(form, path)
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
        for unknown, problem in problems(texts[-1], template, form.parameters):
            hint = did_you_mean(unknown, form.parameters) if unknown else ""
            also = ((*path, "parameters", unknown),) if unknown else ()
            yield Mistake(path=place, message=f"template {problem}.{hint}", also=also)
    if len(texts) == len(form.files):
        yield from _unused(form, "\n".join(texts), path)


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
