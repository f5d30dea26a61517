"""Keys of an efficiency index, checked together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from autotune.core.hint import did_you_mean
from autotune.core.units import rate_period_s
from autotune.judge.efficiency import COST, WEIGHTS, WORK
from autotune.study.schema.read import Mistake, Path
from autotune.study.schema.workload import MetricForm, WorkloadForm


def index_mistakes(form: MetricForm) -> dict[str, str]:
    """What is wrong, by the key that is: `work`, `weights`, `prices`, or `index` where one is missing."""
    wrong: dict[str, str] = {}
    if form.work is not None and form.index not in WORK:
        wrong["work"] = f"'work' belongs to the indices {', '.join(WORK)}"
    if form.work is None and form.index in WORK:
        wrong["index"] = f"{form.index} needs 'work: NAME', the metric that is the work done"
    if form.prices is not None and form.index != COST:
        wrong["prices"] = f"'prices' belongs to the index {COST}"
    if form.index == COST and not (form.prices and (form.prices.cpu_hour or form.prices.gib_hour)):
        wrong["index"] = f"{COST} needs 'prices: {{cpu_hour: 0.04, gib_hour: 0.005}}', one of them above zero"
    if form.weights is not None:
        wrong["weights"] = _wrong_weights(form, form.weights)
    return wrong


def work_mistakes(form: WorkloadForm, path: Path) -> Iterator[Mistake]:
    """Indices whose work is no other metric of the workload, or another index."""
    usable = [name for name, metric in form.metrics.items() if metric.index is None]
    for name, metric in form.metrics.items():
        place = (*path, "metrics", name, "work")
        if metric.work is not None and metric.work not in usable:
            hint = did_you_mean(metric.work, usable)
            message = f"'{metric.work}' is no metric that measures work. Known: {', '.join(usable)}.{hint}"
            left_out = () if metric.work in form.metrics else ((*path, "metrics", metric.work),)
            yield Mistake(path=place, message=message, also=left_out)
        elif message := _of_one_call(form, metric):
            also = ((*path, "metrics", metric.work or ""), (*path, "python"))
            yield Mistake(path=place, message=message, also=also)


def _of_one_call(form: WorkloadForm, metric: MetricForm) -> str:
    """With `calibrate` a total is that of one call, while a sample's cost is that of all of its calls."""
    work = form.metrics.get(metric.work or "")
    if work is None or not (form.python and form.python.calibrate) or rate_period_s(work.unit or ""):
        return ""
    return (
        f"with 'calibrate: true' the work '{metric.work}' is that of one call, the cost that of many. "
        "Take work per second (a unit such as 1/s), or leave calibrate out"
    )


def _wrong_weights(form: MetricForm, weights: Mapping[str, float]) -> str:
    parts = WEIGHTS.get(form.index or "")
    if parts is None:
        return f"'weights' belongs to the indices {', '.join(WEIGHTS)}"
    unknown = [name for name in weights if name not in parts]
    if unknown:
        hint = did_you_mean(unknown[0], parts)
        return f"'{unknown[0]}' is no part of {form.index}. Known: {', '.join(parts)}.{hint}"
    return "" if any(weights.values()) else "at least one weight has to be above zero"
