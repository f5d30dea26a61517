"""Makes the profile of a run whose verdict is proven."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from autotune.judge.reduction import own_effects
from autotune.model.profile import Change, Profile, Proof, changes
from autotune.model.run import Arm, Confirmation, RunRecord
from autotune.model.space import Value
from autotune.model.study import Study
from autotune.model.verdict import Effect, Verdict


def build(study: Study, record: RunRecord, verdict: Verdict, *, version: str, store_sha256: str) -> Profile:
    """The profile of the last confirmed configuration of `record`.

    `version` is the version of autotune, `store_sha256` the fingerprint of the run in its store. Raises
    ValueError where the verdict is not *better* with every limit held, or nothing was confirmed.
    """
    if not verdict.proven or verdict.effect is None or not record.confirmations:
        raise ValueError(f"no profile without proof: the verdict is {verdict.result}")
    config = record.confirmations[-1].config
    space = study.workload.space
    return Profile(
        name=study.name,
        made_by={
            "study": study.name,
            "run": record.run,
            "store_sha256": store_sha256,
            "autotune": version,
        },
        verdict=Proof(
            metric=verdict.metric,
            result=verdict.result,
            effect=verdict.effect,
            pairs=verdict.pairs,
            margin=verdict.margin,
            limits={limit.text: limit.held for limit in verdict.limits},
        ),
        host=_facts(record.host),
        risks={str(risk): names for risk, names in space.risks(config).items()},
        changes=_with_effects(
            _as_measured(changes(space, study.baseline, config), record.confirmations[-1]),
            own_effects(study, record, record.confirmations[-1], verdict),
        ),
    )


def _as_measured(found: tuple[Change, ...], last: Confirmation) -> tuple[Change, ...]:
    """The changes with what the machine made of their values: that was measured, not what was asked for."""
    became: dict[Arm, dict[str, Value]] = {"baseline": {}, "candidate": {}}
    for paired in last.samples:
        became[paired.arm].update({name: value for name, (_, value) in paired.sample.coerced.items()})
    before, after = became["baseline"], became["candidate"]
    return tuple(
        replace(
            change,
            before=before.get(change.parameter, change.before),
            after=after.get(change.parameter, change.after),
        )
        for change in found
    )


def _with_effects(found: tuple[Change, ...], effects: Mapping[str, tuple[Effect, int]]) -> tuple[Change, ...]:
    """Each change with what it adds to the others, where that was measured."""
    return tuple(
        replace(change, effect=effects[change.parameter][0], pairs=effects[change.parameter][1])
        if change.parameter in effects
        else change
        for change in found
    )


def _facts(host: Mapping[str, Any]) -> dict[str, Any]:
    """What stays true of a machine: its scalars, and groups of them; a list is a moment's reading."""
    return {
        key: dict(value) if isinstance(value, Mapping) else value
        for key, value in host.items()
        if not isinstance(value, (list, tuple))
    }
