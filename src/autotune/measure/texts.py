"""What a sample printed or wrote, as text that is read once."""

from __future__ import annotations

import json
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autotune.measure.fill import fill
from autotune.measure.number import MetricError
from autotune.model.workload import Metric

_LARGEST_FILE = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """The standard output, and the files in the sample's own `folder`; `fields` fill their names.

    `cut` says that the middle of the output was not kept.
    """

    stdout: str
    folder: Path
    fields: Mapping[str, str]
    cut: bool = False
    _files: dict[str, str] = field(default_factory=dict)

    def of(self, metric: Metric) -> str:
        """The text that `metric` is read from; raises MetricError where its file cannot be read."""
        return self.file(metric.file) if metric.file else self.stdout

    def whole(self, metric: Metric) -> str:
        """The same, and none of it may be missing: of many values each counts."""
        if self.cut and not metric.file:
            raise MetricError(
                "bad_metric",
                "the middle of the long output was not kept, so values are missing. "
                "Write them to a file in {out}, and name it by 'file:'",
            )
        return self.of(metric)

    def file(self, name: str) -> str:
        """The text of the file `name` with its placeholders filled; raises MetricError."""
        if name not in self._files:
            (path,) = fill([name], self.fields)
            self._files[name] = read(_inside(self.folder, path))
        return self._files[name]


def returned(file: Path) -> Mapping[str, Any]:
    """What a Python workload returned, as its file says; empty where it is not there or no mapping."""
    try:
        data = json.loads(read(file))
    except (MetricError, ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def read(path: Path) -> str:
    """The text of a regular file of bounded size; raises MetricError for any other."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise MetricError("metric_missing", f"{path.name} is no regular file")
        if status.st_size > _LARGEST_FILE:
            raise MetricError("bad_metric", f"file {path.name} is larger than {_LARGEST_FILE >> 20} MiB")
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise MetricError("metric_missing", f"file {path.name} was not written ({error.strerror})") from error


def _inside(folder: Path, name: str) -> Path:
    """The file `name` in the sample's own folder: what lies elsewhere may be of another sample."""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise MetricError(
            "bad_metric", f"file '{name}' is not in the sample's own folder; write it to {{out}}"
        )
    return path
