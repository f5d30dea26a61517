"""Reads a profile file, trusting nothing in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from autotune.core import strict_yaml
from autotune.core.document import Document
from autotune.core.errors import FileError, Problem
from autotune.core.hint import did_you_mean
from autotune.core.units import share
from autotune.model.profile import Change, Profile, Proof
from autotune.model.space import UNSET, Apply, Value
from autotune.model.verdict import Effect, Held, Result
from autotune.profile.schema import ChangeEntry, ProfileEntry, ProofEntry
from autotune.profile.words import NOT_SHOWN


def read(path: Path) -> Profile:
    """The profile in the file at `path`.

    Raises FileError where it cannot be read, with every problem found, each with its line and column.
    """
    document = strict_yaml.read(path)
    try:
        entry = ProfileEntry.model_validate(document.data)
    except ValidationError as error:
        raise FileError(_problems(error, document, str(path))) from error
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
    apply = (
        Apply(actuator=entry.apply)
        if isinstance(entry.apply, str)
        else Apply(actuator="env", options={"name": entry.apply.env})
    )
    return Change(
        parameter=entry.parameter,
        before=_value(entry.before),
        after=_value(entry.after),
        unit=entry.unit,
        scope=entry.scope,
        apply=apply,
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


def _problems(error: ValidationError, document: Document, file: str) -> list[Problem]:
    """One problem per place: the branches of a choice of types all complain about the same value."""
    found: dict[tuple[int, int], Problem] = {}
    for detail in error.errors(include_url=False):
        unknown = detail["type"] == "extra_forbidden"
        place = document.key_position if unknown else document.position
        line, column = place(detail["loc"])
        problem = Problem(file=file, line=line, column=column, message=_message(detail))
        found.setdefault((line, column), problem)
    return [found[place] for place in sorted(found)]


def _message(detail: Any) -> str:
    where = ".".join(str(part) for part in detail["loc"])
    if detail["type"] == "extra_forbidden":
        key = str(detail["loc"][-1])
        return f"'{where}' is not a key of a profile.{did_you_mean(key, _keys(ProfileEntry))}"
    if detail["type"] == "missing":
        return f"'{where}' is missing. Export the profile again from its run."
    return f"'{where}': {detail['msg']}; found {str(detail['input'])[:80]!r}"


def _keys(model: type[BaseModel]) -> set[str]:
    """Every key that a profile file knows, at any depth."""
    schema = model.model_json_schema()
    parts = [schema, *schema.get("$defs", {}).values()]
    return {key for part in parts for key in part.get("properties", {})}
