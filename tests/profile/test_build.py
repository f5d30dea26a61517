from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from autotune.core.expression import parse
from autotune.model.run import Confirmation, PairedSample, RunRecord
from autotune.model.space import Apply, Config, Parameter, Space
from autotune.model.study import Budget, Study
from autotune.model.trial import Sample, State
from autotune.model.verdict import Effect, Held, LimitVerdict, Result, Verdict
from autotune.model.workload import Metric, Workload
from autotune.profile.build import build
from autotune.profile.read import read
from autotune.profile.write import to_yaml

_ARGV = Apply(actuator="argv")


@pytest.fixture
def study() -> Study:
    mode = Parameter(
        name="mode",
        kind="choice",
        default="slow",
        values=("slow", "fast", "risky"),
        apply=_ARGV,
        risks={"durability": parse("mode == 'risky'")},
    )
    space = Space(
        parameters=(
            mode,
            Parameter(
                name="depth",
                kind="int",
                default=3,
                low=1,
                high=9,
                apply=_ARGV,
                when=parse("mode == 'fast'"),
            ),
            Parameter(
                name="idle",
                kind="int",
                default=5,
                low=1,
                high=9,
                apply=_ARGV,
                when=parse("mode == 'slow'"),
            ),
            Parameter(name="size", kind="int", default=4, low=1, high=9, apply=_ARGV, unit="MiB"),
            Parameter(
                name="arenas",
                kind="int",
                default=8,
                low=1,
                high=9,
                special=(None,),
                apply=Apply(actuator="env", options={"name": "ARENAS"}),
            ),
        )
    )
    workload = Workload(
        name="w",
        driver="command",
        folder=Path(),
        metrics=(Metric(name="s", source="wall"),),
        space=space,
    )
    return Study(
        name="w",
        path=Path("w.yaml"),
        workload=workload,
        objective="s",
        budget=Budget(trials=5),
        baseline={"size": 6},
    )


def _record(config: Config) -> RunRecord:
    confirmation = Confirmation(attempt=0, trial=1, config=config, alpha=0.05, pairs=8)
    host = {"os": "linux", "cpus": 2, "software": {"python": "3.11"}, "load": [0.1, 0.2]}
    return RunRecord(run="r", study="w", document={}, host=host, confirmations=(confirmation,))


def _verdict(result: Result = Result.BETTER, held: Held = Held.HELD) -> Verdict:
    return Verdict(
        metric="s",
        result=result,
        effect=Effect(estimate=0.2, low=0.1, high=0.3, level=0.95),
        pairs=8,
        planned_pairs=8,
        margin=0.02,
        alpha=0.05,
        looks=(),
        limits=(LimitVerdict(text="s <= 9", held=held, seen=1, worst=2, bound=9),),
        smallest=0.05,
        more_pairs=None,
        failures_baseline=0,
        failures_candidate=0,
        order_effect=None,
        warnings=(),
        explanation="",
        finished=True,
    )


def test_changes_are_what_differs_from_the_completed_baseline(study: Study) -> None:
    config: Config = {"mode": "fast", "depth": 7, "size": 6, "arenas": None}
    profile = build(study, _record(config), _verdict(), version="1", store_sha256="0" * 64)
    assert [(c.parameter, c.before, c.after) for c in profile.changes] == [
        ("mode", "slow", "fast"),
        ("depth", 3, 7),  # inactive in the baseline: its default
        ("idle", 5, None),
        ("arenas", 8, None),
    ]


def test_what_the_machine_made_of_a_value_is_what_was_proven(study: Study) -> None:
    config: Config = {"mode": "slow", "idle": 5, "size": 7, "arenas": 8}
    record = _record(config)
    rounded = {"baseline": ("size", 6, 4), "candidate": ("size", 7, 8)}
    samples = tuple(
        PairedSample(
            attempt=0,
            pair=0,
            arm=arm,
            order=order,
            sample=Sample(state=State.OK, coerced={name: (asked, became)}),
        )
        for order, (arm, (name, asked, became)) in enumerate(rounded.items())
    )
    record = replace(record, confirmations=(replace(record.confirmations[-1], samples=samples),))
    profile = build(study, record, _verdict(), version="1", store_sha256="0" * 64)
    assert [(c.parameter, c.before, c.after) for c in profile.changes] == [("size", 4, 8)]


def test_a_proven_baseline_changes_nothing(study: Study) -> None:
    config: Config = {"mode": "slow", "idle": 5, "size": 6, "arenas": 8}
    assert build(study, _record(config), _verdict(), version="1", store_sha256="0" * 64).changes == ()


def test_risks_of_the_confirmed_configuration_are_named(study: Study) -> None:
    config: Config = {"mode": "risky", "size": 6, "arenas": 8}
    profile = build(study, _record(config), _verdict(), version="1", store_sha256="0" * 64)
    assert profile.risks == {"durability": ("mode",)}


@pytest.mark.parametrize(
    "verdict",
    [
        _verdict(Result.WORSE),
        _verdict(Result.EQUIVALENT),
        _verdict(Result.UNDECIDED),
        _verdict(held=Held.BROKEN),
        _verdict(held=Held.UNSURE),
    ],
)
def test_no_profile_without_proof(study: Study, verdict: Verdict) -> None:
    with pytest.raises(ValueError, match="no profile without proof"):
        build(study, _record({"mode": "fast"}), verdict, version="1", store_sha256="0" * 64)


def test_no_profile_without_a_confirmation(study: Study) -> None:
    record = RunRecord(run="r", study="w", document={}, host={})
    with pytest.raises(ValueError, match="no profile without proof"):
        build(study, record, _verdict(), version="1", store_sha256="0" * 64)


def test_a_built_profile_can_be_written_and_read(study: Study, tmp_path: Path) -> None:
    profile = build(
        study,
        _record({"mode": "fast", "depth": 7, "size": 6}),
        _verdict(),
        version="1",
        store_sha256="0" * 64,
    )
    path = tmp_path / "profile.yaml"
    path.write_text(to_yaml(profile))
    assert read(path).changes == profile.changes
    assert read(path).host == {"os": "linux", "cpus": 2, "software": {"python": "3.11"}}
