"""The samples of an earlier gate, in the place of a base that is measured now."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

from autotune.core.errors import UsageError
from autotune.flow.bench_target import Target
from autotune.flow.compare_target import Arms, twice
from autotune.flow.gate import Gated
from autotune.judge.objective import LEAST
from autotune.measure.fingerprint import fingerprint
from autotune.model.fingerprint import changes
from autotune.model.gate import Answer
from autotune.model.trial import Sample, State
from autotune.report.gate_exports import of_head

SCHEMA = "autotune.gate/"
VERSION = 1
_MACHINE = "machine."


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What a gate kept of its head: `said` names it, the others are by workload."""

    said: str
    samples: Mapping[str, tuple[Sample, ...]]
    fingerprints: Mapping[str, Mapping[str, str]]


def recorded(path: Path) -> Recorded:
    """What `autotune gate --json` wrote there; raises UsageError for anything else, or a later version."""
    return read(path)[1]


def read(path: Path) -> tuple[dict[str, Any], Recorded]:
    """The same with all that stands in the file."""
    try:
        text = path.read_text(encoding="utf-8")
        data = json.loads(text, parse_constant=_no_number, parse_float=_finite, parse_int=_whole)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise UsageError(f"{path} is no JSON: {error}") from error
    _refuse_other(path, data)
    try:
        workloads = data["workloads"]
        return data, Recorded(
            said=f"{data['head']['said']} of {data['time']}",
            samples={name: tuple(map(_sample, of_head(one["rounds"]))) for name, one in workloads.items()},
            fingerprints={name: dict(one["fingerprint"]) for name, one in workloads.items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(f"{path} is not whole: {error!r} is missing or wrong") from error


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number that JSON knows")


def _finite(text: str) -> float:
    if math.isinf(value := float(text)):
        raise ValueError(f"{text} is beyond every number that a double holds")
    return value


def _whole(text: str) -> int:
    _finite(text)
    return int(text)


def _refuse_other(path: Path, data: Any) -> None:
    schema = data.get("schema") if isinstance(data, dict) else None
    if not isinstance(schema, str) or not schema.startswith(SCHEMA):
        raise UsageError(f"{path} is no file that autotune gate --json wrote")
    version = schema.removeprefix(SCHEMA)
    if version != str(VERSION):
        raise UsageError(
            f"{path} has schema {schema}, this autotune reads {SCHEMA}{VERSION}: make it anew, "
            "or use the autotune that wrote it"
        )


def _sample(plain: Mapping[str, Any]) -> Sample:
    metrics = {str(name): float(value) for name, value in plain["metrics"].items() if value is not None}
    return Sample(state=State(plain["state"]), metrics=metrics)


def most_pairs(known: Recorded, target: Target, asked: int) -> int:
    """`asked`, or fewer where fewer were recorded: a sample that counts twice is no second sample.

    Raises UsageError where too few were recorded for any answer.
    """
    name = target.workload.name
    if (count := len(known.samples.get(name, ()))) < LEAST:
        raise UsageError(f"the baseline has {count} samples of workload '{name}', and it takes {LEAST}")
    return min(asked, count)


def against(known: Recorded, target: Target) -> Arms:
    """`target` beside what was recorded of its workload; raises UsageError where nothing was."""
    name = target.workload.name
    if not known.samples.get(name):
        raise UsageError(f"the baseline has no samples of workload '{name}'")
    arms = replace(twice(target), recorded=known.samples[name])
    return replace(arms, said={**arms.said, "baseline": known.said})


def capped(known: Recorded, target: Target, found: Gated) -> Gated:
    """`found`, undecided where the machine is not that of the record."""
    name = target.workload.name
    seen = changes(known.fingerprints.get(name, {}), fingerprint(target.workload))
    other = [change for change in seen if change.field.startswith(_MACHINE)]
    if not other:
        return found
    reason = "the baseline was measured on another machine: " + ", ".join(map(str, other[:3]))
    verdicts = tuple(
        replace(verdict, answer=Answer.UNDECIDED, reason=reason, more_pairs=None)
        for verdict in found.verdicts
    )
    return replace(found, verdicts=verdicts)
