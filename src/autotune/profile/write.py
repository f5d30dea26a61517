"""Writes a profile as the file that people read, keep and export."""

from __future__ import annotations

from typing import Any

from autotune.core.strict_yaml import dump
from autotune.model.profile import Change, Profile, Proof
from autotune.model.space import UNSET, Apply, Value
from autotune.profile.words import NOT_SHOWN, changed, one_line, plain_percent

_HEAD = (
    "# A proven profile of {name}, written by autotune. Effects are for the better: +18% is 18 % more, or\n"
)
_HEAD += "# 18 % less where less is better. Use it with: autotune export THIS_FILE --format env|json|sql\n"


def to_yaml(profile: Profile) -> str:
    """The profile file's text; `read` gives the profile back, its percentages as precise as written.

    Raises ValueError for a way to apply a parameter that the file has no form for.
    """
    return _HEAD.format(name=one_line(profile.name)) + dump(to_data(profile))


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
    return {**entry, "scope": change.scope, "apply": _apply(change.apply), **_effect(change)}


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


def _apply(apply: Apply) -> Any:
    if not apply.options:
        return apply.actuator
    if apply.actuator == "env" and apply.options.keys() == {"name"}:
        return {"env": apply.options["name"]}
    raise ValueError(f"a profile file cannot say how actuator '{apply.actuator}' is set up")
