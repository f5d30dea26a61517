from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from autotune.core.errors import WorkloadError
from autotune.flow.bench_run import Plan, refuse_hopeless, samples, warnings
from autotune.flow.bench_target import from_command, from_file
from autotune.flow.host import Host
from autotune.measure.launcher import Launcher
from autotune.model.trial import Resource, Sample, State

TARGET = from_command(["true"], timeout_s=5)


def sample(
    wall_s: float = 1.0, *, state: State = State.OK, reason: str = "", warned: tuple[str, ...] = ()
) -> Sample:
    return Sample(state=state, reason=reason, wall_s=wall_s, warnings=warned, output="[stdout]\nlast words\n")


def test_steady_samples_of_useful_length_need_no_warning() -> None:
    assert warnings(TARGET, [sample(), sample(1.1)], floor_s=0.001) == ()


def test_sample_shorter_than_twenty_starts_is_called_short() -> None:
    (told,) = warnings(TARGET, [sample(0.019)], floor_s=0.001)
    assert told.startswith("short: a sample takes 19 ms, and starting a process takes 1 ms of it")
    assert warnings(TARGET, [sample(0.021)], floor_s=0.001) == ()


def test_samples_far_apart_are_called_unstable() -> None:
    (told,) = warnings(TARGET, [sample(0.9), sample(1.0), sample(1.3)], floor_s=0.001)
    assert told.startswith("unstable: wall_s ranges over 38% of its mean in 3 samples")


def test_samples_beside_which_others_computed_are_called_disturbed() -> None:
    costs = {"cpu_s": 1.0, "foreign_cpu_s": 1.0, "steal_s": 0.0, "host_cpu_s": 4.0}
    figures = tuple(
        Resource(name=name, value=value, unit="s", source="", quality="exact")
        for name, value in costs.items()
    )
    (told,) = warnings(TARGET, [sample(), replace(sample(), resources=figures)], floor_s=0.001)
    assert told.startswith(
        "disturbed: something else ran beside 1 of 2 samples, at the worst others used 25 %"
    )


def test_what_samples_told_and_failures_are_counted_once_each() -> None:
    left = [sample(warned=(f"sleep ({pid}) still ran at the end and was killed",)) for pid in (17, 18)]
    failed = sample(state=State.FAILED_CONFIG, reason="exit code 3")
    told = warnings(TARGET, [*left, failed, failed], floor_s=0.001)
    assert told == (
        "2 of 4 samples failed, and are not in the table: failed(config): exit code 3",
        "sleep still ran at the end and was killed (in 2 of 4 samples)",
    )


def test_nothing_but_failures_is_an_error_with_the_last_words() -> None:
    failed = sample(state=State.FAILED_CONFIG, reason="exit code 3")
    with pytest.raises(
        WorkloadError, match=r"every sample of 'true' failed: exit code 3\n(.*\n)*  \| last words"
    ):
        refuse_hopeless(TARGET, [failed, failed])
    refuse_hopeless(TARGET, [failed, sample()])


SHORT = """
workload: function
driver: python
python: {call: "bench:run", calibrate: true}
metrics:
  call_s: {unit: s}
  p50: {returned: ms, percentile: 50, unit: ms}
"""


@pytest.mark.slow
def test_a_short_function_is_called_many_times_and_its_lists_are_pooled(tmp_path: Path) -> None:
    (tmp_path / "w.yaml").write_text(SHORT)
    (tmp_path / "bench.py").write_text("def run():\n    return {'ms': [1, 2, 3]}\n")
    with Launcher() as launcher:
        plan = Plan(
            runs=1,
            warmups=0,
            scratch=tmp_path / "scratch",
            launcher=launcher,
            host=Host(print),
            tell=lambda *_: None,
            note=lambda _: None,
        )
        (found,) = samples(from_file(tmp_path / "w.yaml", (), {}), plan)
    assert found.state is State.OK, found.reason
    assert found.metrics["call_s"] < found.wall_s / 1000
    assert found.metrics["p50"] == 2
    # Three values of each of 20 rounds, less those at the beginning that were a warm-up: half at most.
    assert found.counts["p50"] in range(30, 61, 3)
