"""One line on standard error for each sample of `bench`."""

from __future__ import annotations

import click

from autotune.core.redact import printable
from autotune.core.units import show_seconds
from autotune.model.trial import Sample, State
from autotune.model.workload import Workload

_MOST = 4


class Lines:
    """Tells of samples as they end: the first metrics, wall time and CPU, or why it failed."""

    def __init__(self, workload: Workload, runs: int) -> None:
        self._units = {metric.name: metric.unit for metric in workload.metrics[:_MOST]}
        self._runs = runs

    def sample(self, number: int, sample: Sample) -> None:
        """A counted sample, numbered from 0."""
        told = self._figures(sample) if sample.state is State.OK else f"{sample.state}: {sample.reason}"
        self.note(f"sample {number + 1}/{self._runs}  {told}")

    def note(self, text: str) -> None:
        """A line that says so."""
        click.echo(printable(text).replace("\n", " "), err=True)

    def _figures(self, sample: Sample) -> str:
        figures = [
            f"{name} {sample.metrics[name]:.5g} {unit}".rstrip()
            for name, unit in self._units.items()
            if name in sample.metrics
        ]
        cpu = next((r.value for r in sample.resources if r.name == "cpu_s" and r.value is not None), None)
        figures.append(f"wall {_fine(sample.wall_s)}")
        if cpu is not None:
            figures.append(f"cpu {_fine(cpu)}")
        return "  ".join(figures)


def _fine(seconds: float) -> str:
    return f"{1000 * seconds:.3g} ms" if seconds < 1 else show_seconds(seconds)
