"""Where each value of a study came from: its file, the workload's file, or the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autotune.core import strict_yaml
from autotune.core.document import Document
from autotune.core.errors import FileError, Problem, UsageError
from autotune.study.schema.fields import found
from autotune.study.schema.read import Mistake
from autotune.study.schema.read import Path as KeyPath


@dataclass(slots=True)
class Source:
    """Data put together from `files` and `overrides`, each document with the path where it was put.

    `mistakes` are those found on the way.
    """

    data: Any
    files: list[tuple[KeyPath, Document]] = field(default_factory=list)
    overrides: list[tuple[KeyPath, Document]] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)

    def problem(self, mistake: Mistake) -> Problem:
        """The mistake with the file, line and column where its cause is written."""
        prefix, document = self._origin(mistake)
        inner = mistake.path[len(prefix) :]
        line, column = document.key_position(inner) if mistake.at_key else document.position(inner)
        return Problem(file=document.file, line=line, column=column, message=mistake.message)

    def refuse(self, mistakes: Sequence[Mistake]) -> None:
        """Raises FileError with all `mistakes` and the files' own problems, in the order of the files.

        With none, does nothing. Where a file has a problem of its own, nothing more is said of that place.
        """
        documents = [document for _, document in (*self.files, *self.overrides)]
        own = [problem for document in documents for problem in document.problems]
        places = {(problem.file, problem.line, problem.column) for problem in own}
        found = {self.problem(mistake) for mistake in mistakes}
        problems = {*own, *(p for p in found if (p.file, p.line, p.column) not in places)}
        if not problems:
            return
        names = [document.file for document in documents]
        raise FileError(sorted(problems, key=lambda p: (names.index(p.file), p.line, p.column, p.message)))

    def _origin(self, mistake: Mistake) -> tuple[KeyPath, Document]:
        """The document that the faulty value, or a part of it, was taken from last."""
        path = mistake.path
        for prefix, document in reversed(self.overrides):
            inside = prefix[: len(path)] == path and not (mistake.at_key and self._in_a_file(path))
            if inside or path[: len(prefix)] == prefix:
                return prefix, document
        return next(part for part in reversed(self.files) if path[: len(part[0])] == part[0])

    def _in_a_file(self, path: KeyPath) -> bool:
        return any(
            document.has(path[len(prefix) :])
            for prefix, document in self.files
            if path[: len(prefix)] == prefix
        )


def is_study(data: Any) -> bool:
    """Whether a file holds a study; one whose first key is misspelt is told so, beside its other mistakes."""
    return isinstance(data, dict) and ("study" in data or "objective" in data or "objectives" in data)


def from_file(path: Path) -> Source:
    """The file at `path` alone; raises FileError where nothing of it can be read."""
    document = strict_yaml.read_in_part(path)
    return Source(document.data, [((), document)])


def override(source: Source, text: str) -> None:
    """Puts the value of `a.b=1` into `source`; mappings on the way are made, list items have to be there.

    Raises UsageError for text without `=` or a path that leads through a value, FileError for a bad value.
    """
    name, equals, value = text.partition("=")
    where = f"--set {text}"
    if not equals or not all(name.split(".")):
        raise UsageError(f"{where}: expected KEY=VALUE, as in --set budget.trials=20")
    document = strict_yaml.load(value, where)
    path = _put(source, name.split("."), document.data, where)
    source.overrides.append((path, document))


def _put(source: Source, steps: list[str], value: Any, where: str) -> KeyPath:
    holder, path = source.data, list[str | int]()
    for number, step in enumerate(steps):
        at = ".".join(steps[:number]) or "the file"
        if number and holder == {} and step.isdecimal():
            raise UsageError(f"{where}: there is no list at {at}. Give it whole, as in --set '{at}=[...]'")
        key = _step(holder, step, where, at)
        path.append(key)
        if number == len(steps) - 1:
            holder[key] = value
        else:
            holder = holder.setdefault(key, {}) if isinstance(holder, dict) else holder[key]
    return tuple(path)


def _step(holder: Any, step: str, where: str, at: str) -> str | int:
    if isinstance(holder, dict):
        return step
    if not isinstance(holder, list):
        raise UsageError(f"{where}: {at} holds {found(holder)}, so there is no '{step}' in it")
    if not step.isdecimal() or int(step) >= len(holder):
        raise UsageError(f"{where}: {at} is a list with items 0 to {len(holder) - 1}, found '{step}'")
    return int(step)
