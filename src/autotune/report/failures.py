"""What went wrong in a run: each failed sample, with the end of what it printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from autotune.model.run import RunRecord
from autotune.model.trial import Sample, State
from autotune.report.told import told

_NO_FAILURES = frozenset({State.OK, State.RUNNING, State.ABORTED})
_TAIL_LINES = 20
_TAIL_CHARACTERS = 3000


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One failed sample, or a trial that failed without one; `tail` is the end of its output."""

    where: str
    state: State
    reason: str
    tail: str = ""


def failures(record: RunRecord) -> tuple[Failure, ...]:
    """Every failure in the order of the run: baseline, trials, sentinels, confirmations.

    A trial that was aborted has not failed.
    """
    return tuple(failure for failure in _all(record) if failure.state not in _NO_FAILURES)


def by_state(found: tuple[Failure, ...]) -> dict[str, int]:
    """How many failures there are of each state, most first."""
    return dict(Counter(str(failure.state) for failure in found).most_common())


def warnings(record: RunRecord) -> dict[str, int]:
    """What else the samples warn of, with the number of samples that do, most first."""
    trials = (sample for trial in record.trials for sample in trial.samples)
    confirmed = (one.sample for confirmation in record.confirmations for one in confirmation.samples)
    again = (sentinel.sample for sentinel in record.sentinels)
    contests = (one.sample for contest in record.contests for one in contest.samples)
    samples = (*record.baseline, *trials, *again, *contests, *confirmed)
    return told(samples)


def _all(record: RunRecord) -> Iterator[Failure]:
    for number, sample in enumerate(record.baseline, start=1):
        yield _of(f"baseline sample {number}", sample)
    for trial in record.trials:
        blamed = [s for s in trial.samples if s.state is not State.OK]
        yield from (_of(f"trial {trial.number}", sample) for sample in blamed)
        if not blamed:
            yield Failure(where=f"trial {trial.number}", state=trial.state, reason=trial.reason)
    for sentinel in record.sentinels:
        whose = "baseline" if sentinel.trial < 0 else f"trial {sentinel.trial}"
        yield _of(f"{whose}, again before trial {sentinel.before}", sentinel.sample)
    for confirmation in record.confirmations:
        for one in confirmation.samples:
            pair = f"pair {one.pair + 1}" if one.pair >= 0 else "warm-up"
            yield _of(f"confirmation, {pair}, {one.arm}", one.sample)


def _of(where: str, sample: Sample) -> Failure:
    return Failure(where=where, state=sample.state, reason=sample.reason, tail=_tail(sample.output))


def _tail(output: str) -> str:
    """The last lines, no more than a reader takes in."""
    return "\n".join(output.rstrip().splitlines()[-_TAIL_LINES:])[-_TAIL_CHARACTERS:]
