"""What was measured of one test: the answer, the sentence, and the data that travels to the session's end."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Any, ClassVar

import pytest

from autotune.model.gate import Answer, GateVerdict
from autotune.model.run import Confirmation, PairedSample
from autotune.model.trial import Sample
from autotune.model.workload import Metric
from autotune.report.gate import limit, seen
from autotune.report.gate_data import workload_data
from autotune.report.gate_exports import of_head
from autotune.report.words import quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The verdicts where it was compared, else why not, or that it was not asked for.

    `said` names both sides. A `reason` says why there is no answer, which is undecided then; a `note` why
    there is nothing to answer, as for a test that the base does not have.
    """

    key: ClassVar[pytest.StashKey[Found]] = pytest.StashKey()

    name: str
    metrics: Sequence[Metric] = ()
    verdicts: tuple[GateVerdict, ...] = ()
    rounds: tuple[Confirmation, ...] = ()
    fingerprint: Mapping[str, str] = field(default_factory=dict)
    file: str = ""
    said: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    note: str = ""

    @property
    def answer(self) -> Answer | None:
        """The worst of its verdicts; None where it was measured alone."""
        found = {verdict.answer for verdict in self.verdicts}
        order = (Answer.FAIL, Answer.UNDECIDED, Answer.PASS)
        worst = next((answer for answer in order if answer in found), None)
        return Answer.UNDECIDED if worst is None and self.reason else worst

    @property
    def sentences(self) -> list[str]:
        """One for each metric."""
        if self.verdicts:
            return [_sentence(verdict) for verdict in self.verdicts]
        told = self.reason or self.note
        return [told] if told else self._medians()

    def _medians(self) -> list[str]:
        heads = list(of_head(self.data()["rounds"]))
        told = []
        for metric in self.metrics:
            values = [v for one in heads if (v := one["metrics"].get(metric.name)) is not None]
            if values:
                told.append(f"{metric.name} {quantity(median(values), metric.unit)}, {len(values)} samples")
        return told

    def data(self) -> dict[str, Any]:
        """Its part of a file of the schema autotune.gate/1."""
        found = workload_data(self, {"file": self.file, "fingerprint": self.fingerprint})
        if not self.verdicts:
            found["metrics"] = [
                {"metric": one.name, "unit": one.unit, "direction": one.direction} for one in self.metrics
            ]
        return found

    def plain(self) -> dict[str, Any]:
        """As JSON holds it: it travels from a worker of pytest-xdist to where the session ends."""
        data = {
            "name": self.name,
            "answer": self.answer,
            "sentences": self.sentences,
            "said": self.said,
            "compared": bool(self.verdicts or self.note),
            "data": self.data(),
        }
        plain: dict[str, Any] = json.loads(json.dumps(data))
        return plain


def _sentence(verdict: GateVerdict) -> str:
    told = f"{verdict.metric} {seen(verdict)}, limit {limit(verdict)}, {verdict.pairs} pairs"
    more = f", failed {verdict.failed} of {verdict.rounds}" if verdict.failed else ""
    return f"{told}{more}" + f": {verdict.reason}" * bool(verdict.reason)


def alone(samples: Sequence[Sample]) -> Confirmation:
    """Samples of the head that were compared with nothing."""
    paired = (
        PairedSample(attempt=0, pair=i, arm="candidate", order=0, sample=one) for i, one in enumerate(samples)
    )
    return Confirmation(attempt=0, trial=-1, config={}, alpha=1.0, pairs=len(samples), samples=tuple(paired))


def of_metric(found: Found, metric: str) -> Found:
    """The same with the verdict on one metric alone."""
    return replace(found, verdicts=tuple(v for v in found.verdicts if v.metric == metric))
