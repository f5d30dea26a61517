"""How often a run calls a short Python function in one sample: chosen once, and kept with the run."""

from __future__ import annotations

from autotune.flow.calibrate import calling, chosen
from autotune.flow.work import Work
from autotune.judge.brevity import TIMES

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
