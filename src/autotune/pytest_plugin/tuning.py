"""A study of a test's function: its arguments are searched, and what is best is proven on fresh pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autotune.flow.run import run
from autotune.measure.host import facts
from autotune.measure.launcher import Launcher
from autotune.model.run import Phase, Stage
from autotune.model.space import Space, Value
from autotune.model.study import Study
from autotune.model.trial import Trial
from autotune.model.verdict import Result, Verdict
from autotune.model.workload import Workload
from autotune.report.text import verdict_sentence
from autotune.study.load import load_document

_NAME = "tuning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How long the search is, how many pairs prove it at most, and the seed of both."""

    trials: int = 30
    pairs: int = 20
    seed: int = 0


_SHORTEST = Wish(trials=1, pairs=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuned:
    """What a search found: `best` are the proven arguments, and the defaults where no gain is proven.

    `result` is the verdict's word (better, worse, equivalent, undecided; empty where nothing was measured),
    `gain` the estimated change with its interval as shares of the defaults' speed, `said` the verdict in a
    sentence, `report` the page with the evidence.
    """

    best: Mapping[str, Value]
    result: str = ""
    gain: float | None = None
    low: float | None = None
    high: float | None = None
    said: str = ""
    report: Path | None = None

    @property
    def proven(self) -> bool:
        """Whether `best` is proven to be faster than the defaults."""
        return self.result == Result.BETTER


def space(parameters: Mapping[str, Any]) -> Space:
    """The search space that is written as in a study file; raises FileError for what is wrong in it."""
    words = [f"{{{name}}}" for name in parameters]
    return _study(["true", *words], parameters, _SHORTEST, env={}, folder=Path()).workload.space


def tuned(
    workload: Workload, parameters: Mapping[str, Any], wish: Wish, *, folder: Path, launcher: Launcher
) -> Tuned:
    """Runs the study of `workload`'s command with its reports in `folder`; errors as `autotune run`."""
    study = _study(workload.command, parameters, wish, env=workload.env, folder=workload.folder)
    found = run(study, reports=folder, fresh=True, listener=_Silent(), launcher=launcher)
    verdict = found.verdict
    effect = verdict.effect if verdict else None
    proven = found.profile is not None and verdict is not None and verdict.proven
    return Tuned(
        best=dict(found.record.confirmations[-1].config) if proven else study.baseline,
        result=verdict.result if verdict else Result.UNDECIDED,
        gain=effect.estimate if effect else None,
        low=effect.low if effect else None,
        high=effect.high if effect else None,
        said=verdict_sentence(study, verdict),
        report=found.report_path,
    )


def _study(
    command: Sequence[str], parameters: Mapping[str, Any], wish: Wish, *, env: Mapping[str, str], folder: Path
) -> Study:
    metric = {"json": "$.seconds", "file": "autotune.json", "unit": "s"}
    workload = {
        "workload": _NAME,
        "folder": str(folder.absolute()),
        "command": list(command),
        "env": dict(env),
        "metrics": {"seconds": metric},
        "parameters": dict(parameters),
    }
    document = {
        "study": _NAME,
        "workload": workload,
        "objective": {"metric": "seconds"},
        "sampler": {"name": "auto", "seed": wish.seed},
        "budget": {"trials": wish.trials},
        # A sample is a whole start of pytest: the pairs decide, without contests before them.
        "validate": {"pairs": wish.pairs, "candidates": 1, "reduce": False},
    }
    return load_document(document, path=folder.absolute() / "autotune.tune", facts=facts())


class _Silent:
    """A listener that tells nobody: pytest says what came out."""

    def begin(self, phase: Phase) -> None: ...
    def end(self, phase: Phase, status: str, seconds: float) -> None: ...
    def trial(self, trial: Trial, standing: object) -> None: ...
    def block(self, stage: Stage, done: int, planned: int) -> None: ...
    def pair(self, done: int, planned: int, verdict: Verdict | None) -> None: ...
    def note(self, text: str) -> None: ...
