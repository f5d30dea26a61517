"""The studies that come with autotune, found and copied with all that they run."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import autotune
from autotune.core import strict_yaml
from autotune.core.errors import StorageError, UsageError
from autotune.core.files import write_new
from autotune.core.hint import did_you_mean

_HOME = Path(autotune.__file__).parent / "examples"
FIRST = "first"
"""The folder of the study that one begins with."""

_FOR_EDITORS = "# yaml-language-server:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A study: its question in one line, and its files relative to the `home` of all."""

    name: str
    about: str
    home: Path
    files: tuple[Path, ...]


def examples(home: Path = _HOME) -> tuple[Example, ...]:
    """All of them, by name."""
    return tuple(_example(path, home) for path in sorted((home / "studies").glob("*.yaml")))


def named(name: str, home: Path = _HOME) -> Example:
    """The example called `name`; raises UsageError where there is none."""
    path = home / "studies" / f"{name}.yaml"
    known = [study.stem for study in sorted((home / "studies").glob("*.yaml"))]
    if name not in known:
        raise UsageError(f"there is no example '{name}'.{did_you_mean(name, known)}")
    return _example(path, home)


def first(home: Path = _HOME) -> Example:
    """The small study that one begins with; its files have no folder."""
    inner = home / FIRST
    files = sorted(path.relative_to(inner) for path in inner.iterdir() if path.is_file())
    return Example(name=FIRST, about="", home=inner, files=tuple(files))


def copy(example: Example, folder: Path) -> tuple[Path, ...]:
    """The files of `example` written below `folder`.

    Raises UsageError, and writes nothing, where one of them is there already.
    """
    taken = [folder / file for file in example.files if (folder / file).exists()]
    if taken:
        raise UsageError(f"{taken[0]} is there already, and nothing is overwritten. Name another folder.")
    for file in example.files:
        _copied(example.home / file, folder / file)
    return tuple(folder / file for file in example.files)


def _copied(source: Path, target: Path) -> None:
    try:
        if source.suffix == ".yaml":
            write_new(target, _without_hint(source.read_text(encoding="utf-8")))
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)
    except OSError as error:
        raise StorageError(f"{target} cannot be written: {error.strerror}.") from error


def _without_hint(text: str) -> str:
    """A file without its first line for editors, whose path leads nowhere from another folder."""
    return text.partition("\n")[2] if text.startswith(_FOR_EDITORS) else text


def _example(study: Path, home: Path) -> Example:
    data = strict_yaml.read_in_part(study).data
    about = next((line for line in _comments(study)), "")
    files = [study, *_of_workload(study, data.get("workload") if isinstance(data, dict) else None)]
    kept = dict.fromkeys(_below(file, home) for file in files)
    return Example(name=study.stem, about=about, home=home, files=tuple(kept))


def _comments(study: Path) -> Iterator[str]:
    """The question that a study asks, from its first comment, without the command that asks it."""
    for line in study.read_text(encoding="utf-8").splitlines():
        if line.startswith("#") and not line.startswith(_FOR_EDITORS):
            question, mark, _ = line.lstrip("# ").partition("autotune run")[0].strip().partition("?")
            yield question + mark


def _of_workload(study: Path, workload: Any) -> Iterator[Path]:
    """The workload's file, and what lies beside it under its name or is named in it."""
    if isinstance(workload, str):
        file = study.parent / workload
        yield file
        yield from _beside(file.parent, strict_yaml.read_in_part(file).data, file.stem)
    else:
        yield from _beside(study.parent, workload, study.stem)


def _beside(folder: Path, workload: Any, stem: str) -> Iterator[Path]:
    """Files that are called as the workload is (`NAME_*`, `NAME.*`), or that a word of it names."""
    inner = workload.get("folder", ".") if isinstance(workload, dict) else "."
    place = folder / inner if isinstance(inner, str) else folder
    heads = tuple({f"{stem}{sign}" for sign in "_."} | {f"{stem.replace('-', '_')}{sign}" for sign in "_."})
    for path in sorted(place.iterdir()):
        if path.suffix != ".yaml" and path.name.startswith(heads):
            yield from _whole(path)
    for word in _texts(workload):
        name = f"{word.partition(':')[0].replace('.', '/')}.py" if ":" in word else ""
        for path in (place / word, place / name):
            if path != place and _named_here(path, place):
                yield from _whole(path)


def _named_here(path: Path, place: Path) -> bool:
    try:
        return (
            path.exists()
            and path.resolve().is_relative_to(place.resolve())
            and path.resolve() != place.resolve()
        )
    except OSError:
        return False  # a word that no file system takes


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        data = list(data.values())
    if isinstance(data, list):
        for value in data:
            yield from _texts(value)
    elif isinstance(data, str):
        yield data.removeprefix("./")


def _whole(path: Path) -> Iterator[Path]:
    """A file, or all files of a folder, without what Python leaves behind."""
    found: Sequence[Path] = sorted(path.rglob("*")) if path.is_dir() else [path]
    yield from (one for one in found if one.is_file() and "__pycache__" not in one.parts)


def _below(file: Path, home: Path) -> Path:
    """`file` relative to `home`, whichever way it was reached."""
    for folder in ("studies", "workloads"):
        inside = (home / folder).resolve()
        if file.resolve().is_relative_to(inside):
            return Path(folder) / file.resolve().relative_to(inside)
    raise UsageError(f"{file} belongs to no example.")
