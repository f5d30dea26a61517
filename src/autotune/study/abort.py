"""The early end of trials that are clearly worse, from its form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from autotune.model.study import Abort
from autotune.study.schema.read import Mistake
from autotune.study.schema.study import StudyForm
from autotune.study.schema.workload import MetricForm

_WALL = "wall_s"
_WHICH = (
    "Only an objective that grows while the sample runs can be: one that is minimised and is the sample's "
    f"wall time ('wall: true' or 'resource: {_WALL}')"
)


def abort(form: StudyForm, metrics: Mapping[str, MetricForm], mistakes: list[Mistake]) -> Abort | None:
    """When a trial is aborted, None for never; an objective that cannot be is added to `mistakes`."""
    if form.abort is None:
        return None
    mistakes.extend(_mistakes(form, metrics))
    return Abort(beyond=form.abort.beyond)


def _mistakes(form: StudyForm, metrics: Mapping[str, MetricForm]) -> Iterator[Mistake]:
    if form.objectives is not None:
        message = f"several objectives cannot be aborted: the others would have no value. {_WHICH}"
        yield Mistake(path=("abort",), message=message, at_key=True, also=(("objectives",),))
        return
    name = form.objective.metric if form.objective else ""
    metric = metrics.get(name)
    if metric is None or not (why := _unknown(metric)):
        return
    message = f"'{name}' cannot be aborted: {why}. {_WHICH}"
    causes = (("objective", "metric"), ("workload", "metrics", name))
    yield Mistake(path=("abort",), message=message, at_key=True, also=causes)


def _unknown(metric: MetricForm) -> str:
    """Why the time that a sample has run is no bound of the metric; empty where it is one."""
    if metric.direction != "minimize":
        return "it is to be maximised"
    if metric.wall or metric.resource == _WALL:
        return ""
    return f"its source ({', '.join(metric.sources)}) tells nothing before the sample has ended"
