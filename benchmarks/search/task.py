"""One run to be made, and the line that is kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeAlias

from search import roster, variants
from search.noise import Noise
from search.ours import Ours
from search.pipe import Peer
from search.recorded import Recorded, read
from search.score import budgets
from search.searcher import Searcher
from search.session import Outcome, search

Key: TypeAlias = tuple[Any, ...]
Line: TypeAlias = Mapping[str, Any]
_KEY = ("sampler", "space", "seed", "budget", "noise")


@dataclass(frozen=True, slots=True)
class Task:
    """A search of the recorded system in `path` by a sampler of ours, or by a peer."""

    sampler: str
    path: Path
    seed: int
    budget: int
    noise: str = ""

    @property
    def key(self) -> Key:
        """What tells it from all others; lines of the same key are of the same run."""
        return (self.sampler, self.path.stem, self.seed, self.budget, self.noise)

    def run(self) -> Line:
        """Makes the run; raises AutotuneError where the sampler or peer fails."""
        system = _read(self.path)
        noise = Noise.parse(self.noise) if self.noise else None
        outcome = search(
            system,
            self._searcher(system),
            self.budgets,
            limit_s=roster.PEERS[self.sampler].limit_s if self.sampler in roster.PEERS else None,
            **({"measured": partial(noise.of, space=system.name, seed=self.seed)} if noise else {}),
        )
        return line(dict(zip(_KEY, self.key, strict=True)), outcome)

    @property
    def budgets(self) -> tuple[int, ...]:
        """Measurements at which it is scored."""
        if self.noise:
            return (self.budget,)
        return budgets(self.budget)

    def _searcher(self, system: Recorded) -> Searcher:
        if self.sampler in roster.PEERS:
            argv = roster.entry(self.sampler).argv
            return Peer(argv, system, seed=self.seed, budget=self.budget)
        name, variant = variants.of(self.sampler)
        problem, first = variants.given(system, variant, seed=self.seed, trials=self.budget)
        return Ours(name, problem, noisy=bool(self.noise), first=first)


@cache
def _read(path: Path) -> Recorded:
    return read(path)


def line(said: Mapping[str, Any], outcome: Outcome) -> Line:
    """What is kept of a run."""
    return {
        **said,
        "best": {str(budget): cost for budget, cost in outcome.best.items()},
        "recommended": outcome.recommended,
        "measured": outcome.measured,
        "repeated": outcome.repeated,
        "failed": outcome.failed,
        "seconds": outcome.seconds,
        "ended": outcome.ended,
        "cut": outcome.cut,
    }


def key(found: Line) -> Key:
    """The key of the run that a line is of."""
    return tuple(found[name] for name in _KEY)
