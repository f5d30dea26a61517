from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autotune.model.run import Confirmation
from autotune.model.trial import Distribution, Percentile, Resource, Sample, Series, State
from autotune.store.store import Store


def _sample(n: int = 0, **rest: Any) -> Sample:
    fields: dict[str, Any] = {
        "state": State.OK,
        "metrics": {"tps": 100.0 + n, "p95_ms": 0.1},
        "counts": {"p95_ms": 40},
        "distributions": {
            "p95_ms": Distribution(
                unit="ms",
                count=40,
                mean=0.05,
                least=0.01,
                most=0.2,
                percentiles=(Percentile(percent=50, value=0.05, low=0.04, high=0.06),),
                edges=(0.01, 0.1, 0.2),
                counts=(38, 2),
            )
        },
        "resources": (
            Resource(name="cpu_s", value=0.25, unit="s", source="rusage", quality="exact"),
            Resource(name="read", value=None, unit="B", source="none", quality="unavailable"),
        ),
        "series": Series(seconds=(0.0, 0.1, 0.2), columns={"rss": (1.0, 2.0, 3.0), "cpu": (0.1, 0.2, 0.3)}),
        "started": 1.8e9 + n,
        "monotonic": 500.0 + n,
        "wall_s": 0.5,
        "total_s": 0.75 + n,
        "changing_s": 0.125,
        "coerced": {"pipe": (300_000, 524_288)},
        "output": "tps 100\n",
        "warnings": ("one process was left behind",),
    }
    return Sample(**{**fields, **rest})


@pytest.fixture
def sample() -> Callable[..., Sample]:
    return _sample


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "study.db") as opened:
        opened.begin_run("r1", "pg", {"study": "pg"}, {"cpus": 2})
        yield opened


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """A closed store of about 100 kB with a run in every respect."""
    path = tmp_path / "filled" / "study.db"
    with Store.open(path) as opened:
        opened.begin_run("r1", "pg", {"study": "pg", "budget": {"trials": 12}}, {"cpus": 2})
        for n in range(3):
            opened.add_sample("r1", _sample(n), role="baseline")
        for number in range(12):
            opened.add_trial("r1", number, {"cache": 2**number, "sync": None}, "random")
            opened.add_sample("r1", _sample(number, output="log line\n" * 400), role="trial", trial=number)
            opened.finish_trial("r1", number, state=State.OK, value=100.0 + number)
        opened.add_confirmation(
            "r1", Confirmation(attempt=0, trial=3, config={"cache": 8}, alpha=0.05, pairs=4)
        )
        for pair in range(4):
            place = {"role": "confirmation", "attempt": 0, "pair": pair}
            opened.add_sample("r1", _sample(pair), arm="candidate", order=0, **place)
            opened.add_sample("r1", _sample(pair), arm="baseline", order=1, **place)
        opened.set_phase("r1", "search", "done", 3.5)
    return path


@pytest.fixture
def beside() -> Callable[[Path], set[str]]:
    """Names of all files in the folder of a store."""
    return lambda path: {entry.name for entry in path.parent.iterdir()}


@pytest.fixture
def python() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts this interpreter on a script; ends what is still running of it."""
    started: list[subprocess.Popen[str]] = []

    def start(script: str, *arguments: object) -> subprocess.Popen[str]:
        argv = [sys.executable, "-W", "error", "-c", script, *map(str, arguments)]
        pipe = subprocess.PIPE
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        started.append(
            subprocess.Popen(argv, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=environment)
        )
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def change() -> Callable[..., None]:
    """Changes a closed store behind its back, leaving one file."""

    def run(path: Path, *statements: str) -> None:
        connection = sqlite3.connect(path)
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        connection.close()

    return run
