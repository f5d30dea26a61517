"""Shows a run's progress on standard error: one live line on a terminal, plain lines elsewhere."""

from __future__ import annotations

from autotune.cli.live import LiveLine
from autotune.core.units import show_seconds
from autotune.flow.listener import Standing
from autotune.model.run import Phase, Stage
from autotune.model.study import Study
from autotune.model.trial import State, Trial
from autotune.report.changing import coerced_told

_DOING = {
    "checks": "checking",
    "baseline": "measuring the baseline",
    "search": "searching",
    "validation": "comparing with the baseline on fresh runs",
    "report": "writing the report",
}

_STAGES: dict[Stage, str] = {
    "select": "choosing among the best",
    "screen": "measuring what each change adds",
    "drop": "testing what can be taken back",
}

_WHOLE = 100.0
"""Ratios from here on have no decimals."""


class Progress(LiveLine):
    """A run's listener for people."""

    def __init__(self, study: Study) -> None:
        super().__init__()
        self._study = study
        self._unit = study.workload.metric(study.objective).unit
        self._header_due = True

    def begin(self, phase: Phase) -> None:
        """Says what is going on now."""
        self.update(f"{_DOING[phase]} …")

    def end(self, phase: Phase, status: str, seconds: float) -> None:
        """One line for the phase: its name, how it ended, its seconds."""
        style = "red" if status == "failed" else ""
        self.line(f"{phase:<11} {status:<55} {show_seconds(seconds):>11}", style)

    def trial(self, trial: Trial, standing: Standing) -> None:
        """The trial as a plain line, or the standing in the live line."""
        left = f", {show_seconds(standing.left_s)} left" if standing.left_s is not None else ""
        lead = self._against(standing)
        coerced = coerced_told(trial.coerced)
        if self._live:
            if coerced:
                self.note(f"trial {trial.number + 1} {coerced}")
            self.update(f"trial {standing.done} of {standing.planned}, best so far {lead}{left}")
            return
        if self._header_due:
            self._header_due = False
            unit = f" [{self._unit}]" if self._unit else ""
            self.line(f"  {'trial':>7}  {self._study.objective + unit:>14}  {'best so far':>22}  state")
        value = _shown(trial)
        state = "limit missed" if trial.violation > 0 else "ok"
        if trial.state is not State.OK:
            state = trial.reason if trial.state is State.ABORTED else f"{trial.state}: {trial.reason}"
        state = "; ".join(filter(None, (state, coerced)))
        self.line(f"  {standing.done:>3}/{standing.planned:<3}  {value:>14}  {lead:>22}  {state}")

    def _against(self, standing: Standing) -> str:
        if standing.best is None or standing.best.value is None or standing.best.violation > 0:
            return "none"
        values = (standing.best.value, *standing.best.further)
        told = [_ratio(one, start) for one, start in zip(values, standing.baseline, strict=True)]
        if len(told) == 1:
            return told[0]
        return ", ".join(f"{name} {text}" for name, text in zip(self._study.objectives, told, strict=True))

    def block(self, stage: Stage, done: int, planned: int) -> None:
        """The blocks so far; a line at the first where there is no live one."""
        if not self._live and done == 1:
            self.line(f"  {_STAGES[stage]}, at most {planned} blocks")
        self.update(f"{_STAGES[stage]}: block {done} of at most {planned}")


def _shown(trial: Trial) -> str:
    """The value as the search saw it; of an aborted trial that it is more than its bound."""
    if trial.value is None:
        return "-"
    return f"{'> ' * (trial.state is State.ABORTED)}{trial.value:.5g}"


def _ratio(value: float, baseline: float) -> str:
    if baseline <= 0 or value <= 0:
        return f"{value:.5g}"
    ratio = value / baseline
    return f"{ratio:,.0f} x baseline" if ratio >= _WHOLE else f"{ratio:#.3g} x baseline"
