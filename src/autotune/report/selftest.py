"""What a machine can and cannot show, as text for people and as data for machines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from autotune.core.redact import secret_values
from autotune.judge.selftest import SelfTest
from autotune.model.run import Confirmation
from autotune.model.workload import Metric, Workload
from autotune.report.columns import columns
from autotune.report.compare import paired_data
from autotune.report.results import clean, verdict_data
from autotune.report.words import one_line, percent, plain_percent, quantity

SCHEMA = "autotune.selftest/1"

_MOST = 10_000
"""Pairs that nobody will run."""


def title(name: str, metric: Metric, found: SelfTest) -> str:
    """What was measured, in one line."""
    middle = quantity(found.middle, metric.unit)
    return one_line(f"{name} against itself: {found.pairs} pairs, {metric.name} {middle} (median)")


def findings(found: SelfTest, metric: Metric) -> str:
    """Each finding with its size and what it means, in aligned columns."""
    return columns([*_sizes(found, metric), *_pairs(found), *_doubts(found, metric)], right={1})


def _sizes(found: SelfTest, metric: Metric) -> Iterator[tuple[str, str, str]]:
    def size(value: float) -> str:
        return _two_digits(value) if found.relative else quantity(value, metric.unit)

    yield "pair sd", size(found.sd), "how far two neighbouring samples of one configuration lie apart"
    yield (
        "floor",
        size(found.floor),
        f"95 of 100 comparisons of a configuration with itself ({found.pairs} pairs) stay within it",
    )
    if found.smallest is not None:
        yield (
            "smallest",
            size(found.smallest),
            f"change that {found.pairs} pairs show with 80 % power; what is smaller goes unseen",
        )


def _pairs(found: SelfTest) -> Iterator[tuple[str, str, str]]:
    meaning = "to find such a change with 80 % power, under a margin (min_gain) well below it"
    for size, count in found.needed.items():
        shown = f"{count:,}" if count <= _MOST else f"> {_MOST:,}"
        yield f"pairs for {plain_percent(size)}", shown, meaning
        meaning = ""


def _doubts(found: SelfTest, metric: Metric) -> Iterator[tuple[str, str, str]]:
    yield "order", *_order(found, metric)
    yield "drift", *_drift(found, metric)
    yield "groups", *_groups(found, metric)
    yield "verdict", *_verdict(found)


def _order(found: SelfTest, metric: Metric) -> tuple[str, str]:
    if found.order_effect is None:
        return "?", "every pair began with the same arm"
    size = percent(found.order_effect) if found.relative else quantity(found.order_effect, metric.unit)
    if found.order_matters:
        return "matters", f"{size} by which arm comes first: reset the state before each sample"
    return "no matter", f"{size} by which arm comes first, no more than chance"


def _drift(found: SelfTest, metric: Metric) -> tuple[str, str]:
    if found.difference_drifts:
        return "seen", "the difference within a pair changed in the course of the pairs by more than chance"
    drift = found.level_drift
    if drift is None:
        return "none", "the samples show no trend beyond chance"
    by = quantity(drift.change, metric.unit) if drift.share is None else percent(drift.share)
    return "seen", f"the samples changed by {by} over the test; pairs of neighbours bear that"


def _groups(found: SelfTest, metric: Metric) -> tuple[str, str]:
    if found.modes is None:
        return "one", "the samples do not fall into two groups"
    low, high = (quantity(value, metric.unit) for value in (found.modes.low, found.modes.high))
    counts = f"{found.modes.low_count} samples around {low}, {found.modes.high_count} around {high}"
    return "two", f"{counts}: find out what differs between them"


def _verdict(found: SelfTest) -> tuple[str, str]:
    if found.false_alarm:
        return str(found.verdict.result), "FALSE ALARM: it was called different from itself (5 of 100 may be)"
    if found.verdict.result == "equivalent":
        return "equivalent", "rightly: it does not differ from itself by the margin"
    return "undecided", "no false alarm; too noisy to show in so many pairs that it is equivalent"


def _two_digits(share: float) -> str:
    """3.1 %, 0.42 %, 12 %."""
    return f"{100 * share:.2g} %" if share < 1 else f"{100 * share:,.0f} %"


def data(
    found: SelfTest, confirmation: Confirmation, workload: Workload, *, about: Mapping[str, Any]
) -> dict[str, Any]:
    """All of it that JSON can hold, with `about` (host, floor, warnings) beside it."""
    plain = {
        "schema": SCHEMA,
        **about,
        **asdict(found),
        "needed": {plain_percent(size): count for size, count in found.needed.items()},
        "false_alarm": found.false_alarm,
        "verdict": verdict_data(found.verdict),
        "samples": [paired_data(one) for one in confirmation.samples],
    }
    cleaned: dict[str, Any] = clean(plain, secret_values(workload.env))
    return cleaned


def next_step(*, built_in: bool, raised: bool, floor: str, margin: str) -> Sequence[str]:
    """What follows for the margin of verdicts, and what to do."""
    if built_in:
        return (
            "margin   this is said of a short loop, and raises no margin: other work has other noise",
            "next     autotune selftest WORKLOAD finds the floor of a workload of yours",
        )
    if raised:
        return (
            f"margin   {floor} from now on for this workload and metric on this machine, instead of {margin}",
            "next     a quieter machine lowers it: autotune doctor; then this again",
        )
    return (
        f"margin   {margin} as before: the floor does not exceed it",
        "next     autotune compare, autotune run: their verdicts show what this machine can",
    )
