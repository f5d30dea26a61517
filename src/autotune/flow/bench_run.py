"""Measures one configuration, and says what makes its figures doubtful."""

from __future__ import annotations

import os
import statistics
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from autotune.core.errors import WorkloadError
from autotune.core.redact import secret_values
from autotune.core.registry import load
from autotune.core.units import show_seconds
from autotune.flow.bench import Bench
from autotune.flow.bench_target import Target
from autotune.flow.calibrate import calling, chosen
from autotune.flow.host import Host
from autotune.flow.needs import refuse_missing
from autotune.judge.brevity import TIMES
from autotune.judge.disturbance import disturbance
from autotune.judge.stability import UNSTABLE, relative_range
from autotune.measure.launcher import Launcher
from autotune.measure.serving.serving import serving
from autotune.model.trial import Sample, State
from autotune.report.told import told

_SEED = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How often to measure, where, on which machine, and whom to tell: of counted samples, and of notes."""

    runs: int
    warmups: int
    scratch: Path
    launcher: Launcher
    host: Host
    tell: Callable[[int, Sample], None]
    note: Callable[[str], None]


def samples(target: Target, plan: Plan) -> tuple[Sample, ...]:
    """The counted samples of `target`, failed ones too.

    Raises WorkloadError where something that it needs is missing, where the environment fails, and where
    every sample does.
    """
    workload, config = target.workload, target.config
    refuse_missing(workload)
    if told := plan.host.ready(workload):
        plan.note(told)
    secrets = secret_values({**os.environ, **workload.env})
    bench = Bench(
        workload=workload,
        baseline=config,
        launcher=plan.launcher,
        driver=load("drivers", workload.driver)(),
        host=plan.host,
        scratch=plan.scratch,
        seed=_SEED,
        secrets=secrets,
        note=plan.note,
        serving=serving(workload, plan.launcher, plan.note, secrets=secrets),
    )
    with closing(bench):
        return _taken(bench, target, plan)


def _taken(bench: Bench, target: Target, plan: Plan) -> tuple[Sample, ...]:
    """Warm-ups, then the counted samples."""
    workload, config = target.workload, target.config
    if (python := workload.python) and python.calibrate:
        bench.workload = calling(workload, python, chosen(bench, python))
    for _ in range(plan.warmups):
        bench.sample(config, trial=-1)
    found = []
    for number in range(plan.runs):
        if workload.load is not None:
            bench.seed = number  # one schedule of arrivals for all samples would hide how much it matters
        found.append(bench.sample(config, trial=number))
        plan.tell(number, found[-1])
    return tuple(found)


def refuse_hopeless(target: Target, found: Sequence[Sample]) -> None:
    """Raises WorkloadError, with the end of the last output, where no sample is good."""
    if any(sample.state is State.OK for sample in found):
        return
    last = "\n".join(f"  | {line}" for line in found[-1].output.strip().splitlines()[-8:])
    raise WorkloadError(
        f"every sample of '{target.workload.name}' failed: {found[-1].reason}\n{last}\n"
        "Make the workload run under this configuration first."
    )


def warnings(target: Target, found: Sequence[Sample], *, floor_s: float | None) -> tuple[str, ...]:
    """What a reader of the table has to know; `floor_s` is how long a process takes to start, if known."""
    good = [sample for sample in found if sample.state is State.OK]
    return (
        *_short(good, floor_s),
        *_unstable(target, good),
        *_disturbed(good),
        *_failed(found),
        *_told(found),
    )


def _short(good: Sequence[Sample], floor_s: float | None) -> Iterator[str]:
    if not good or not floor_s:
        return
    middle = statistics.median(sample.wall_s for sample in good)
    if middle < TIMES * floor_s:
        yield (
            f"short: a sample takes {_fine(middle)}, and starting a process takes {_fine(floor_s)} of it. "
            f"Let one sample do more work, {TIMES} times the start at least"
        )


def _unstable(target: Target, good: Sequence[Sample]) -> Iterator[str]:
    columns = {m.name: [s.metrics[m.name] for s in good] for m in target.workload.metrics}
    for name, values in (columns or {"wall_s": [s.wall_s for s in good]}).items():
        share = relative_range(values)
        if share is not None and share >= UNSTABLE:
            yield (
                f"unstable: {name} ranges over {share:.0%} of its mean in {len(values)} samples. "
                "A longer sample, a reset or a quieter machine helps"
            )


def _disturbed(good: Sequence[Sample]) -> Iterator[str]:
    seen = [found for sample in good if (found := disturbance(sample))]
    if seen:
        worst = max(seen, key=lambda one: one.size)
        yield (
            f"disturbed: something else ran beside {len(seen)} of {len(good)} samples, at the worst {worst}. "
            "`autotune doctor` says more"
        )


def _failed(found: Sequence[Sample]) -> Iterator[str]:
    reasons = Counter(f"{s.state}: {s.reason}" for s in found if s.state is not State.OK)
    for reason, count in reasons.items():
        yield f"{count} of {len(found)} samples failed, and are not in the table: {reason}"


def _told(found: Sequence[Sample]) -> Iterator[str]:
    """The samples' own warnings (processes left behind, a saturated service), each once."""
    for text, count in told(found).items():
        yield f"{text} (in {count} of {len(found)} samples)"


def _fine(seconds: float) -> str:
    return f"{1000 * seconds:.2g} ms" if seconds < 0.1 else show_seconds(seconds)
