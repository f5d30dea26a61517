"""Draws the search: every trial, the best so far, the baseline, and what failed."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from autotune.model.run import RunRecord
from autotune.model.study import Study
from autotune.model.trial import State, Trial
from autotune.model.workload import Direction
from autotune.report.canvas import BAND, BASELINE, FAILED, INK, TUNED, label, legend_on_top, scale_values, svg
from autotune.report.pairs import value
from autotune.report.words import shown_unit

_WIDE = (10.0, 3.9)
_NARROW = (3.6, 4.4)
_CROSSES = {
    State.FAILED_CONFIG: "x",
    State.TIMEOUT: "1",
    State.FAILED_ENVIRONMENT: "+",
    State.INFEASIBLE: "2",
    State.INTERRUPTED: "|",
}


def history_chart(study: Study, record: RunRecord, *, wide: bool) -> str:
    """SVG: objective by trial as the search saw it; failures are crosses at the worse edge, by reason."""

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        _baseline(axes, study, record)
        _trials(axes, study, record)
        _aborted(axes, record.trials)
        _sentinels(axes, study, record)
        _failures(axes, study.direction, record.trials)
        _frame(axes, study, record, wide=wide)

    return svg(*(_WIDE if wide else _NARROW), draw)


def best_so_far(trials: Sequence[Trial], direction: Direction) -> list[tuple[int, float]]:
    """(trial, best value up to it), over good trials that kept the limits."""
    pick = max if direction == "maximize" else min
    best: list[tuple[int, float]] = []
    for trial in trials:
        if trial.state is State.OK and trial.value is not None and trial.violation <= 0:
            best.append((trial.number, pick(trial.value, best[-1][1]) if best else trial.value))
    return best


def _baseline_values(study: Study, record: RunRecord) -> list[float]:
    return [v for sample in record.baseline if (v := value(sample, study.objective)) is not None]


def _baseline(axes: Axes, study: Study, record: RunRecord) -> None:
    seen = sorted(_baseline_values(study, record))
    if seen:
        axes.axhspan(seen[0], seen[-1], color=BAND, linewidth=0, zorder=0)
        middle = (seen[(len(seen) - 1) // 2] + seen[len(seen) // 2]) / 2
        name = f"baseline: median, range (n = {len(seen)})"
        axes.axhline(middle, color=BASELINE, linewidth=1.3, linestyle=(0, (4, 2)), label=name)


def _trials(axes: Axes, study: Study, record: RunRecord) -> None:
    good = [t for t in record.trials if t.state is State.OK and t.value is not None]
    held = [t for t in good if t.violation <= 0]
    missed = [t for t in good if t.violation > 0]
    axes.plot(*_columns(held), "o", color=TUNED, alpha=0.65, mew=0, ms=5.5, label="trial")
    if missed:
        axes.plot(*_columns(missed), "o", mfc="white", mec=TUNED, mew=1.2, ms=5, label="trial, limit missed")
    best = best_so_far(record.trials, study.direction)
    if best:
        xs, ys = [x for x, _ in best], [y for _, y in best]
        end = max(t.number for t in record.trials)
        axes.step([*xs, end], [*ys, ys[-1]], where="post", color=INK, linewidth=1.3, label="best so far")
    confirmed = {c.trial for c in record.confirmations}
    chosen = [t for t in good if t.number in confirmed]
    if chosen:
        axes.plot(*_columns(chosen), "o", mfc="none", mec=INK, mew=1.6, ms=11, label="confirmed afterwards")


def _aborted(axes: Axes, trials: Sequence[Trial]) -> None:
    """Trials at the bound where they were ended: their own values lie above it, for less is better."""
    cut = [t for t in trials if t.state is State.ABORTED and t.value is not None]
    if cut:
        name = f"aborted here, takes longer ({len(cut)})"
        axes.plot(*_columns(cut), "^", mfc="white", mec=TUNED, mew=1.2, ms=5.5, label=name)


def _sentinels(axes: Axes, study: Study, record: RunRecord) -> None:
    """What was measured again, half a trial before the one that it came before."""
    looks = (("D", "baseline again", BASELINE), ("d", "best again", INK))
    for whose, (marker, name, color) in enumerate(looks):
        seen = [
            (x.before - 0.5, v)
            for x in record.sentinels
            if (x.trial >= 0) == bool(whose) and (v := value(x.sample, study.objective)) is not None
        ]
        if seen:
            axes.plot(*zip(*seen, strict=True), marker, mfc="white", mec=color, mew=1.2, ms=5, label=name)


def _columns(trials: Sequence[Trial]) -> tuple[list[int], list[float]]:
    return [t.number for t in trials], [t.value for t in trials if t.value is not None]


def _failures(axes: Axes, direction: Direction, trials: Sequence[Trial]) -> None:
    foot = 0.03 if direction == "maximize" else 0.97
    for state, marker in _CROSSES.items():
        at = [trial.number for trial in trials if trial.state is state]
        if at:
            axes.plot(
                at,
                [foot] * len(at),
                marker,
                color=FAILED,
                ms=7,
                mew=1.8,
                label=f"{state} ({len(at)})",
                transform=axes.get_xaxis_transform(),
            )


def _frame(axes: Axes, study: Study, record: RunRecord, *, wide: bool) -> None:
    metric = study.workload.metric(study.objective)
    values = [t.value for t in record.trials if t.value is not None]
    again = [v for x in record.sentinels if (v := value(x.sample, study.objective)) is not None]
    scale_values(axes, "y", [*values, *again, *_baseline_values(study, record)])
    axes.margins(y=0.12)
    axes.xaxis.set_major_locator(MaxNLocator(8 if wide else 5, integer=True))
    axes.grid(axis="y")
    axes.set_xlabel("trial")
    axes.set_ylabel(label(f"{metric.name} ({shown_unit(metric.unit)})" if metric.unit else metric.name))
    legend_on_top(axes, columns=4 if wide else 1)
