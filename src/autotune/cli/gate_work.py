"""What `autotune gate` does, once its options are read."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import click

from autotune.cli.gate_outputs import Kept, Outputs
from autotune.cli.live import LiveLine
from autotune.core.errors import ExitCode, UsageError, WorkloadError
from autotune.core.files import locked
from autotune.core.units import UnitError, duration_s, share
from autotune.flow.bench_scratch import scratch
from autotune.flow.bench_target import Target, from_file
from autotune.flow.compare import Room
from autotune.flow.compare_target import Arms
from autotune.flow.gate import Gate, Gated, missing
from autotune.flow.gate import gate as measured
from autotune.flow.gate_arms import Sides, base_and_head, is_new, of_drill, of_profile, sides
from autotune.flow.gate_recorded import Recorded, against, capped, most_pairs, recorded
from autotune.flow.gate_rules import Rules, of_gain, ruled
from autotune.flow.host import Host, state
from autotune.judge.gate import gated, holds
from autotune.measure.fingerprint import fingerprint
from autotune.measure.host import facts
from autotune.measure.launcher import Launcher
from autotune.model.gate import Answer
from autotune.study.kind import kind_of

_WAIT_S = 600.0
"""For another gate on this machine: two at once would measure each other."""

_YAML = frozenset({".yaml", ".yml"})
_HARDEST = 10.0
_ANOTHER_TIME = (
    "the baseline was measured at another time: what the machine did since counts as a change. "
    "--base measures both now"
)
_NEVER = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the command line asks for."""

    files: Sequence[Path]
    base: str | None
    profile: Path | None
    baseline: Path | None
    drill: str | None
    settings: Sequence[str]
    rules: Rules
    rounds: int
    max_time: str | None
    allow_missing: bool
    reports: Path


@dataclass(slots=True, kw_only=True)
class _Work:
    """What there is to measure: the arms of each file, and what is known of the commits."""

    files: Sequence[Path]
    arms: Sequence[Arms]
    sides: Sides | None = None
    record: Recorded | None = None
    doubts: list[str] = field(default_factory=list)


def gate(asked: Asked, outputs: Outputs, launcher: Launcher, host: Host) -> int:
    """Measures the arms of every file, prints the answers and writes the outputs; the exit code."""
    _refuse_several(asked)
    seconds = _seconds(asked.max_time)
    began = datetime.now(UTC).isoformat(timespec="seconds")
    lock = state() / "gate.lock"
    with (
        locked(lock, what="this machine (another gate measures on it)", wait_s=min(_WAIT_S, seconds)),
        scratch(asked.reports) as folder,
        LiveLine() as line,
        _work(asked, folder, launcher, host) as work,
    ):
        host.note = line.note
        room = _room(folder, launcher, host, line)
        found = _measured(asked, work, room, time.monotonic() + seconds)
        line.update("")
    if not found:
        raise WorkloadError("nothing could be compared, and a gate that looks at nothing does not pass")
    names = {
        arms.candidate.workload.name: str(path) for path, arms in zip(work.files, work.arms, strict=True)
    }
    answer = outputs.tell(
        found, files=names, said=work.arms[0].said, kept=_kept(work, began, asked.reports), doubts=work.doubts
    )
    return _code(asked, answer, strict=outputs.strict)


def _refuse_several(asked: Asked) -> None:
    ways = {
        "--base": asked.base,
        "--profile": asked.profile,
        "--baseline": asked.baseline,
        "--drill": asked.drill,
    }
    given = [name for name, value in ways.items() if value is not None]
    if not given:
        raise UsageError(
            "say what to compare with: --base origin/main, or --profile FILE; --drill 10% tries the gate"
        )
    if len(given) > 1:
        raise UsageError(f"{' and '.join(given)} exclude each other: a gate compares two things")


def _seconds(text: str | None) -> float:
    try:
        return _NEVER if text is None else duration_s(text)
    except UnitError as error:
        raise UsageError(f"--max-time: {error}") from error


@contextmanager
def _work(asked: Asked, folder: Path, launcher: Launcher, host: Host) -> Iterator[_Work]:
    files = _found(asked.files)
    targets = [from_file(path, asked.settings, facts(), read=host.read) for path in files]
    _refuse_one_name(files, targets)
    with ExitStack() as stack:
        if asked.profile is not None:
            profile = asked.profile
            arms = [of_profile(path, profile, asked.settings, facts(), host.read) for path in files]
            yield _Work(files=files, arms=arms)
        elif asked.base is not None:
            known = sides(files[0], asked.base, asked.reports)
            tree = folder.parent / "base"
            arms = stack.enter_context(base_and_head(known, targets, tree, launcher))
            yield _Work(files=files, arms=arms, sides=known, doubts=list(_doubts(known, files)))
        elif asked.baseline is not None:
            record = recorded(asked.baseline)
            arms = [against(record, target) for target in targets]
            yield _Work(files=files, arms=arms, record=record, doubts=[_ANOTHER_TIME])
        else:
            by = _share(asked.drill or "")
            yield _Work(files=files, arms=[of_drill(target, by) for target in targets])


def _found(places: Sequence[Path]) -> list[Path]:
    """The workload and study files that are named, or lie in the folders that are."""
    found: list[Path] = []
    for path in places:
        found += sorted(p for p in path.iterdir() if p.suffix in _YAML) if path.is_dir() else [path]
    if not found:
        raise UsageError(f"no workload and no study in {', '.join(map(str, places))}: nothing to gate")
    for path in found:
        kind_of(path)
    return found


def _refuse_one_name(files: Sequence[Path], targets: Sequence[Target]) -> None:
    names = [target.workload.name for target in targets]
    for path, name in zip(files, names, strict=True):
        if names.count(name) > 1:
            raise UsageError(f"{path}: another of these files has the workload '{name}' too")


def _doubts(known: Sides, files: Sequence[Path]) -> Iterator[str]:
    if changed := known.changed:
        shown = ", ".join(changed[:3]) + ", ..." * (len(changed) > 3)
        files_are = "file that is" if len(changed) == 1 else "files that are"
        yield f"the head is the working tree, with {len(changed)} {files_are} not committed: {shown}"
    if known.base.sha == known.head.sha and not changed:
        yield f"base and head are the same commit, {known.base.short}"
    for path in files:
        if known.repository.differs(known.base, path.resolve()):
            yield f"{path} is another one in the base: both are measured as the head's says"


def _share(text: str) -> float:
    try:
        by = share(text)
    except UnitError as error:
        raise UsageError(f"--drill: {error}") from error
    if not 0 < by <= _HARDEST:
        raise UsageError(f"--drill has to be above 0 % and at most 1000 %, found {text}")
    return by


def _room(folder: Path, launcher: Launcher, host: Host, line: LiveLine) -> Room:
    return Room(
        scratch=folder,
        launcher=launcher,
        host=host,
        keep=lambda _: None,
        tell=lambda done, planned, _: line.update(f"pair {done} of at most {planned}"),
        note=line.note,
    )


def _measured(asked: Asked, work: _Work, room: Room, deadline: float) -> dict[str, Gated]:
    found: dict[str, Gated] = {}
    for path, arms in zip(work.files, work.arms, strict=True):
        name = arms.candidate.workload.name
        rules = asked.rules
        if work.record:
            rules = replace(rules, pairs=most_pairs(work.record, arms.candidate, rules.pairs))
        comparison, plans = (of_gain if asked.profile else ruled)(arms, rules)
        judge = holds if asked.profile else gated
        try:
            found[name] = measured(
                Gate(comparison=comparison, plans=plans, rounds=asked.rounds, deadline=deadline, judge=judge),
                room,
            )
            if work.record:
                found[name] = capped(work.record, arms.candidate, found[name])
        except WorkloadError as error:
            if work.sides is None or not is_new(work.sides, path):
                raise
            work.doubts.append(f"{name} is new, and the base cannot run it: {error}")
    if work.sides is not None and not asked.allow_missing:
        found |= {name: missing(name) for name in _gone(work.sides, asked.files)}
    return found


def _kept(work: _Work, began: str, own: Path) -> Kept:
    known = work.sides
    head = known or _around(work.files[0], own)
    return Kept(
        time=began,
        head=head.head if head else None,
        base=known.base if known else None,
        changed=head.changed if head else (),
        fingerprints={
            arms.candidate.workload.name: fingerprint(arms.candidate.workload) for arms in work.arms
        },
    )


def _around(path: Path, own: Path) -> Sides | None:
    """The commit of the working tree that `path` is in, if it is in one."""
    with suppress(UsageError):
        return sides(path, "HEAD", own)
    return None


def _gone(known: Sides, places: Sequence[Path]) -> Iterator[str]:
    """Files of the base that lie in the named folders no more: a benchmark that is gone finds nothing."""
    for folder in (place.resolve() for place in places if place.is_dir()):
        for path in known.repository.files(known.base, folder):
            if path.suffix in _YAML and not path.exists():
                yield path.name


def _code(asked: Asked, answer: Answer, *, strict: bool) -> int:
    if asked.drill:
        caught = answer is Answer.FAIL
        told = "caught: this gate can fail" if caught else "NOT caught: a regression as large would pass"
        click.echo(f"drill: {told}")
        return ExitCode.GOOD if caught else ExitCode.WORSE
    if answer is Answer.FAIL:
        return ExitCode.WORSE
    return ExitCode.UNDECIDED if strict and answer is Answer.UNDECIDED else ExitCode.GOOD
