"""Reads a profile file, trusting nothing in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from autotune.core import strict_yaml
from autotune.core.document import Document
from autotune.core.errors import FileError, Problem
from autotune.core.hint import did_you_mean
from autotune.core.units import share
from autotune.model.profile import Change, Profile, Proof
from autotune.model.space import UNSET, Value
from autotune.model.verdict import Effect, Held, Result
from autotune.profile.forms import FORMS, to_apply
from autotune.profile.schema import ChangeEntry, MadeBy, ProfileEntry, ProofEntry, RiskEntry
from autotune.profile.words import NOT_SHOWN


def read(path: Path) -> Profile:
    """The profile in the file at `path`.

    Raises FileError where it cannot be read, with every problem found, each with its line and column.
    """
    return _profile(strict_yaml.read(path))


def parse(text: str, file: str) -> Profile:
    """The profile that `text` spells; `file` is its name in messages. Raises FileError as `read`."""
    return _profile(strict_yaml.load(text, file))


def _profile(document: Document) -> Profile:
    try:
        entry = ProfileEntry.model_validate(document.data)
    except ValidationError as error:
        raise FileError(_problems(error, document)) from error
    return Profile(
        name=entry.profile,
        made_by=entry.made_by.model_dump(),
        verdict=_proof(entry.verdict),
        host=entry.host,
        risks={one.risk: tuple(one.parameters) for one in entry.risks},
        changes=tuple(_change(one) for one in entry.changes),
    )


def _proof(entry: ProofEntry) -> Proof:
    low, high = (_number(bound) for bound in entry.interval)
    effect = Effect(
        estimate=_number(entry.effect),
        low=low,
        high=high,
        level=share(entry.level),
        relative=isinstance(entry.effect, str),
    )
    return Proof(
        metric=entry.metric,
        result=Result(entry.result),
        effect=effect,
        pairs=entry.pairs,
        margin=share(entry.margin),
        limits={text: Held(held) for text, held in entry.limits.items()},
    )


def _number(written: str | float) -> float:
    return share(written) if isinstance(written, str) else written


def _change(entry: ChangeEntry) -> Change:
    return Change(
        parameter=entry.parameter,
        before=_value(entry.before),
        after=_value(entry.after),
        unit=entry.unit,
        scope=entry.scope,
        apply=to_apply(entry.apply),
        effect=_own_effect(entry),
        pairs=entry.pairs or 0,
    )


def _own_effect(entry: ChangeEntry) -> Effect | None:
    """What the change adds; of one that is not shown the file holds the interval alone."""
    if entry.interval is None or entry.level is None:
        return None
    low, high = (_number(bound) for bound in entry.interval)
    middle = (low + high) / 2 if entry.effect == NOT_SHOWN else _number(entry.effect)
    return Effect(
        estimate=middle,
        low=low,
        high=high,
        level=share(entry.level),
        relative=isinstance(entry.interval[0], str),
    )


def _value(written: Value) -> Value:
    return None if written == UNSET else written


def _problems(error: ValidationError, document: Document) -> list[Problem]:
    """One problem per place: the branches of a choice of types all complain about the same value."""
    found: dict[tuple[int, int], Problem] = {}
    for detail in error.errors(include_url=False):
        unknown = detail["type"] == "extra_forbidden"
        place = document.key_position if unknown else document.position
        path = _in_file(detail, document)
        line, column = place(path)
        problem = Problem(file=document.file, line=line, column=column, message=_message(detail, path))
        found.setdefault((line, column), problem)
    return [found[place] for place in sorted(found)]


def _in_file(detail: Any, document: Document) -> tuple[str | int, ...]:
    """The place of a problem without the names of branches of the schema; a missing key stays last."""
    *parents, last = detail["loc"] or ("",)
    path: tuple[str | int, ...] = ()
    for part in parents:
        is_branch = path[-1:] == ("apply",) or not document.has((*path, part))
        path = path if is_branch else (*path, part)
    is_key = detail["type"] in {"missing", "extra_forbidden"}
    return (*path, last) if is_key or document.has((*path, last)) else path


def _message(detail: Any, path: Sequence[str | int]) -> str:
    where = ".".join(str(part) for part in path)
    if detail["type"] == "extra_forbidden":
        key = str(path[-1])
        return f"'{where}' is not a key of a profile.{did_you_mean(key, _keys())}"
    if detail["type"] == "missing":
        return f"'{where}' is missing. Export the profile again from its run."
    return f"'{where}': {detail['msg']}; found {str(detail['input'])[:80]!r}"


def _keys() -> set[str]:
    """Every key that a profile file knows, at any depth."""
    models: list[type[BaseModel]] = [
        ProfileEntry,
        MadeBy,
        ProofEntry,
        RiskEntry,
        ChangeEntry,
        *FORMS.values(),
    ]
    return {field.alias or name for model in models for name, field in model.model_fields.items()}
