"""What is recommended of a search: under noise what its neighbours bear out, else what was best."""

from __future__ import annotations

from pathlib import Path

import pytest

from autotune.flow.sampling import recommended
from autotune.model.run import RunRecord
from autotune.model.study import Study
from autotune.model.trial import Sample, State, Trial
from autotune.study.load import load

STUDY = """
study: demo
workload:
  workload: formula
  command: ["echo", "score", "{x}"]
  metrics: {score: {regex: 'score (\\\\S+)', direction: maximize}}
  parameters:
    x: {int: [0, 60], default: 0}
objective: {metric: score}
sampler: {name: random, seed: 3}
budget: {trials: 40}
"""

LUCKY = 5


@pytest.fixture
def study(tmp_path: Path) -> Study:
    path = tmp_path / "study.yaml"
    path.write_text(STUDY)
    return load(path, facts={})


def sample(score: float) -> Sample:
    return Sample(state=State.OK, metrics={"score": score})


def record(noise: float) -> RunRecord:
    """The score rises with x, and one low x was lucky; the baseline shows `noise`."""
    trials = [
        Trial(
            number=number,
            config={"x": x},
            origin="random",
            state=State.OK,
            value=value,
            samples=(sample(value),),
        )
        for number, x in enumerate(range(0, 60, 2))
        for value in [100.0 + x]
    ]
    lucky = Trial(
        number=len(trials),
        config={"x": LUCKY},
        origin="random",
        state=State.OK,
        value=160.0,
        samples=(sample(160.0),),
    )
    baseline = tuple(sample(100 * (1 + noise * off)) for off in (-1.2, -0.6, 0.0, 0.6, 1.2))
    return RunRecord(run="r", study="demo", document={}, host={}, baseline=baseline, trials=(*trials, lucky))


def test_without_noise_the_best_value_is_recommended(study: Study) -> None:
    assert recommended(study, record(0.0), 1)[0].config == {"x": LUCKY}


def test_under_noise_a_lucky_value_is_not_recommended_whatever_the_sampler(study: Study) -> None:
    best = recommended(study, record(0.3), 3)
    assert len(best) == 3
    assert {trial.config["x"] for trial in best} <= set(range(42, 60, 2))
