"""Measures two arms in coin-ordered pairs, until the verdict on them is finished."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from autotune.core.redact import secret_values
from autotune.core.registry import load
from autotune.flow.bench import Bench
from autotune.flow.calibrate import calling, chosen
from autotune.flow.compare_rules import Comparison
from autotune.flow.host import Host
from autotune.flow.needs import refuse_missing
from autotune.flow.pairs import Pairs, finished, measured
from autotune.measure.drag import Dragged
from autotune.measure.launcher import Launcher
from autotune.measure.serving.serving import serving
from autotune.model.ports import Driver
from autotune.model.run import Arm, Confirmation, PairedSample
from autotune.model.trial import Sample
from autotune.model.verdict import Verdict
from autotune.model.workload import Workload


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Where samples have their folders, what starts them on which machine, who keeps, who hears of them."""

    scratch: Path
    launcher: Launcher
    host: Host
    keep: Callable[[PairedSample], None]
    tell: Callable[[int, int, Verdict | None], None]
    note: Callable[[str], None]


def unmeasured(comparison: Comparison, attempt: int = 0) -> Confirmation:
    """The comparison before its first sample; each attempt has coins of its own."""
    return Confirmation(
        attempt=attempt,
        trial=-1,
        config=comparison.arms.candidate.config,
        alpha=comparison.plan.alpha,
        pairs=comparison.plan.pairs,
    )


def compared(
    comparison: Comparison,
    room: Room,
    *,
    attempt: int = 0,
    enough: Callable[[Verdict], bool] = finished,
    out_of_time: Callable[[], bool] = lambda: False,
) -> Confirmation:
    """Both arms measured, a warm-up first, until a look says `enough` or the time is used up.

    Raises WorkloadError where something that an arm needs is missing, where its environment fails, or where A
    fails too often to compare with.
    """
    refuse_missing(*(target.workload for target in comparison.arms.targets.values()))
    if told := room.host.ready(*(target.workload for target in comparison.arms.targets.values())):
        room.note(told)
    benches = _benches(comparison, room)
    taken: Counter[Arm] = Counter()

    def take(arm: Arm) -> Sample:
        if arm == "baseline" and (known := comparison.arms.recorded):
            taken[arm] += 1
            return known[max(0, taken[arm] - 2) % len(known)]  # the first is asked for as the warm-up too
        bench = benches[arm]
        if bench.workload.load is not None:
            # One schedule of arrivals for all samples would hide how much it matters; a pair has the same.
            bench.seed = comparison.seed + taken[arm]
        taken[arm] += 1
        return bench.sample(comparison.arms.targets[arm].config, trial=-1)

    pairs = Pairs(
        what=f"workload '{comparison.arms.baseline.workload.name}'",
        seed=comparison.seed,
        plan=comparison.plan,
        take=take,
        keep=room.keep,
        tell=room.tell,
        note=room.note,
        out_of_time=out_of_time,
        enough=enough,
    )
    with closing(benches["baseline"]), closing(benches["candidate"]):
        return measured(pairs, unmeasured(comparison, attempt))


def _benches(comparison: Comparison, room: Room) -> Mapping[Arm, Bench]:
    """A bench for each arm; they count their samples together.

    Where both arms are one workload, A tells whether the environment is to blame when B fails. A workload of
    its own has nobody else to tell: its environment's failure ends the comparison.
    """
    a, b = comparison.arms.baseline, comparison.arms.candidate
    secrets = secret_values({**os.environ, **a.workload.env, **b.workload.env})
    first = Bench(
        workload=a.workload,
        baseline=a.config,
        launcher=room.launcher,
        driver=_driver(a.workload, 0.0 if comparison.arms.drag else None),
        host=room.host,
        scratch=room.scratch,
        seed=comparison.seed,
        secrets=secrets,
        note=room.note,
        serving=serving(a.workload, room.launcher, room.note, secrets=secrets),
    )
    second = replace(
        first,
        workload=b.workload,
        baseline=a.config if a.workload == b.workload else b.config,
        driver=_driver(b.workload, comparison.arms.drag or None),
        serving=first.serving
        if a.workload == b.workload
        else serving(b.workload, room.launcher, room.note, secrets=secrets),
    )
    _calibrate(first, second)
    return {"baseline": first, "candidate": second}


def _driver(workload: Workload, drag: float | None) -> Driver:
    """The workload's driver; where one arm is slowed down, what does that starts the other's command too."""
    driver: Driver = load("drivers", workload.driver)()
    return driver if drag is None else Dragged(driver, drag)


def _calibrate(first: Bench, second: Bench) -> None:
    """Makes both arms call a function with `calibrate: true` as often as A asks for."""
    one, other = first.workload.python, second.workload.python
    if one is None or other is None or not one.calibrate:
        return
    calls = chosen(first, one)
    first.workload = calling(first.workload, one, calls)
    second.workload = calling(second.workload, other, calls)
