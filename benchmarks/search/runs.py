"""Runs made side by side, each a line of JSON in a file; what is there is not made again."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Protocol

from search.task import Key, Line, key

_EVERY_S = 30
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
"""Set before numpy is imported, in a process that is to keep to one core."""


class Run(Protocol):
    """Something to be run once."""

    @property
    def sampler(self) -> str:
        """Whose run it is."""

    @property
    def key(self) -> Key:
        """What tells it from all others."""

    def run(self) -> Line:
        """Makes it."""


def lines(path: Path) -> list[dict[str, Any]]:
    """Every whole line; one that a stop has torn is left out."""
    if not path.is_file():
        return []
    found = []
    for text in path.read_text().splitlines():
        try:
            found.append(json.loads(text))
        except ValueError:
            continue
    return found


def make(tasks: Sequence[Run], path: Path, *, jobs: int) -> int:
    """Makes the runs that `path` does not have yet, in this order; how many could not be made.

    Where one run of a sampler fails, those of it that did not begin are left out.
    """
    done = {key(found) for found in lines(path)}
    left = [task for task in tasks if task.key not in done]
    if not left:
        return 0
    _whole_lines(path)
    # Set before numpy is imported in the processes: they would fight over the cores.
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    failed, told = 0, time.monotonic()
    print(f"{len(left)} of {len(tasks)} runs to make, {jobs} at a time", file=sys.stderr, flush=True)
    with path.open("a") as file, ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        for number, (task, found) in enumerate(_made(pool, left), 1):
            if isinstance(found, str):
                failed += 1
                print(f"{task.key}: {found}", file=sys.stderr, flush=True)
            else:
                file.write(json.dumps(found) + "\n")
                file.flush()
            if time.monotonic() - told > _EVERY_S:
                told = time.monotonic()
                print(f"{number} of {len(left)}", file=sys.stderr, flush=True)
    return failed


def _made(pool: ProcessPoolExecutor, tasks: Iterable[Run]) -> Iterator[tuple[Run, Line | str]]:
    """Each task with its line, or why there is none."""
    waiting: dict[Future[Line | str], Run] = {pool.submit(_safely, task): task for task in tasks}
    broken: set[str] = set()
    for future in as_completed(waiting):
        task = waiting.pop(future)
        if future.cancelled():
            continue
        found = future.result()
        yield task, found
        if isinstance(found, str) and task.sampler not in broken:
            broken.add(task.sampler)
            for other, its in waiting.items():
                if its.sampler == task.sampler:
                    other.cancel()


def _safely(task: Run) -> Line | str:
    try:
        return task.run()
    except Exception as error:  # noqa: BLE001  one sampler's mistake is not to end the runs of all others
        return f"{type(error).__name__}: {error}"


def _whole_lines(path: Path) -> None:
    """Ends a line that a stop has torn, so that the next one begins on its own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_file() and (text := path.read_text()) and not text.endswith("\n"):
        path.write_text(text + "\n")
