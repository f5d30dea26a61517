"""What `autotune compare` does, once its options are read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from autotune.cli.codes import code_of
from autotune.cli.live import LiveLine, note
from autotune.core.errors import UsageError
from autotune.core.redact import printable, redacted
from autotune.core.units import UnitError, duration_s
from autotune.flow.bench_run import warnings
from autotune.flow.bench_scratch import scratch
from autotune.flow.compare import Room, compared, unmeasured
from autotune.flow.compare_rules import Comparison
from autotune.flow.compare_target import A_AND_B, Arms, of_commands, of_file, refuse_alike
from autotune.flow.floors import known_floor
from autotune.flow.host import Host
from autotune.judge.confirmed import verdict_on
from autotune.judge.margin import floored_plan, margin_told, place_of
from autotune.judge.plan import Plan
from autotune.measure.fingerprint import fingerprint
from autotune.measure.floor import spawn_floor_s
from autotune.measure.host import describe, facts
from autotune.measure.launcher import Launcher
from autotune.model.run import Arm, Confirmation, PairedSample
from autotune.model.verdict import Verdict
from autotune.model.workload import Metric
from autotune.report.compare import data, details, next_step, of_arms, second_runs, sentence, table
from autotune.study.current import Read


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Where samples have their folders, what starts them, on which machine, and how to tell of them."""

    reports: Path
    launcher: Launcher
    host: Host
    as_json: bool


def arms(
    workload: Path | None,
    commands: Sequence[str],
    a: Sequence[str],
    b: Sequence[str],
    both: Sequence[str],
    timeout: str | None,
    *,
    same: bool,
    read: Read,
) -> Arms:
    """What the command line asks to compare; raises UsageError where that makes no sense.

    `read` tells what the machine holds.
    """
    if (workload is None) == (not commands):
        raise UsageError(
            "name a workload's file and what differs, as in: autotune compare workload.yaml --b threads=4; "
            "or two commands after --, as in: autotune compare -- 'sort data' 'sort -u data'"
        )
    if workload is not None:
        if timeout:
            raise UsageError("--timeout belongs to commands after --. For a file: --set timeout=20s")
        found = of_file(workload, both=both, a=a, b=b, facts=facts(), read=read)
    elif a or b or both:
        raise UsageError("--a, --b and --set belong to a workload's file; bare commands have no parameters")
    else:
        found = of_commands(commands, timeout_s=_seconds(timeout or "300s"))
    if not same:
        refuse_alike(found)
    return found


def _seconds(timeout: str) -> float:
    try:
        return duration_s(timeout)
    except UnitError as error:
        raise UsageError(f"--timeout: {error}") from error


def compare(comparison: Comparison, options: Options) -> int:
    """Measures both arms and prints the verdict; the exit code says which of the four answers it was.

    Where it is stopped, what the pairs said by then is printed, and KeyboardInterrupt goes on.
    """
    host = {**describe(), "fingerprint": fingerprint(comparison.arms.baseline.workload)}
    host["spawn_floor_s"] = spawn_floor_s(options.launcher)
    comparison, margin = _floored(comparison, host)
    taken: list[PairedSample] = []
    told = _Told(comparison, options, host, margin)
    try:
        with scratch(options.reports) as folder, LiveLine() as line:
            found = compared(comparison, _room(folder, options, line, taken))
    except KeyboardInterrupt:
        partial = replace(unmeasured(comparison), samples=tuple(taken))
        if (verdict := verdict_on(comparison.plan, partial)).pairs:
            told.show(partial, verdict, stopped=True)
        raise
    verdict = verdict_on(comparison.plan, found)
    told.show(found, verdict, stopped=False)
    return code_of(verdict.result)


def _floored(comparison: Comparison, host: dict[str, Any]) -> tuple[Comparison, str]:
    """The comparison with the margin that the machine's floor leaves, what to say of it; `host` holds it.

    Of a bare command no floor is known: its name says too little of what it does.
    """
    if comparison.arms.bare:
        return comparison, ""
    plan, name = comparison.plan, comparison.arms.baseline.workload.name
    floor = known_floor(name, plan.metric, host["fingerprint"], note)
    host["floor"] = floor and floor.plain()
    told = [margin_told(floor, plan.margin, plan.absolute_margin)]
    others = []
    for other in plan.others:
        found = known_floor(name, other.metric, host["fingerprint"], note)
        host[place_of(other.metric)] = found and found.plain()
        told.append(margin_told(found, other.margin, other.absolute_margin))
        others.append(floored_plan(other, found))
    return replace(comparison, plan=replace(floored_plan(plan, floor), others=tuple(others))), _told(
        plan, told
    )


def _told(plan: Plan, told: Sequence[str]) -> str:
    """What is told of the margins, in one text; of several objectives with their names."""
    if not plan.others:
        return told[0]
    names = (plan.metric, *(other.metric for other in plan.others))
    return "; ".join(f"{name}: {text}" for name, text in zip(names, told, strict=True) if text)


def _room(folder: Path, options: Options, line: LiveLine, taken: list[PairedSample]) -> Room:
    options.host.note = line.note
    return Room(
        scratch=folder,
        launcher=options.launcher,
        host=options.host,
        keep=taken.append,
        tell=line.pair,
        note=line.note,
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """Prints a comparison."""

    comparison: Comparison
    options: Options
    host: dict[str, Any]
    margin: str

    def show(self, found: Confirmation, verdict: Verdict, *, stopped: bool) -> None:
        """For machines or for people."""
        doubts = [*self._stopped(verdict, stopped=stopped), *self._doubts(found, verdict)]
        if self.options.as_json:
            click.echo(json.dumps(self._data(found, verdict, doubts, stopped=stopped), allow_nan=False))
        else:
            self._print(found, verdict, doubts)

    @property
    def _metrics(self) -> Sequence[Metric]:
        return self.comparison.arms.baseline.workload.metrics

    def _stopped(self, verdict: Verdict, *, stopped: bool) -> Iterator[str]:
        if stopped:
            pairs = self.comparison.plan.pairs
            yield f"stopped in the course of {pairs} pairs: this is what {verdict.pairs} of them say"

    def _doubts(self, found: Confirmation, verdict: Verdict) -> Iterator[str]:
        if self.margin:
            yield self.margin
        yield from verdict.warnings
        if told := second_runs(self.comparison.plan, found, self._metrics):
            yield told
        for arm, samples in of_arms(found).items():
            target = self.comparison.arms.targets[arm]
            for text in warnings(target, samples, floor_s=self.host["spawn_floor_s"]):
                yield f"{A_AND_B[arm]}: {text}"

    def _print(self, found: Confirmation, verdict: Verdict, doubts: Sequence[str]) -> None:
        click.echo(sentence(verdict, self._metrics))
        for arm, letter in A_AND_B.items():
            said = printable(redacted(self.comparison.arms.said[arm])).replace("\n", " ")
            click.echo(f"  {letter}  {said}")
        for line in details(verdict, self._metrics):
            click.echo(line)
        for doubt in doubts:
            click.echo(printable(f"warning: {doubt}").replace("\n", " "))
        click.echo()
        click.echo(table(self._metrics, found))
        click.echo()
        click.echo(next_step(verdict, self.comparison.plan.pairs))

    def _data(
        self, found: Confirmation, verdict: Verdict, doubts: Sequence[str], *, stopped: bool
    ) -> dict[str, Any]:
        targets, plan = self.comparison.arms.targets, self.comparison.plan
        about = {
            "arms": {A_AND_B[arm].lower(): self._arm(arm) for arm in A_AND_B},
            "limits": [limit.text for limit in plan.limits],
            "pairs": plan.pairs,
            "seed": self.comparison.seed,
            "stopped": stopped,
            "host": self.host,
            "warnings": doubts,
        }
        workloads = {arm: target.workload for arm, target in targets.items()}
        return data(plan, found, verdict, workloads, about=about)

    def _arm(self, arm: Arm) -> dict[str, Any]:
        target = self.comparison.arms.targets[arm]
        known = fingerprint(target.workload)
        return {
            "said": self.comparison.arms.said[arm],
            "workload": target.workload.name,
            "config": target.config,
            "fingerprint": {name: value for name, value in known.items() if name.startswith("workload.")},
        }
