"""Runs each study of the gallery very shortly: it has to run whole, answer, restore and leave nothing.

python benchmarks/gallery/smoke.py [--study NAME] [--jobs 2]

The study's file is the same as ever, with 3 trials and 4 pairs; its answer means nothing and is not judged.
Studies that change the machine run alone, after the others.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import leftovers
from command import Done, run_words, when_free
from entries import Entry, arguments, chosen

TRIALS, PAIRS, BASELINE = 3, 4, 3
_SHORT = (
    f"budget.trials={TRIALS}",
    f"validate.pairs={PAIRS}",
    f"baseline_samples={BASELINE}",
    "validate.candidates=1",
    "validate.reduce=false",
)
"""Selection and reduction take six to eight samples of each configuration; the flow's tests have them."""

_FAILED, _MORE_ATTEMPTS = 4, 2
_ON_DISK = "/var/tmp"  # noqa: S108  made by mkdtemp; what a service writes costs something there
_PATIENCE_S = 5.0
"""For processes that are ending when autotune has ended."""


@dataclass(frozen=True, slots=True)
class Smoke:
    """What a short run came to."""

    entry: Entry
    done: Done
    problems: tuple[str, ...]


def main() -> int:
    """Runs them; 1 where one of them fails or leaves something."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments(parser)
    parser.add_argument(
        "--jobs", type=int, default=2, help="studies at a time: nothing is judged by its speed"
    )
    args = parser.parse_args()
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="gs-", dir=_ON_DISK) as folder:
        Path(folder).chmod(0o711)  # services run as another user, who passes through
        found = _runs(chosen(args), Path(folder), jobs=args.jobs)
    failed = [smoke.entry.name for smoke in found if smoke.problems]
    seconds = time.monotonic() - start
    print(f"{len(found)} studies in {seconds:.0f} s, failed: {', '.join(failed) or 'none'}")
    return 1 if failed or not found else 0


def _runs(entries: Sequence[Entry], folder: Path, *, jobs: int) -> list[Smoke]:
    """Each study's short run, several at a time; those that change the machine one after the other."""

    def one(entry: Entry) -> Smoke:
        return _told(run(entry, folder / str(entries.index(entry))))

    alone = [entry for entry in entries if leftovers.values(entry)]
    with ThreadPoolExecutor(jobs) as pool:
        found = list(pool.map(one, (entry for entry in entries if entry not in alone)))
    return found + [one(entry) for entry in alone]


def run(entry: Entry, temporary: Path) -> Smoke:
    """One short run with temporary files of its own, and what is wrong of it.

    The folder's name is short: a service may make a socket below it, whose path holds 107 bytes.
    """
    work, mark = temporary.with_name(f"{temporary.name}-work"), uuid.uuid4().hex
    for folder, mode in ((temporary, 0o1777), (work, 0o700)):
        folder.mkdir()
        folder.chmod(mode)
    values = leftovers.values(entry)
    words = run_words(entry, work / "reports", (*_SHORT, *entry.smoke))
    env = {leftovers.MARK: mark, "TMPDIR": str(temporary)}
    done = _steady(lambda: when_free(words, env=env))
    return Smoke(entry, done, tuple(_problems(entry, done, temporary, work, values, mark)))


def _steady(run_it: Callable[[], Done]) -> Done:
    """The run, again where the machine was too unsteady for three samples that have to be alike."""
    done = run_it()
    for _ in range(_MORE_ATTEMPTS):
        if done.code != _FAILED or "too unstable" not in done.said:
            break
        done = run_it()
    return done


def _problems(  # noqa: PLR0913, PLR0917  what there was before, and where to look
    entry: Entry, done: Done, temporary: Path, work: Path, values: Mapping[str, str], mark: str
) -> list[str]:
    """What did not end as it should have."""
    problems = [] if done.answered else [done.why]
    if left := _ended(mark):
        problems.append(f"processes left: {'; '.join(left)}")
    if left := [path.name for path in (*temporary.iterdir(), *work.rglob("scratch"))]:
        problems.append(f"folders left: {', '.join(left)}")
    if open_ := leftovers.open_journals():
        problems.append(f"not restored: {', '.join(open_)}")
    after = leftovers.values(entry)
    problems += [f"{name} was {values[name]}, is {now}" for name, now in after.items() if now != values[name]]
    return problems


def _ended(mark: str) -> list[str]:
    """Processes of the run that do not end by themselves at once."""
    deadline = time.monotonic() + _PATIENCE_S
    while (left := leftovers.processes(mark)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


def _told(smoke: Smoke) -> Smoke:
    said = "; ".join(smoke.problems) or "ok"
    print(f"{smoke.entry.name:<24}{smoke.done.seconds:6.1f} s  exit {smoke.done.code}  {said}", flush=True)
    return smoke


if __name__ == "__main__":
    sys.exit(main())
