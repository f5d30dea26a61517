"""Runs an entry's script, which measures both arms without any of autotune, and judges by resampling.

The script is called as `NAME.sh N name=value...`: N interleaved pairs, the candidate with those values. It
prints `baseline<TAB>value` and `candidate<TAB>value`. With CONFIG=FILE in its environment the candidate has
what that exported file says.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from entries import ROOT, Entry
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]

_DRAWS = 20_000
_LEVEL = 0.95
_SEED = 1


class HandError(Exception):
    """The script failed, or said something else than pairs."""


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its 95 % interval."""

    middle: float
    low: float
    high: float

    def holds(self, value: float) -> bool:
        """Whether the interval contains the value."""
        return self.low <= value <= self.high


def settings(changes: Sequence[Mapping[str, Any]]) -> list[str]:
    """The profile's values as the script takes them: name=value, booleans and nothing in small letters."""
    return [f"{change['parameter']}={_text(change['to'])}" for change in changes]


def _text(value: Any) -> str:
    if value is None:
        return "unset"
    return str(value).lower() if isinstance(value, bool) else str(value)


def measured(entry: Entry, pairs: int, values: Sequence[str], *, config: Path | None = None) -> Floats:
    """(n, 2) values of baseline and candidate as the script measures them, one row a pair.

    Raises HandError.
    """
    if not entry.by_hand.is_file():
        raise HandError(f"there is no {entry.by_hand.relative_to(ROOT)}")
    # The modules that a workload needs are beside this interpreter.
    env = {**os.environ, "PYTHON": sys.executable, **({"CONFIG": str(config)} if config else {})}
    command = ["sh" if not os.access(entry.by_hand, os.X_OK) else str(entry.by_hand)]
    command += [str(entry.by_hand)] if command == ["sh"] else []
    done = subprocess.run(
        [*command, str(pairs), *values], cwd=ROOT, env=env, text=True, capture_output=True, check=False
    )
    if done.returncode:
        raise HandError(f"exit {done.returncode}: {' / '.join(done.stderr.strip().splitlines()[-3:])}")
    return read(done.stdout)


def read(out: str) -> Floats:
    """The pairs that the script printed; raises HandError where they are none."""
    arms: dict[str, list[float]] = {"baseline": [], "candidate": []}
    for line in out.splitlines():
        arm, tab, value = line.partition("\t")
        if tab and arm in arms:
            arms[arm].append(float(value))
    if len(arms["baseline"]) != len(arms["candidate"]) or not arms["baseline"]:
        counts = {arm: len(values) for arm, values in arms.items()}
        raise HandError(f"it printed no whole pairs: {counts}")
    found = np.array([arms["baseline"], arms["candidate"]], dtype=np.float64).T
    if not (np.isfinite(found).all() and (found > 0).all()):
        raise HandError("it printed values that are no ratio: not finite, 0 or less")
    return found


def log_ratios(pairs: Sequence[Sequence[float]] | Floats) -> Floats:
    """(n,) logarithms of candidate to baseline."""
    values = np.asarray(pairs, dtype=np.float64)
    return np.log(values[:, 1] / values[:, 0])


def middles(logs: Floats, random: np.random.Generator) -> Floats:
    """The median of the means of all two, over as many resamplings of the pairs.

    SOURCE: Hodges and Lehmann (1963); the resampling is Efron's (1979).
    """
    rows, columns = np.triu_indices(len(logs))
    found = np.empty(_DRAWS)
    for draw in range(_DRAWS):
        drawn = logs[random.integers(len(logs), size=len(logs))]
        found[draw] = np.median((drawn[rows] + drawn[columns]) / 2)
    return found


def middle(logs: Floats) -> float:
    """The median of the means of all two."""
    rows, columns = np.triu_indices(len(logs))
    return float(np.median((logs[rows] + logs[columns]) / 2))


def difference(claimed: Floats, again: Floats) -> Interval:
    """How far the second measurement is from the claim, as a logarithm; both are resampled."""
    random = np.random.default_rng(_SEED)
    drawn = middles(again, random) - middles(claimed, random)
    return _interval(middle(again) - middle(claimed), drawn)


def gain(logs: Floats) -> Interval:
    """The logarithm of candidate to baseline with its interval."""
    return _interval(middle(logs), middles(logs, np.random.default_rng(_SEED)))


def _interval(estimate: float, drawn: Floats) -> Interval:
    low, high = np.quantile(drawn, ((1 - _LEVEL) / 2, (1 + _LEVEL) / 2))
    return Interval(estimate, float(low), float(high))


def better(interval: Interval, direction: str) -> bool:
    """Whether the whole interval is on the side that is better."""
    return interval.low > 0 if direction == "maximize" else interval.high < 0


def told(interval: Interval) -> str:
    """A logarithm of a ratio as a change in per cent with its interval."""
    shares = (100 * np.expm1(x) for x in (interval.middle, interval.low, interval.high))
    return "{:+.1f} % [{:+.1f}, {:+.1f}]".format(*shares)
