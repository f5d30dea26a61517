"""Runs as a store would give them back: seeded, with failures, a time-out and resources."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autotune.core.expression import parse
from autotune.model.profile import Profile, Proof, changes
from autotune.model.run import Arm, Confirmation, PairedSample, PhaseTime, RunRecord
from autotune.model.space import Apply, Parameter, Space, Value
from autotune.model.study import Budget, Limit, SamplerChoice, Study, Validation
from autotune.model.trial import Resource, Sample, State, Trial
from autotune.model.verdict import Effect, Held, LimitVerdict, Look, Result, Verdict
from autotune.model.workload import Direction, Metric, Workload

TUNED: dict[str, Value] = {
    "journal_mode": "wal",
    "synchronous": "full",
    "cache_size": -8000,
    "page_size": 8192,
    "wal_autocheckpoint": 4000,
    "arenas": 2,
}


def _space() -> Space:
    argv = Apply(actuator="argv")
    return Space(
        parameters=(
            Parameter(
                name="journal_mode",
                kind="choice",
                default="delete",
                values=("delete", "truncate", "memory", "wal", "off"),
                apply=argv,
                risks={"durability": parse("journal_mode in ['memory', 'off']")},
            ),
            Parameter(
                name="synchronous",
                kind="choice",
                default="full",
                values=("off", "normal", "full", "extra"),
                apply=argv,
                risks={"durability": parse("synchronous in ['off', 'normal']")},
            ),
            Parameter(
                name="cache_size",
                kind="ordinal",
                default=-2000,
                values=(-500, -2000, -8000, -32000),
                scope="runtime",
                apply=argv,
            ),
            Parameter(
                name="page_size",
                kind="ordinal",
                default=4096,
                values=(1024, 4096, 8192, 16384),
                unit="B",
                apply=argv,
            ),
            Parameter(
                name="wal_autocheckpoint",
                kind="int",
                default=1000,
                low=10,
                high=100_000,
                log=True,
                unit="pages",
                when=parse("journal_mode == 'wal'"),
                apply=argv,
            ),
            Parameter(
                name="arenas",
                kind="int",
                default=None,
                low=1,
                high=8,
                special=(None,),
                apply=Apply(actuator="env", options={"name": "MALLOC_ARENA_MAX"}),
            ),
        )
    )


def _study(direction: Direction = "maximize", **changed: Any) -> Study:
    objective = (
        Metric(name="tps", source="json", where="$.tps", unit="1/s", direction="maximize")
        if direction == "maximize"
        else Metric(name="seconds", source="wall", unit="s")
    )
    workload = Workload(
        name="sqlite-oltp",
        driver="command",
        folder=Path("workloads"),
        command=("{python}", "sqlite_oltp.py"),
        metrics=(objective, Metric(name="p95_ms", source="json", where="$.p95_ms", unit="ms")),
        space=_space(),
        duration_s=0.5,
        env=changed.pop("env", {}),
    )
    settings: dict[str, Any] = {
        "name": "quickstart",
        "path": Path("studies/quickstart.yaml"),
        "workload": workload,
        "objective": objective.name,
        "limits": (
            Limit(
                text="p95_ms <= 1.05 * baseline", metric="p95_ms", operator="<=", bound=1.05, kind="relative"
            ),
            Limit(text="failures == 0", metric="failures", operator="<=", bound=0, kind="absolute"),
        ),
        "sampler": SamplerChoice(name="tpe", seed=7),
        "budget": Budget(trials=40, wall_s=150),
        "validation": Validation(pairs=20),
        "baseline": {},
        "document": {"study": "quickstart", "objective": {"metric": objective.name}, "seed": 7},
    }
    return Study(**{**settings, **changed})


class Builder:
    """Draws samples of one study from one seed."""

    def __init__(self, study: Study, *, seed: int = 1, resources: bool = True) -> None:
        self.study = study
        self.with_resources = resources
        self.random = np.random.default_rng(seed)
        self.clock = 1_795_000_000.0

    def sample(self, level: float, **changed: Any) -> Sample:
        """A good sample whose objective lies near `level`."""
        noise = float(np.exp(self.random.normal(0, 0.06)))
        self.clock += 0.9
        value = level * noise
        settings: dict[str, Any] = {
            "state": State.OK,
            "metrics": {self.study.objective: value, "p95_ms": 2400 / level * noise},
            "counts": {self.study.objective: int(value / 2)},
            "resources": self.resources(noise) if self.with_resources else (),
            "started": self.clock,
            "monotonic": self.clock - 1_794_000_000,
            "wall_s": 0.5 + 0.01 * noise,
            "total_s": 0.8,
            "output": "[stdout]\nfine\n",
        }
        return Sample(**{**settings, **changed})

    def resources(self, noise: float) -> tuple[Resource, ...]:
        """What such a sample cost, each with its source and quality."""
        exact = {"source": "wait4", "quality": "exact"}
        return (
            Resource(name="wall_s", value=0.5 + 0.01 * noise, unit="s", source="pidfd", quality="exact"),
            Resource(name="cpu_user_s", value=0.12 * noise, unit="s", **exact),
            Resource(name="cpu_system_s", value=0.08 * noise, unit="s", **exact),
            Resource(
                name="peak_memory_bytes", value=19e6 * noise, unit="B", source="VmRSS", quality="sampled"
            ),
            Resource(name="written_bytes", value=3.1e6 * noise, unit="B", source="/proc io", quality="exact"),
            Resource(name="voluntary_switches", value=round(900 * noise), unit="", **exact),
            Resource(name="energy_j", value=None, unit="J", source="no counter here", quality="unavailable"),
        )

    def failed(self, state: State, reason: str, output: str) -> Sample:
        """A sample that ended badly."""
        return Sample(state=state, reason=reason, output=output, wall_s=0.1, total_s=0.3)

    def trial(self, number: int) -> Trial:
        """A trial of a drawn configuration; every ninth fails, number 17 times out."""
        pick = self.random.choice
        config: dict[str, Value] = {
            "journal_mode": str(pick(["delete", "truncate", "wal"])),
            "synchronous": "full",
            "cache_size": int(pick([-2000, -8000, -32000])),
            "page_size": int(pick([1024, 4096, 8192])),
            "arenas": int(pick([1, 2, 4])),
        }
        if config["journal_mode"] == "wal":
            config["wal_autocheckpoint"] = int(self.random.integers(10, 9000))
        common: dict[str, Any] = {"number": number, "config": config, "origin": "tpe"}
        if number == 17:
            reason = "exceeded timeout 20s"
            sample = self.failed(State.TIMEOUT, reason, "[stderr]\nwaiting for the lock\n")
            return Trial(**common, state=State.TIMEOUT, reason=reason, samples=(sample,))
        if number % 9 == 5:
            reason = "exit code 1: database disk image is malformed"
            sample = self.failed(State.FAILED_CONFIG, reason, "[stderr]\nTraceback\nmalformed\n")
            return Trial(**common, state=State.FAILED_CONFIG, reason=reason, samples=(sample,))
        level = 160.0 if config["journal_mode"] == "wal" else 60.0
        sample = self.sample(level)
        return Trial(
            **common,
            state=State.OK,
            value=sample.metrics[self.study.objective],
            violation=0.1 if number % 13 == 7 else -0.2,
            samples=(sample,),
        )

    def confirmation(self, pairs: int, *, gain: float = 2.8) -> Confirmation:
        """Coin-ordered pairs after a warm-up of each arm."""
        samples = []
        for pair in range(-1, pairs):
            order: tuple[Arm, Arm] = ("baseline", "candidate")
            if self.random.random() < 0.5:
                order = ("candidate", "baseline")
            for position, arm in enumerate(order):
                sample = self.sample(58.0 * (gain if arm == "candidate" else 1))
                samples.append(PairedSample(attempt=0, pair=pair, arm=arm, order=position, sample=sample))
        return Confirmation(attempt=0, trial=31, config=TUNED, alpha=0.05, pairs=20, samples=tuple(samples))


@pytest.fixture(scope="session")
def make_study() -> Callable[..., Study]:
    """Studies of the same workload: `make_study(direction=..., name=..., ...)`."""
    return _study


@pytest.fixture(scope="session")
def study() -> Study:
    """The study that most tests need."""
    return _study()


@pytest.fixture(scope="session")
def make_record() -> Callable[..., RunRecord]:
    """Whole runs of a study: `make_record(study, trials=40, pairs=20, gain=2.8)`."""

    def make(
        study: Study, *, trials: int = 40, pairs: int = 20, gain: float = 2.8, resources: bool = True
    ) -> RunRecord:
        builder = Builder(study, resources=resources)
        return RunRecord(
            run="2026-11-24T22-10-03",
            study=study.name,
            document=study.document,
            host={
                "os": "linux",
                "arch": "x86_64",
                "cpus": 2,
                "memory_mib": 24_000,
                "kernel": "6.18",
                "cpu_model": "Some CPU @ 2.60GHz",
                "software": {"python": "3.11.7", "sqlite": "3.40.1"},
                "load": [0.4, 0.3, 0.2],
            },
            stopped="40 of 40 trials done",
            baseline=tuple(builder.sample(58.0) for _ in range(5)),
            trials=tuple(builder.trial(number) for number in range(trials)),
            confirmations=(builder.confirmation(pairs, gain=gain),),
            phases=(
                PhaseTime(phase="checks", status="ok", seconds=0.2),
                PhaseTime(phase="baseline", status="ok", seconds=4.4),
                PhaseTime(phase="search", status="ok", seconds=41.0),
                PhaseTime(phase="validation", status="better", seconds=38.0),
                PhaseTime(phase="report", status="ok", seconds=2.2),
            ),
        )

    return make


@pytest.fixture(scope="session")
def record(study: Study, make_record: Callable[..., RunRecord]) -> RunRecord:
    """A whole run: 5 baseline samples, 40 trials, 20 pairs."""
    return make_record(study)


@pytest.fixture(scope="session")
def make_verdict() -> Callable[..., Verdict]:
    """Verdicts of 20 pairs, better unless told otherwise: `make_verdict(result=..., ...)`."""

    def make(**changed: Any) -> Verdict:
        settings: dict[str, Any] = {
            "metric": "tps",
            "result": Result.BETTER,
            "effect": Effect(estimate=1.82, low=1.70, high=1.95, level=0.9785),
            "pairs": 20,
            "planned_pairs": 20,
            "margin": 0.02,
            "alpha": 0.05,
            "looks": (
                Look(pairs=5, alpha=0.0031, p_value=0.0625),
                Look(pairs=10, alpha=0.0105, p_value=0.002),
            ),
            "limits": (
                LimitVerdict(
                    text="p95_ms <= 1.05 * baseline", held=Held.HELD, seen=0.36, worst=0.41, bound=1.05
                ),
                LimitVerdict(text="failures == 0", held=Held.HELD, seen=0, worst=0, bound=0),
            ),
            "smallest": 0.031,
            "more_pairs": None,
            "failures_baseline": 0,
            "failures_candidate": 0,
            "order_effect": 0.004,
            "warnings": (),
            "explanation": "All 20 pairs point the same way.",
            "finished": True,
        }
        return Verdict(**{**settings, **changed})

    return make


@pytest.fixture(scope="session")
def verdict(make_verdict: Callable[..., Verdict]) -> Verdict:
    """Better, with every limit held."""
    return make_verdict()


@pytest.fixture(scope="session")
def profile(study: Study, verdict: Verdict) -> Profile:
    """What the proven run hands over."""
    assert verdict.effect is not None
    made_by: Mapping[str, str] = {
        "study": study.name,
        "run": "2026-11-24T22-10-03",
        "store_sha256": "0" * 64,
        "autotune": "0.1.0",
    }
    return Profile(
        name=study.name,
        made_by=made_by,
        verdict=Proof(
            metric=verdict.metric,
            result=verdict.result,
            effect=verdict.effect,
            pairs=verdict.pairs,
            margin=verdict.margin,
            limits={limit.text: limit.held for limit in verdict.limits},
        ),
        host={"os": "linux"},
        changes=changes(study.workload.space, study.baseline, TUNED),
    )
