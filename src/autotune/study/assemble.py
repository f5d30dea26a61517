"""A file together with the workload that it refers to and what the command line changes."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from pathlib import Path

from autotune.core.document import Document
from autotune.study.partial import STAND_IN
from autotune.study.schema.read import Mistake
from autotune.study.source import Source, from_file, is_study, override

_WORKLOAD = "workload"


def assembled(path: Path, overrides: Sequence[str]) -> Source:
    """The study or workload in the file at `path`, a workload that it refers to put in its place.

    Paths in that workload keep their meaning: its key `folder` becomes relative to the study's folder.
    Raises FileError where a file cannot be used, UsageError for an override that leads nowhere.
    """
    source = from_file(path)
    outer = is_study(source.data)
    elsewhere = [text for text in overrides if outer and text.partition("=")[0] == _WORKLOAD]
    for text in elsewhere:
        override(source, text)
    if outer and isinstance(source.data.get(_WORKLOAD), str):
        _put_workload(source, path)
    for text in overrides:
        if text not in elsewhere:
            override(source, text)
    return source


def _put_workload(source: Source, path: Path) -> None:
    named = source.data[_WORKLOAD]
    file = path.parent / named
    if not file.is_file():
        message = f"workload file {file} does not exist. Its path starts from the study's folder"
        source.mistakes.append(Mistake(path=(_WORKLOAD,), message=message))
        source.data[_WORKLOAD] = copy.deepcopy(STAND_IN)
        return
    inner = from_file(file)
    if not isinstance(inner.data, dict) or _WORKLOAD not in inner.data or is_study(inner.data):
        message = "this is no workload; a workload begins with 'workload: NAME'"
        source.mistakes.append(Mistake(path=(_WORKLOAD,), message=message))
        source.data[_WORKLOAD] = copy.deepcopy(STAND_IN)
        source.files.append(((_WORKLOAD,), Document(None, str(file))))
        return
    source.data[_WORKLOAD] = inner.data
    source.files.append(((_WORKLOAD,), inner.files[0][1]))
    source.overrides = [part for part in source.overrides if part[0] != (_WORKLOAD,)]
    folder = inner.data.get("folder", ".")
    if isinstance(folder, str):
        inner.data["folder"] = str(Path(named).parent / folder)
