"""A system of the gallery as it runs here: every measurement is a fresh `autotune bench`."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from statistics import fmean

from autotune.core.errors import WorkloadError
from autotune.flow.host import settled
from autotune.measure.host import facts
from autotune.model.problem import Problem
from autotune.model.space import Config, Value, shown
from autotune.model.study import Limit, Study
from autotune.search.domain import members
from autotune.study.load import load
from autotune.study.risk import allowed

_LEVELS = 64
"""Peers are told indices: a range of more values is given as so many, evenly spread (or their logarithms)."""


@dataclass
class Live:
    """A study's workload, whose objective is measured once for each configuration asked for.

    What the study does not permit fails without being run; what breaks a limit of the study has failed, for
    everybody alike, as most optimisers know no limits. `ran` counts the runs. The baseline is to be measured
    first, by `baseline`: limits relative to it are not checked before, and it may itself miss them.
    """

    study: Study
    typical: float = 1.0
    ran: int = field(default=0, init=False)
    baselines: list[Mapping[str, float]] = field(default_factory=list, init=False)

    @classmethod
    def of(cls, path: Path) -> Live:
        """The system of the study in `path`."""
        return cls(load(path, facts=facts(), read=settled))

    @property
    def name(self) -> str:
        """The study's."""
        return self.study.name

    @property
    def sign(self) -> float:
        """1 where less is better."""
        return 1.0 if self.study.direction == "minimize" else -1.0

    @cached_property
    def _axes(self) -> tuple[tuple[Value, ...], ...]:
        return tuple(members(p, _LEVELS) for p in self.study.workload.space.parameters)

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many values a peer may choose from."""
        return tuple(map(len, self._axes))

    @property
    def kinds(self) -> tuple[str, ...]:
        """Which parameters have an order."""
        parameters = self.study.workload.space.parameters
        return tuple("ordinal" if p.numeric or p.kind == "ordinal" else "choice" for p in parameters)

    def config(self, indices: list[int]) -> dict[str, Value]:
        """The configuration at these indices, without inactive parameters."""
        space = self.study.workload.space
        return space.pruned({n: a[i] for n, a, i in zip(space.names, self._axes, indices, strict=True)})

    def problem(
        self, *, seed: int, trials: int, noise: float | None = None, declared: bool = True
    ) -> Problem:
        """What a sampler of ours is given: what a run gives it."""
        del declared
        return Problem(
            space=self.study.workload.space,
            directions=(self.study.direction,),
            seed=seed,
            trials=trials,
            noise=noise,
            allowed=lambda config: allowed(self.study, config),
        )

    def cost(self, config: Config) -> float | None:
        """One measurement, turned so that less is better; None where it failed or is not permitted."""
        if not self.problem(seed=0, trials=1).permits(config):
            return None
        self.ran += 1
        metrics = self._measured(config)
        return self.sign * metrics[self.study.objective] if metrics and self.keeps(metrics) else None

    def baseline(self) -> float | None:
        """One measurement of the baseline, turned so that less is better; None where it failed."""
        self.ran += 1
        metrics = self._measured(self.study.baseline)
        if not metrics:
            return None
        self.baselines.append(metrics)
        return self.sign * metrics[self.study.objective]

    def _measured(self, config: Config) -> Mapping[str, float]:
        """The metrics of one run; empty where it failed."""
        settings = [part for name, value in config.items() for part in ("--set", f"{name}={shown(value)}")]
        tool = str(Path(sys.executable).with_name("autotune"))
        with tempfile.TemporaryDirectory() as folder:
            argv = [tool, "bench", str(self.study.path), "--runs", "1", "--warmups", "0", "--json"]
            argv += ["--reports", folder, *settings]
            done = subprocess.run(argv, capture_output=True, text=True, check=False)
        if not done.stdout.strip():
            raise WorkloadError(f"{self.name} cannot be measured: {done.stderr.strip()[-300:]}")
        sample = json.loads(done.stdout)["samples"][-1]
        metrics: Mapping[str, float] = sample["metrics"]
        return metrics if sample["state"] == "ok" and self.study.objective in metrics else {}

    def keeps(self, metrics: Mapping[str, float]) -> bool:
        """Whether a run's metrics keep every limit; one of a metric that it does not have is left out."""
        return all(
            self._holds(limit, metrics[limit.metric])
            for limit in self.study.limits
            if limit.metric in metrics
        )

    def _holds(self, limit: Limit, value: float) -> bool:
        bound = limit.bound
        if limit.kind == "relative":
            if not self.baselines:
                return True
            bound *= fmean(metrics[limit.metric] for metrics in self.baselines)
        return value <= bound if limit.operator == "<=" else value >= bound
