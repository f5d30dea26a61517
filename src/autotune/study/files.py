"""Folders and templates that a workload names, looked up on this machine."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from autotune.core.errors import FileError
from autotune.core.text_file import read_text
from autotune.study.schema.read import Mistake
from autotune.study.schema.read import Path as KeyPath
from autotune.study.schema.workload import WorkloadForm

_LARGEST_TEMPLATE = 2**20


def file_mistakes(form: WorkloadForm, *, base: Path, path: KeyPath) -> Iterator[Mistake]:
    """What `form` names and this machine does not have; paths start from the folder `base`."""
    folder = base / form.folder
    if not folder.is_dir():
        place = (*path, "folder")
        yield Mistake(path=place, message=f"folder {os.path.normpath(folder)} does not exist")
        return
    if form.python and not (folder / form.python.path).is_dir():
        message = f"folder {os.path.normpath(folder / form.python.path)} does not exist"
        yield Mistake(path=(*path, "python", "path"), message=message)
    texts: list[str] = []
    for name, template in form.files.items():
        try:
            texts.append(read_text(folder / template, largest=_LARGEST_TEMPLATE))
        except FileError as error:
            message = f"template {os.path.normpath(folder / template)} {error.problems[0].message}"
            yield Mistake(path=(*path, "files", name), message=message)
    if len(texts) == len(form.files):
        yield from _unused(form, "\n".join(texts), path)


def _unused(form: WorkloadForm, text: str, path: KeyPath) -> Iterator[Mistake]:
    words = set(re.findall(r"\w+", text))
    for name, given in form.parameters.items():
        if given.apply == "template" and form.files and name not in words:
            message = f"parameter '{name}' is applied by template, and no template mentions it"
            yield Mistake(path=(*path, "parameters", name), message=message, at_key=True)
