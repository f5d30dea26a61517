"""Measures tests: alone, beside another commit, or beside what was recorded."""

from __future__ import annotations

import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from autotune.core.errors import AutotuneError, TerminatedError, UsageError, WorkloadError
from autotune.core.files import locked
from autotune.core.units import duration_s
from autotune.flow.bench_run import Plan as BenchPlan
from autotune.flow.bench_run import refuse_hopeless, samples
from autotune.flow.bench_target import Target, from_file
from autotune.flow.compare import Room, unmeasured
from autotune.flow.compare_rules import Comparison
from autotune.flow.compare_target import Arms, twice
from autotune.flow.gate import Gate, Gated, gate
from autotune.flow.gate_arms import WORKING_TREE, Sides, is_new, of_base, sides
from autotune.flow.gate_recorded import Recorded, against, capped, most_pairs, recorded
from autotune.flow.gate_rules import Rules, ruled
from autotune.flow.gate_tree import build
from autotune.flow.host import Host, state
from autotune.judge.gate import gated
from autotune.judge.plan import Plan
from autotune.measure.fingerprint import fingerprint
from autotune.measure.host import facts
from autotune.measure.launcher import Launcher
from autotune.model.run import ARMS, PairedSample
from autotune.model.trial import Sample, State
from autotune.pytest_plugin import process, tuning
from autotune.pytest_plugin.found import Found, alone
from autotune.pytest_plugin.marker import Marked
from autotune.pytest_plugin.options import Asked, Options
from autotune.pytest_plugin.worker import LEAST_S, timed

_RUNS = 10
"""Samples of what is compared with nothing, and kept nowhere."""

_WAIT_S = 3600.0
"""For another session, or a gate, that measures on this machine."""

_NO_SUCH_TEST = "no match in any of"
"""What pytest says where the file of a test is there, and the test is not in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Base:
    """The commit to compare with, checked out in `tree`."""

    sides: Sides
    tree: Path


class Bench:
    """What a session measures with: a launcher, a folder, and a working tree of the base where there is one.

    What was found of a test goes to its stash. A test fails by pytest.fail where its answer is one; what
    cannot be measured is undecided.
    """

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._options = config.stash[Options.key]
        self._stack = ExitStack()
        self._stack.enter_context(_terminable())
        self._launcher = self._stack.enter_context(Launcher())
        self._host = self._stack.enter_context(Host(lambda _: None))
        folder = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="autotune-"))
        self._folder = Path(folder)
        self._base: _Base | None = None
        self._record: Recorded | None = None
        self._built: set[str] = set()

    def close(self) -> None:
        """Ends the processes, and removes the folder and the tree."""
        self._stack.close()

    def function(self, item: pytest.Item, marker: Marked) -> None:
        """Measures what the test gives to `autotune(...)`, in processes of their own."""

        def measured(asked: Asked) -> Found:
            return self._target(self._function(item, self._calls(item)), asked, item.path)

        self._keep(item, marker, measured)

    def workload(
        self, item: pytest.Item, path: Path, values: Mapping[str, Any], marker: Marked
    ) -> Mapping[str, float]:
        """Measures the workload in the file at `path`; the metrics of one sample of it.

        Raises FileError for what is wrong in it or with a value, WorkloadError where that sample fails.
        """
        target = from_file(path, [f"{k}={v}" for k, v in values.items()], facts(), read=self._host.read)
        first = self._samples(target, runs=1)
        refuse_hopeless(target, first)
        if self._options.active:
            named = replace(target, workload=replace(target.workload, name=process.name_of(item)))
            self._keep(item, marker, lambda asked: self._target(named, asked, path))
        return first[0].metrics

    def file(self, item: pytest.Item, path: Path) -> Found:
        """Compares the workload or study in the file at `path`; errors are in what is found."""
        asked = self._options.asked(Marked(workload=str(path)))
        with self._lock():
            try:
                return self._target(from_file(path, (), facts(), read=self._host.read), asked, path)
            except AutotuneError as error:
                return Found(name=process.name_of(item), reason=str(error))

    def in_process(self, item: pytest.Item, call: Callable[[], Any], marker: Marked) -> None:
        """Measures a function in this process, which has the head's code alone."""

        def measured(asked: Asked) -> Found:
            target = self._function(item, 1)
            if self._options.comparing and self._options.file is None:
                return self._found(target, item.path, reason="inprocess=True cannot run the base's code")
            calls = int(timed(call)[1]["calls"])
            taken = [_sample(timed(call, calls=calls)[1]) for _ in range(self._runs(asked))]
            if self._options.comparing:
                return self._beside_record(target, asked, item.path, taken)
            return self._alone(target, asked, item.path, taken)

        self._keep(item, marker, measured)

    def untold(self, item: pytest.Item, marker: Marked, reason: str) -> None:
        """Says why a test is not measured."""
        self._keep(item, marker, lambda _: Found(name=process.name_of(item), reason=reason))

    def tuned(
        self, item: pytest.Item, space: Mapping[str, Any], wish: tuning.Wish, folder: Path
    ) -> tuning.Tuned:
        """The study of the test's function, with its reports in `folder`; errors as `autotune run`."""
        given, known = [f"{name}={{{name}}}" for name in space], tuning.space(space)
        with self._lock():
            first = process.workload(item, calls=0, given=given, space=known)
            calls = self._calls_of(Target(workload=first, base=known.defaults()))
            workload = process.workload(item, calls=calls, given=given)
            return tuning.tuned(workload, space, wish, folder=folder, launcher=self._launcher)

    def _keep(self, item: pytest.Item, marker: Marked, measured: Callable[[Asked], Found]) -> None:
        asked = self._options.asked(marker)
        with self._lock():
            try:
                found = measured(asked)
            except AutotuneError as error:
                found = Found(name=process.name_of(item), reason=str(error))
        item.stash[Found.key] = found
        tell(found, strict=asked.strict)

    def _lock(self) -> Any:
        return locked(
            state() / "gate.lock", what="this machine (another gate measures on it)", wait_s=_WAIT_S
        )

    def _function(self, item: pytest.Item, calls: int) -> Target:
        return Target(workload=process.workload(item, calls=calls), base={})

    def _calls(self, item: pytest.Item) -> int:
        return self._calls_of(self._function(item, 0))

    def _calls_of(self, target: Target) -> int:
        """How often a sample calls the function: found out once, so that all samples do the same."""
        found = self._samples(target, runs=1)
        refuse_hopeless(target, found)
        return max(1, round(LEAST_S / max(found[0].metrics["seconds"], 1e-9)))

    def _samples(self, target: Target, *, runs: int) -> tuple[Sample, ...]:
        plan = BenchPlan(
            runs=runs,
            warmups=0,
            scratch=self._scratch(),
            launcher=self._launcher,
            host=self._host,
            tell=lambda *_: None,
            note=lambda _: None,
        )
        return samples(target, plan)

    def _scratch(self) -> Path:
        return Path(tempfile.mkdtemp(dir=self._folder))

    def _runs(self, asked: Asked) -> int:
        return asked.pairs if self._options.kept else _RUNS

    def _target(self, target: Target, asked: Asked, file: Path) -> Found:
        """`target` as the session's options ask for; `file` says where it is written."""
        if not self._options.comparing:
            return self._alone(target, asked, file)
        return (
            self._beside_record(target, asked, file)
            if self._options.file
            else self._beside_base(target, asked, file)
        )

    def _found(self, target: Target, file: Path, **more: Any) -> Found:
        place = (
            file.relative_to(self._config.rootpath) if file.is_relative_to(self._config.rootpath) else file
        )
        return Found(
            name=target.workload.name, file=str(place), fingerprint=fingerprint(target.workload), **more
        )

    def _alone(
        self, target: Target, asked: Asked, file: Path, taken: Sequence[Sample] | None = None
    ) -> Found:
        comparison, plans = _ruled(twice(target), asked)
        measuring = comparison.arms.candidate
        found = self._samples(measuring, runs=self._runs(asked)) if taken is None else taken
        refuse_hopeless(measuring, found)
        metrics = [measuring.workload.metric(plan.metric) for plan in plans]
        return self._found(target, file, metrics=metrics, rounds=(alone(found),))

    def _beside_base(self, target: Target, asked: Asked, file: Path) -> Found:
        base = self._checked_out()
        commit = base.sides.base.short
        if is_new(base.sides, file):
            return self._found(target, file, note=f"{commit} does not have {file.name}")
        try:
            return self._gated(target, self._arms(target, base), asked, file)
        except WorkloadError as error:
            if _NO_SUCH_TEST in str(error):
                return self._found(target, file, note=f"{commit} does not have this test")
            return self._found(target, file, reason=f"the base {commit}: {error}")

    def _arms(self, target: Target, base: _Base) -> Arms:
        root = base.sides.repository.root
        if target.workload.metrics[: len(process.METRICS)] == process.METRICS:
            there = replace(target, workload=process.in_tree(target.workload, root, base.tree))
            return Arms(
                targets={"baseline": there, "candidate": target},
                said={"baseline": base.sides.base.short, "candidate": WORKING_TREE},
            )
        arms = of_base(base.sides, target, base.tree)
        if target.workload.name not in self._built:
            build(arms.baseline.workload, self._launcher, what=f"the base, {base.sides.base.short},")
            build(arms.candidate.workload, self._launcher, what="the head")
            self._built.add(target.workload.name)
        return arms

    def _checked_out(self) -> _Base:
        """The base, checked out once in a session."""
        if self._base is None:
            known = sides(self._config.rootpath, self._options.compare)
            tree = known.repository.tree(known.base, self._folder / "base")
            self._base = _Base(sides=known, tree=self._stack.enter_context(tree))
        return self._base

    def _gated(self, target: Target, arms: Arms, asked: Asked, file: Path) -> Found:
        comparison, plans = _ruled(arms, asked)
        deadline = time.monotonic() + duration_s(asked.max_time)
        room = Room(
            scratch=self._scratch(),
            launcher=self._launcher,
            host=self._host,
            keep=lambda _: None,
            tell=lambda *_: None,
            note=lambda _: None,
        )
        found = gate(Gate(comparison=comparison, plans=plans, deadline=deadline), room)
        return self._found(target, file, verdicts=found.verdicts, rounds=found.rounds, said=arms.said)

    def _beside_record(
        self, target: Target, asked: Asked, file: Path, taken: Sequence[Sample] | None = None
    ) -> Found:
        known = self._known()
        if not known.samples.get(target.workload.name):
            return self._found(target, file, note=f"{self._options.compare} does not have it")
        asked = replace(asked, pairs=most_pairs(known, target, asked.pairs))
        arms = against(known, target)
        found = (
            self._gated(target, arms, asked, file)
            if taken is None
            else replace(self._found(target, file), **_judged(arms, asked, taken))
        )
        kept = capped(known, target, Gated(verdicts=found.verdicts, rounds=found.rounds))
        return replace(found, verdicts=kept.verdicts)

    def _known(self) -> Recorded:
        if self._record is None:
            self._record = recorded(Path(self._options.compare))
        return self._record


@contextmanager
def _terminable() -> Iterator[None]:
    """Has SIGTERM, which ends pytest at once, unwind as Ctrl-C does: nothing is left of what is measured.

    Where somebody else handles it, or this is no main thread, it stays as it is.
    """

    def stop(*_: object) -> None:
        raise TerminatedError

    plain = signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    if not plain or threading.current_thread() is not threading.main_thread():
        yield
        return
    signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _ruled(arms: Arms, asked: Asked) -> tuple[Comparison, tuple[Plan, ...]]:
    """What is compared and how; a metric or a limit that makes no sense fails the test."""
    try:
        return ruled(arms, Rules(metrics=asked.metrics, limits=(asked.limit,), pairs=asked.pairs))
    except UsageError as error:
        pytest.fail(
            str(error).replace("--metric ", "metrics of the marker or of autotune_metrics: "), pytrace=False
        )


def _judged(arms: Arms, asked: Asked, taken: Sequence[Sample]) -> dict[str, Any]:
    """What samples of this process say beside recorded ones."""
    comparison, plans = _ruled(arms, asked)
    both = {"baseline": arms.recorded, "candidate": tuple(taken)}
    paired = [
        PairedSample(attempt=0, pair=pair, arm=arm, order=order, sample=both[arm][pair])
        for pair in range(min(asked.pairs, len(taken)))
        for order, arm in enumerate(ARMS)
    ]
    found = replace(unmeasured(comparison), samples=tuple(paired))
    return {"verdicts": tuple(gated(found, plan) for plan in plans), "rounds": (found,), "said": arms.said}


def _sample(figures: Mapping[str, float]) -> Sample:
    return Sample(state=State.OK, metrics={m.name: figures[m.name] for m in process.METRICS})


def tell(found: Found, *, strict: bool) -> None:
    """Fails the test where its answer is a failure, or is undecided and `strict`."""
    if found.answer == "fail" or (strict and found.answer == "undecided"):
        first, *others = found.sentences
        pytest.fail("\n".join([f"{found.answer}: {first}", *others]), pytrace=False)
