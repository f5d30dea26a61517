"""Writes a profile as the file that people read, keep and export."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from autotune.core.strict_yaml import dump
from autotune.model.profile import Change, Profile, Proof
from autotune.model.space import UNSET, Value
from autotune.profile.closed import to_form
from autotune.profile.schema import ProfileEntry
from autotune.profile.words import NOT_SHOWN, changed, one_line, plain_percent

_HEAD = """\
# A proven profile of {name}, written by autotune. Effects are for the better: +18% is 18 % more, or
# 18 % less where less is better. Use it: autotune apply THIS_FILE, or autotune export THIS_FILE --format F
"""


def to_yaml(profile: Profile) -> str:
    """The profile file's text; `read` gives the profile back, its percentages as precise as written.

    Raises ValueError for what the file has no form for: a way to apply a parameter, a control character.
    """
    data = to_data(profile)
    try:
        ProfileEntry.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ValueError(f"a profile file cannot hold this: '{where}' {first['msg']}") from error
    return _HEAD.format(name=one_line(profile.name)) + dump(data)


def to_data(profile: Profile) -> dict[str, Any]:
    """The profile as plain data in the shape of its file."""
    return {
        "profile": profile.name,
        "made_by": dict(profile.made_by),
        "verdict": _proof(profile.verdict),
        "host": dict(profile.host),
        "risks": [{"risk": risk, "parameters": list(names)} for risk, names in profile.risks.items()],
        "changes": [_change(change) for change in profile.changes],
    }


def _proof(proof: Proof) -> dict[str, Any]:
    effect = proof.effect
    return {
        "metric": proof.metric,
        "result": str(proof.result),
        "effect": changed(effect, effect.estimate),
        "interval": [changed(effect, effect.low), changed(effect, effect.high)],
        "level": plain_percent(effect.level),
        "pairs": proof.pairs,
        "limits": {text: str(held) for text, held in proof.limits.items()},
        "margin": plain_percent(proof.margin),
    }


def _change(change: Change) -> dict[str, Any]:
    entry = {"parameter": change.parameter, "from": _value(change.before), "to": _value(change.after)}
    if change.unit:
        entry["unit"] = change.unit
    return {**entry, "scope": change.scope, "apply": to_form(change.apply), **_effect(change)}


def _effect(change: Change) -> dict[str, Any]:
    effect = change.effect
    if effect is None:
        return {"effect": NOT_SHOWN}
    return {
        "effect": changed(effect, effect.estimate) if change.shown else NOT_SHOWN,
        "interval": [changed(effect, effect.low), changed(effect, effect.high)],
        "level": plain_percent(effect.level),
        "pairs": change.pairs,
    }


def _value(value: Value) -> Value:
    return UNSET if value is None else value
