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
Stage: TypeAlias = Literal["select", "screen", "drop"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrant:
    """A configuration that takes part in a contest: trial `trial`'s (-1: the baseline) without some changes.

    `without` names the parameters that are back at the baseline's value.
    """

    trial: int
    config: Config
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockSample:
    """A sample of a contest: in which block, of which entrant, and at which place in the drawn order."""

    block: int
    entrant: int
    order: int
    sample: Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """Configurations measured in blocks, each of which holds every one of them once, in a drawn order.

    The first entrant is what the others are compared with. select: the search's best against the baseline;
    screen: the winner against itself without one change each; drop: the winner against itself without
    several. `number` counts from 0 within the run, `round` the validations of a run whose budget grew. The
    plan is written before the first block; a selection among one has no blocks.
    """

    number: int
    round: int
    stage: Stage
    entrants: tuple[Entrant, ...]
    blocks: int
    samples: tuple[BlockSample, ...] = ()

    @property
    def whole(self) -> int:
        """How many blocks, from the first on, are measured whole."""
        counts = Counter(s.block for s in self.samples)
        return next(n for n in range(self.blocks + 1) if counts[n] < len(self.entrants))

    def of(self, entrant: int) -> tuple[Sample, ...]:
        """The entrant's samples in the whole blocks, in order."""
        found = {s.block: s.sample for s in self.samples if s.entrant == entrant}
        return tuple(found[block] for block in range(self.whole))


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

    The plan is written before the first pair; `attempt` counts from 0 within the run, `round` as in contests.
    """

    attempt: int
    round: int = 0
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
    contests: tuple[Contest, ...] = ()
    confirmations: tuple[Confirmation, ...] = ()
    phases: tuple[PhaseTime, ...] = field(default_factory=tuple)
