"""A real, quick study: a small program that is measured in real processes."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from autotune.flow.listener import Standing
from autotune.flow.publish import Published
from autotune.flow.run import run
from autotune.measure.launcher import Launcher
from autotune.model.run import Phase, Stage
from autotune.model.trial import Trial
from autotune.model.verdict import Verdict
from autotune.study.load import load

FACTS = {"host.cpus": 2, "host.memory_mib": 4096}

GAIN = """
import sys
x = int(sys.argv[1])
print("score", 100 + x)
"""

STUDY = """
study: demo
workload:
  workload: formula
  driver: command
  command: ["{python}", "-I", "-S", "formula.py", "{x}"]
  timeout: 5s
  metrics: {score: {regex: 'score (\\S+)', direction: maximize}}
  parameters:
    x: {int: [0, 20], default: 0}
objective: {metric: score}
sampler: {name: random, seed: 3}
budget: {trials: 4}
validate: {candidates: 1, reduce: false, pairs: 8, min_gain: 2%}
"""


@dataclass
class Recorder:
    """A listener that remembers, and can stop the run at a certain event."""

    phases: list[tuple[str, str]] = field(default_factory=list)
    trials: list[Trial] = field(default_factory=list)
    pairs: list[int] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    stop_at_trial: int | None = None
    stop_at_pair: int | None = None
    stop_at_block: tuple[Stage, int] | None = None
    blocks: list[tuple[Stage, int]] = field(default_factory=list)

    def begin(self, phase: Phase) -> None:
        pass

    def end(self, phase: Phase, status: str, seconds: float) -> None:
        assert seconds >= 0
        self.phases.append((phase, status))

    def trial(self, trial: Trial, standing: Standing) -> None:
        assert standing.done == trial.number + 1
        self.trials.append(trial)
        if self.stop_at_trial == trial.number:
            raise KeyboardInterrupt

    def block(self, stage: Stage, done: int, planned: int) -> None:
        assert done <= planned
        self.blocks.append((stage, done))
        if self.stop_at_block == (stage, done):
            raise KeyboardInterrupt

    def pair(self, done: int, planned: int, verdict: Verdict | None) -> None:
        assert done <= planned
        assert verdict is None or verdict.pairs <= done
        self.pairs.append(done)
        if self.stop_at_pair == done:
            raise KeyboardInterrupt

    def note(self, text: str) -> None:
        self.notes.append(text)


@dataclass
class Desk:
    """Writes a study into a folder and runs it there."""

    folder: Path
    launcher: Launcher

    def write(self, *, script: str = GAIN, study: str = STUDY) -> None:
        (self.folder / "formula.py").write_text(textwrap.dedent(script))
        (self.folder / "study.yaml").write_text(study)

    @property
    def reports(self) -> Path:
        return self.folder / "reports"

    def run(self, *overrides: str, listener: Recorder | None = None, fresh: bool = False) -> Published:
        study = load(self.folder / "study.yaml", facts=FACTS, overrides=overrides)
        return run(
            study,
            reports=self.reports,
            fresh=fresh,
            listener=listener or Recorder(),
            launcher=self.launcher,
        )


@pytest.fixture(autouse=True)
def without_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Charts take longer than all the rest of such a run; tests/report and tests/cli draw them."""
    none = {"pairs": None, "front": None, "history": None, "sides": None, "sides_left": 0}
    monkeypatch.setattr("autotune.report.page._charts", lambda *_: none)


@pytest.fixture(scope="session")
def launcher() -> Iterator[Launcher]:
    with Launcher() as running:
        yield running


@pytest.fixture
def desk(tmp_path: Path, launcher: Launcher) -> Desk:
    found = Desk(tmp_path, launcher)
    found.write()
    return found


@pytest.fixture
def recorder() -> Callable[..., Any]:
    return Recorder
