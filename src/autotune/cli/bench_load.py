"""What `autotune bench --sweep` does, once its options are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from autotune.cli.bench_lines import Lines
from autotune.cli.bench_sweep import Range, answered, exit_code, show, show_json, stopped
from autotune.cli.bench_work import Options, host
from autotune.core.errors import UsageError
from autotune.flow.bench_run import refuse_hopeless, samples
from autotune.flow.bench_scratch import scratch
from autotune.flow.bench_sweep import LEAST_RUNS, Point, Sweep, so_far, sweep
from autotune.flow.bench_target import Target
from autotune.model.trial import Sample


def sweep_load(target: Target, options: Options, wanted: str | None, limits: Sequence[str]) -> int:
    """Finds the highest load that meets the limits and prints it; the exit code says whether one does.

    Where it is stopped, what was found by then is printed, and KeyboardInterrupt goes on.
    """
    if not wanted or not limits:
        raise UsageError("--sweep and --limit belong together: --sweep users=1..64 --limit 'p95 <= 20ms'")
    if options.runs < LEAST_RUNS:
        raise UsageError(f"--sweep needs --runs {LEAST_RUNS} or more: fewer give no interval to judge by")
    loads = Range.read(wanted, limits, target)
    about, points = host(target, options), list[Point]()
    try:
        found = _swept(target, options, loads, points)
    except KeyboardInterrupt:
        if points:
            _show_sweep(loads, so_far(points), stopped, options, {**about, "stopped": True})
        raise
    _show_sweep(loads, found, answered, options, {**about, "stopped": False})
    return exit_code(found)


def _show_sweep(
    loads: Range,
    found: Sweep,
    said: Callable[[Range, Sweep], str],
    options: Options,
    about: Mapping[str, Any],
) -> None:
    if options.as_json:
        show_json(loads, found, said(loads, found), about)
    else:
        show(loads, found, said(loads, found))


def _swept(target: Target, options: Options, loads: Range, points: list[Point]) -> Sweep:
    """The whole sweep; each point is told, and put into `points`, as it is found."""
    lines = Lines(target.workload, options.runs)

    def tell(point: Point) -> None:
        points.append(point)
        lines.note(loads.line(point))

    with scratch(options.reports) as folder:
        plan = options.plan(folder, lines)

        def measure(load: float) -> tuple[Sample, ...]:
            taken = samples(target.at(loads.name, load), plan)
            if load == loads.low:
                refuse_hopeless(target, taken)
            return taken

        return sweep(measure, loads.limits, low=loads.low, high=loads.high, tell=tell)
