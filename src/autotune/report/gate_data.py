"""A gate's answers as data for machines, with every sample in order."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Protocol

from autotune.model.gate import GateVerdict
from autotune.model.run import Confirmation
from autotune.report.compare import paired_data
from autotune.report.results import clean

SCHEMA = "autotune.gate/1"

_NO_SECRETS: frozenset[str] = frozenset()


class Measured(Protocol):
    """What was measured of one workload."""

    @property
    def verdicts(self) -> Sequence[GateVerdict]: ...  # noqa: D102
    @property
    def rounds(self) -> Sequence[Confirmation]: ...  # noqa: D102


def workload_data(found: Measured, known: Mapping[str, Any]) -> dict[str, Any]:
    """What the file holds of one workload: what is `known` of it, its verdicts, and its samples."""
    plain: dict[str, Any] = clean(
        {
            **known,
            "metrics": [asdict(verdict) for verdict in found.verdicts],
            "rounds": [[paired_data(sample) for sample in r.samples] for r in found.rounds],
        },
        _NO_SECRETS,
    )
    return plain


def document(workloads: Mapping[str, Any], *, about: Mapping[str, Any], answer: str) -> dict[str, Any]:
    """The whole file: the answer, `about` the gate (its time and both sides), and each workload's data."""
    head = clean({"schema": SCHEMA, "answer": answer, **about}, _NO_SECRETS)
    return {**head, "workloads": dict(workloads)}


def text(data: Mapping[str, Any]) -> str:
    """JSON."""
    return json.dumps(data, indent=1, allow_nan=False) + "\n"
