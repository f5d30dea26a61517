"""All that is known of one run of a study: the record that verdict, report and resume are rebuilt from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from autotune.model.space import Config
from autotune.model.trial import Sample, Trial

Phase: TypeAlias = Literal["checks", "baseline", "search", "validation", "report"]
Arm: TypeAlias = Literal["baseline", "candidate"]
ARMS: tuple[Arm, Arm] = ("baseline", "candidate")


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedSample:
    """A sample of a confirmation: pair -1 is the warm-up; `order` is 0 for the first of its pair.

    `take` is 1 where the pair was run a second time because its first run, 0, was disturbed.
    """

    attempt: int
    pair: int
    arm: Arm
    order: int
    sample: Sample
    take: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """One planned comparison on fresh pairs: whose configuration, at which level, with how many pairs.

    The plan is written before the first pair; `attempt` counts from 0 within the run.
    """

    attempt: int
    trial: int
    config: Config
    alpha: float
    pairs: int
    samples: tuple[PairedSample, ...] = ()

    @property
    def used(self) -> tuple[PairedSample, ...]:
        """The samples that count: of a pair that was run again whole, the second run."""
        takes = Counter((s.pair, s.take) for s in self.samples)
        last = {pair: take for (pair, take), arms in sorted(takes.items()) if take == 0 or arms == len(ARMS)}
        return tuple(s for s in self.samples if s.take == last[s.pair])


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentinel:
    """A configuration measured again just before trial `before`: trial `trial`'s, or the baseline's (-1)."""

    before: int
    trial: int
    sample: Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseTime:
    """How a phase ended and the seconds it took, over all the stops of the run."""

    phase: Phase
    status: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """One run of a study as the store holds it.

    `document` is the resolved study, `host` what the machine looked like, `started` an ISO 8601 stamp that is
    also the run's name (2026-11-24T22-10-03). `stopped` says why the search ended ("" while it goes on).
    """

    run: str
    study: str
    document: Mapping[str, Any]
    host: Mapping[str, Any]
    stopped: str = ""
    baseline: tuple[Sample, ...] = ()
    trials: tuple[Trial, ...] = ()
    sentinels: tuple[Sentinel, ...] = ()
    confirmations: tuple[Confirmation, ...] = ()
    phases: tuple[PhaseTime, ...] = field(default_factory=tuple)
