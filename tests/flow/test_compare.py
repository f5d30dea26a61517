from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from autotune.core.errors import UsageError, WorkloadError
from autotune.flow.compare import Room, compared
from autotune.flow.compare_rules import Comparison, Rules, ruled
from autotune.flow.compare_target import Arms, of_commands, of_file, twice
from autotune.flow.host import Host
from autotune.flow.pairs import coins
from autotune.judge.confirmed import verdict_on
from autotune.measure.launcher import Launcher
from autotune.model.run import Confirmation, PairedSample
from autotune.model.trial import State
from autotune.model.verdict import Result

FACTS = {"host.cpus": 2, "host.memory_mib": 4096}

WORKLOAD = """\
workload: w
command: ["{python}", "-I", "-S", "w.py", "{jobs}"]
timeout: 5s
metrics: {ops: {regex: 'ops (\\S+)', direction: maximize}, lat: {regex: 'lat (\\S+)', unit: ms}}
parameters:
  jobs:  {int: [1, 8], default: 2}
  depth: {int: [1, 9], default: 3, when: jobs > 4, apply: {env: DEPTH}}
"""

PYTHON = """\
workload: p
driver: python
python: {call: "mod:run", path: ., calibrate: true}
metrics: {call_s: {returned: call_s, unit: s}}
parameters:
  size: {int: [1, 4], default: 1}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "w.py").write_text("import sys\nprint('ops', 10 * int(sys.argv[1]), 'lat 2')\n")
    path = tmp_path / "w.yaml"
    path.write_text(WORKLOAD)
    return path


@dataclass
class Measure:
    """Measures a comparison, and remembers what was kept and told."""

    folder: Path
    launcher: Launcher
    kept: list[PairedSample] = field(default_factory=list)
    pairs: list[int] = field(default_factory=list)

    def __call__(self, comparison: Comparison, **options) -> Confirmation:
        room = Room(
            scratch=self.folder / "scratch",
            launcher=self.launcher,
            host=Host(print),
            keep=self.kept.append,
            tell=lambda done, _planned, _verdict: self.pairs.append(done),
            note=lambda _: None,
        )
        return compared(comparison, room, **options)


@pytest.fixture
def measure(tmp_path: Path, launcher: Launcher) -> Measure:
    return Measure(tmp_path, launcher)


def arms(file: Path, *b: str, a: tuple[str, ...] = (), both: tuple[str, ...] = ()) -> Arms:
    return of_file(file, both=both, a=a, b=b, facts=FACTS)


def test_arms_are_called_by_their_configuration_and_the_keys_that_were_set(file: Path) -> None:
    found = arms(file, "jobs=6", "timeout=7s")
    assert found.said == {"baseline": "jobs=2", "candidate": "jobs=6, depth=3, timeout=7s"}
    assert found.candidate.workload.timeout_s == 7


def test_arms_that_differ_in_an_inactive_parameter_alone_are_alike(file: Path) -> None:
    assert arms(file, "depth=7").alike
    assert not arms(file, "jobs=6", "depth=7", a=("jobs=6",)).alike
    assert not arms(file, "timeout=7s").alike


def test_words_of_a_command_keep_their_braces(measure: Measure) -> None:
    found = of_commands(["echo '{x}'", "true"], timeout_s=5)
    assert found.baseline.workload.command == ("echo", "{{x}}")
    rules = Rules(pairs=6, metric="wall_s")
    assert all(s.sample.state is State.OK for s in measure(ruled(found, rules)).samples)


def test_first_metric_is_compared_where_none_is_named(file: Path) -> None:
    assert ruled(arms(file, "jobs=3"), Rules()).metric.name == "ops"
    other = ruled(arms(file, "jobs=3"), Rules(metric="lat"))
    assert (other.plan.direction, other.plan.pairs, other.plan.margin) == ("minimize", 40, 0.02)


def test_commands_are_compared_by_wall_time() -> None:
    found = ruled(of_commands(["true", "false"], timeout_s=5), Rules())
    assert (found.metric.name, found.metric.unit, found.plan.direction) == ("wall_s", "s", "minimize")


def test_resource_in_a_limit_is_measured_as_a_metric(file: Path) -> None:
    found = ruled(arms(file, "jobs=3"), Rules(limits=("cpu_s <= 1.1 * baseline", "failures == 0")))
    assert [m.name for m in found.arms.candidate.workload.metrics] == ["ops", "lat", "cpu_s"]
    assert [one.metric for one in found.plan.limits] == ["cpu_s", "failures"]


def test_difference_of_a_study_is_in_the_unit_of_its_objective_alone(file: Path) -> None:
    study = file.with_name("s.yaml")
    study.write_text(
        "study: s\nworkload: w.yaml\nobjective: {metric: lat}\nsampler: {seed: 9}\n"
        "validate: {pairs: 12, min_difference: 0.5}\n"
    )
    own = ruled(arms(study, "jobs=3"), Rules())
    assert (own.metric.name, own.plan.absolute_margin, own.plan.pairs, own.seed) == ("lat", 0.5, 12, 9)
    other = ruled(arms(study, "jobs=3"), Rules(metric="ops", seed=0))
    assert (other.plan.absolute_margin, other.seed) == (None, 0)


def test_an_arm_cannot_have_metrics_of_its_own(file: Path) -> None:
    with pytest.raises(UsageError, match="say what differs between the arms"):
        arms(file, "metrics.lat.unit=s")


def test_warm_up_comes_first_and_coins_order_the_pairs(file: Path, measure: Measure) -> None:
    comparison = ruled(arms(file, "jobs=3"), Rules(pairs=12, seed=4))
    found = measure(comparison)
    assert tuple(measure.kept) == found.samples
    assert [(s.pair, s.arm) for s in found.samples[:2]] == [(-1, "baseline"), (-1, "candidate")]
    first = [s.arm == "baseline" for s in found.samples if s.pair >= 0 and s.order == 0 and s.take == 0]
    assert first == coins(4, 0, 12)[: len(first)]
    assert verdict_on(comparison.plan, found).result is Result.BETTER
    assert measure.pairs == list(range(1, len(measure.pairs) + 1))


def test_pairs_end_at_the_look_that_decides_unless_more_are_wanted(file: Path, measure: Measure) -> None:
    comparison = ruled(arms(file, "jobs=3"), Rules(pairs=40))
    measure(comparison)
    assert measure.pairs[-1] == 10
    measure(comparison, enough=lambda _: False)
    assert measure.pairs[-1] == 40


def test_environment_that_fails_under_b_alone_is_a_failure_of_b(file: Path, measure: Measure) -> None:
    file.write_text(file.read_text().replace('"{python}", "-I", "-S", "w.py"', '"./start{jobs}", "w.py"'))
    (file.parent / "start2").write_text("#!/bin/sh\necho ops 2 lat 2\n")
    (file.parent / "start2").chmod(0o755)
    comparison = ruled(arms(file, "jobs=3"), Rules(pairs=6))
    verdict = verdict_on(comparison.plan, measure(comparison))
    assert (verdict.result, verdict.failures_candidate) == (Result.WORSE, 6)


def test_environment_that_fails_under_another_workload_ends_it(measure: Measure) -> None:
    comparison = ruled(of_commands(["true", "./none"], timeout_s=5), Rules())
    with pytest.raises(WorkloadError, match=r"workload 'none' fails: .*\./none"):
        measure(comparison)


def test_both_arms_call_a_calibrated_function_equally_often(tmp_path: Path, measure: Measure) -> None:
    # The baseline's function is slow and B's is quick: calibrated for itself B would make far more calls.
    (tmp_path / "mod.py").write_text(
        "import time\ndef run(size):\n"
        "    open('calls', 'a').write(f'{size}\\n')\n    time.sleep(0.02 / size)\n    return {}\n"
    )
    (tmp_path / "p.yaml").write_text(PYTHON)
    comparison = ruled(arms(tmp_path / "p.yaml", "size=4"), Rules(pairs=6))
    found = measure(comparison)
    calls = Counter((tmp_path / "calls").read_text().split())
    probes = calls["1"] - calls["4"]  # A alone is asked how long a call takes
    assert probes == 1
    assert len(found.samples) >= 14


def test_one_target_can_stand_on_both_sides(file: Path, measure: Measure) -> None:
    comparison = ruled(twice(arms(file).baseline), Rules(pairs=8))
    assert comparison.arms.alike
    assert verdict_on(comparison.plan, measure(comparison)).result is Result.EQUIVALENT


SEVERAL = """
study: s
workload: w.yaml
objectives: [{metric: ops}, {metric: lat, min_gain: 5%}]
limits: ["failures == 0"]
validate: {pairs: 24}
"""


@pytest.fixture
def several(file: Path) -> Path:
    path = file.with_name("several.yaml")
    path.write_text(SEVERAL)
    return path


def test_a_study_of_several_objectives_compares_all_of_them(several: Path, measure: Measure) -> None:
    comparison = ruled(arms(several, "jobs=4"), Rules())
    assert [(other.metric, other.margin, other.tested) for other in comparison.plan.others] == [
        ("lat", 0.05, True)
    ]
    verdict = verdict_on(comparison.plan, measure(comparison))
    assert [(one.metric, one.result) for one in verdict.objectives] == [
        ("ops", Result.BETTER),
        ("lat", Result.EQUIVALENT),
    ]
    assert (verdict.result, verdict.pairs) == (Result.BETTER, 12)


def test_a_metric_asked_for_is_compared_alone_by_its_own_margin(several: Path) -> None:
    plan = ruled(arms(several, "jobs=4"), Rules(metric="lat")).plan
    assert (plan.metric, plan.margin, plan.others) == ("lat", 0.05, ())
    assert [limit.text for limit in plan.limits] == ["failures == 0"]


def test_a_margin_of_the_command_line_is_for_all_objectives_and_a_difference_for_one(several: Path) -> None:
    plan = ruled(arms(several, "jobs=4"), Rules(min_gain="7%")).plan
    assert [plan.margin, *(other.margin for other in plan.others)] == [0.07, 0.07]
    with pytest.raises(UsageError, match="several objectives: add --metric"):
        ruled(arms(several, "jobs=4"), Rules(min_difference="3"))


def test_a_bounded_pick_is_compared_by_its_objective_and_its_bounds(several: Path) -> None:
    several.write_text(SEVERAL + 'pick: {max: ops, subject_to: ["lat <= 1.5 * baseline"]}\n')
    plan = ruled(arms(several, "jobs=4"), Rules()).plan
    assert [limit.text for limit in plan.limits] == ["failures == 0", "lat <= 1.5 * baseline"]
    assert [other.tested for other in plan.others] == [False]


def test_arms_of_other_picks_are_refused(several: Path) -> None:
    with pytest.raises(UsageError, match="objective, limits and validation are the same for both"):
        arms(several, "jobs=4", "pick={lexicographic: [lat, ops]}")
