"""Chooses how often a short Python function is called in one sample."""

from __future__ import annotations

from dataclasses import replace

from autotune.core.errors import WorkloadError
from autotune.flow.bench import Bench
from autotune.judge.brevity import calls_needed
from autotune.model.returned import CALL_S
from autotune.model.trial import State
from autotune.model.workload import Metric, PythonCall, Workload


def chosen(bench: Bench, python: PythonCall) -> int:
    """Calls that one sample of the bench's baseline asks for; raises WorkloadError where it fails."""
    timed = Metric(name=CALL_S, source="returned", where=CALL_S, unit="s")
    probe = replace(calling(bench.workload, python, 1), metrics=(timed,))
    sample = replace(bench, workload=probe).sample(bench.baseline, trial=-1)
    if sample.state is not State.OK:
        raise WorkloadError(f"the baseline of workload '{bench.workload.name}' fails: {sample.reason}")
    call_s = sample.metrics[CALL_S]
    return calls_needed(call_s, sample.wall_s - call_s)


def calling(workload: Workload, python: PythonCall, calls: int) -> Workload:
    """`workload` whose function is called so often in one sample."""
    return replace(workload, python=replace(python, calls=calls))
