"""Shows a run's progress on standard error: one live line on a terminal, plain lines elsewhere."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.text import Text

from autotune.core.redact import printable
from autotune.core.units import show_seconds
from autotune.flow.listener import Standing
from autotune.model.run import Phase, Stage
from autotune.model.study import Study
from autotune.model.trial import State, Trial
from autotune.model.verdict import Verdict

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


class _Console(Console):
    """A console whose reader may leave: the run goes on in silence."""

    def on_broken_pipe(self) -> None:
        self.quiet = True


class Progress:
    """A listener for people; a context manager that leaves the terminal clean."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self._unit = study.workload.metric(study.objective).unit
        self._console = _Console(stderr=True, highlight=False, soft_wrap=True)
        self._live = self._live_line() if self._console.is_terminal else None
        self._header_due = True

    def _live_line(self) -> Live:
        # Drawn only when something happened: a spinner would keep a core busy that is being measured.
        return Live(Text(), console=self._console, auto_refresh=False, transient=True)

    def __enter__(self) -> Self:
        if self._live:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live:
            self._live.stop()

    def begin(self, phase: Phase) -> None:
        """Says what is going on now."""
        self._update(f"{_DOING[phase]} …")

    def end(self, phase: Phase, status: str, seconds: float) -> None:
        """One line for the phase: its name, how it ended, its seconds."""
        style = "red" if status == "failed" else ""
        self._line(f"{phase:<11} {status:<55} {show_seconds(seconds):>11}", style)

    def trial(self, trial: Trial, standing: Standing) -> None:
        """The trial as a plain line, or the standing in the live line."""
        left = f", {show_seconds(standing.left_s)} left" if standing.left_s is not None else ""
        lead = self._against(standing)
        if self._live:
            self._update(f"trial {standing.done} of {standing.planned}, best so far {lead}{left}")
            return
        if self._header_due:
            self._header_due = False
            unit = f" [{self._unit}]" if self._unit else ""
            self._line(f"  {'trial':>7}  {self._study.objective + unit:>14}  {'best so far':>22}  state")
        value = "-" if trial.value is None else f"{trial.value:.5g}"
        state = "limit missed" if trial.violation > 0 else "ok"
        if trial.state is not State.OK:
            state = f"{trial.state}: {trial.reason}"
        self._line(f"  {standing.done:>3}/{standing.planned:<3}  {value:>14}  {lead:>22}  {state}")

    def _against(self, standing: Standing) -> str:
        if standing.best is None or standing.best.value is None:
            return "none"
        if standing.baseline <= 0 or standing.best.value <= 0:
            return f"{standing.best.value:.5g}"
        return f"{standing.best.value / standing.baseline:.2f} x baseline"

    def block(self, stage: Stage, done: int, planned: int) -> None:
        """The blocks so far."""
        self._update(f"{_STAGES[stage]}: block {done} of at most {planned}")

    def pair(self, done: int, planned: int, verdict: Verdict | None) -> None:
        """The pairs so far; a line at each planned look."""
        self._update(f"pair {done} of at most {planned}")
        if verdict is not None:
            self._line(f"  look at {done} pairs: {verdict.result}")

    def note(self, text: str) -> None:
        """A line that says so."""
        self._line(f"  note: {text}", "yellow")

    def _update(self, text: str) -> None:
        if self._live:
            self._live.update(Text(printable(text), style="cyan"), refresh=True)

    def _line(self, text: str, style: str = "") -> None:
        self._console.print(Text(printable(text).replace("\n", " "), style=style))
