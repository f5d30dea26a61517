"""What `autotune history` does, once its options are read."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from statistics import median
from typing import Any

import click
import numpy as np

from autotune.core.errors import ExitCode, UsageError
from autotune.core.files import write_atomic
from autotune.core.redact import printable
from autotune.flow.gate_recorded import read
from autotune.judge.changepoint import change_points
from autotune.report.history import Series, lines, picture, plain
from autotune.store.history import History, Result


def keep(place: str, files: Sequence[Path]) -> int:
    """Keeps the head's samples of what gates wrote."""
    results = [result for path in files for result in _results(path)]
    with History.open(place) as history:
        new = history.add(results)
    click.echo(f"{new} results kept, {len(results) - new} were there already")
    return ExitCode.GOOD


def _results(path: Path) -> Iterator[Result]:
    data, known = read(path)
    commit = data["head"].get("commit")
    if not commit:
        raise UsageError(f"{path}: what was measured is no commit, so it has no place in a history")
    if data["head"].get("changed"):
        raise UsageError(f"{path}: files were not committed, so it belongs to no commit")
    for name, samples in known.samples.items():
        for metric in data["workloads"][name]["metrics"]:
            values = [s.metrics[metric["metric"]] for s in samples if metric["metric"] in s.metrics]
            if values:
                yield Result(
                    measured=data["time"],
                    commit=commit["sha"],
                    committed=commit["time"],
                    subject=commit["subject"],
                    workload=name,
                    metric=metric["metric"],
                    unit=metric["unit"],
                    direction=metric["direction"],
                    samples=values,
                    machine={k: v for k, v in known.fingerprints[name].items() if k.startswith("machine.")},
                )


def show(place: str, *, workload: str, metric: str, svg: Path | None, as_json: bool) -> int:
    """Prints the changes of each series; a change for the worse is no failure, for it is past."""
    series = list(_series(_asked(place, workload, metric)))
    if as_json:
        click.echo(json.dumps(plain(series), indent=1))
    else:
        for line in lines(series):
            click.echo(printable(line))
    if svg is not None:
        write_atomic(svg, picture(series))
    return ExitCode.GOOD


def _asked(place: str, workload: str, metric: str) -> list[Result]:
    """The results that are asked for; raises UsageError where there are none."""
    if "://" not in place and not Path(place).exists():
        raise UsageError(f"there is no history in {place}. Keep results: autotune history add gate.json")
    with History.open(place) as history:
        found = history.results(workload=workload, metric=metric)
        every = found or history.results()
    if not every:
        raise UsageError("the history is empty. Keep results: autotune history add gate.json")
    if not found:
        known = ", ".join(sorted({f"{one.workload} {one.metric}" for one in every}))
        raise UsageError(f"the history has no results of that. It has: {known}.")
    return found


def exported(place: str, *, workload: str, metric: str, form: str) -> int:
    """Prints the results as they are kept."""
    found = _asked(place, workload, metric)
    if form == "json":
        click.echo(json.dumps([asdict(result) for result in found], indent=1))
        return ExitCode.GOOD
    writer = csv.writer(sys.stdout, lineterminator="\n")
    names = ("committed", "commit", "measured", "workload", "metric", "unit")
    writer.writerow([*names, "sample", "value"])
    for result in found:
        about = [printable(getattr(result, name)) for name in names]
        writer.writerows([*about, number, value] for number, value in enumerate(result.samples))
    return ExitCode.GOOD


def _series(results: Sequence[Result]) -> Iterator[Series]:
    def name(result: Result) -> tuple[Any, ...]:
        return result.workload, result.metric

    for _, group in groupby(sorted(results, key=name), key=name):  # stable: commits stay in order
        own = list(group)
        values = [median(result.samples) for result in own]
        positive = all(value > 0 for value in values)
        yield Series(
            workload=own[0].workload,
            metric=own[0].metric,
            unit=own[-1].unit,
            direction=own[-1].direction,
            commits=[result.commit for result in own],
            subjects=[result.subject for result in own],
            values=values,
            changes=change_points(np.array(values)) if positive else (),
        )
