"""Chooses how often a short Python function is called in one sample."""

from __future__ import annotations

from dataclasses import replace

from autotune.core.errors import WorkloadError
from autotune.flow.bench import Bench
from autotune.flow.work import Work
from autotune.judge.brevity import TIMES, calls_needed
from autotune.model.returned import CALL_S
from autotune.model.trial import State
from autotune.model.workload import Metric, PythonCall, Workload

_KEPT = "calls"
"""Where the run's host facts hold the number."""


def calibrate(work: Work) -> None:
    """Makes the bench call a function with `calibrate: true` as often as its baseline asks for.

    The number is chosen once for a run, from one sample of the baseline that is not kept, and is the same for
    every configuration and after every resume. Raises WorkloadError where that sample fails.
    """
    python = work.study.workload.python
    if python is None or not python.calibrate:
        return
    calls = work.session.record().host.get(_KEPT)
    if calls is None:
        calls = chosen(work.bench, python)
        work.session.store.note_host(work.session.run, {_KEPT: calls})
        work.listener.note(
            f"each sample calls {python.call} {calls:,} times, {TIMES} times what its start costs"
        )
    work.bench.workload = calling(work.study.workload, python, calls)


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
