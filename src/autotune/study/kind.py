"""What a file is: a study or a workload."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypeAlias

from autotune.core.errors import FileError
from autotune.core.hint import did_you_mean
from autotune.study.schema.read import Mistake
from autotune.study.source import Source, from_file, is_study

Kind: TypeAlias = Literal["study", "workload"]


def kind_of(path: Path) -> Kind:
    """What the file at `path` is, by its keys; raises FileError where it is neither."""
    return _kind(from_file(path))


def name_of(path: Path) -> str:
    """The name of the study in the file at `path`; raises FileError where it is no study."""
    source = from_file(path)
    expect(source, "study")
    if "study" not in source.data:
        source.refuse([Mistake(path=(), message="the key 'study' is missing")])
    return str(source.data["study"])


def expect(source: Source, wanted: Kind) -> None:
    """Raises FileError where the file is not of the kind `wanted`."""
    kind = _kind(source)
    if kind != wanted:
        message = f"this is a {kind}, and a {wanted} is needed here. A {wanted} begins with '{wanted}: NAME'"
        source.refuse([Mistake(path=(kind,), message=message, at_key=True)])


def _kind(source: Source) -> Kind:
    data = source.data
    if is_study(data):
        return "study"
    if isinstance(data, dict) and "workload" in data:
        return "workload"
    first = next(iter(data), "") if isinstance(data, dict) else ""
    told = f"its first key is '{first}'" if first else "it holds no keys"
    message = (
        f"neither a study nor a workload: {told}. A study begins with 'study: NAME', "
        f"a workload with 'workload: NAME'.{did_you_mean(first, ('study', 'workload'))}"
    )
    mistake = Mistake(path=(first,) if first else (), message=message, at_key=True)
    raise FileError([source.problem(mistake)])
