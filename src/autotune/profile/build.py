"""Makes the profile of a run whose verdict is proven."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autotune.model.profile import Profile, Proof, changes
from autotune.model.run import RunRecord
from autotune.model.study import Study
from autotune.model.verdict import Verdict


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
        changes=changes(space, study.baseline, config),
    )


def _facts(host: Mapping[str, Any]) -> dict[str, Any]:
    """What stays true of a machine: its scalars, and groups of them; a list is a moment's reading."""
    return {
        key: dict(value) if isinstance(value, Mapping) else value
        for key, value in host.items()
        if not isinstance(value, (list, tuple))
    }
