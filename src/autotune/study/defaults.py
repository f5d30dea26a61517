"""Defaults that follow from other keys, written out before anything is built from them."""

from __future__ import annotations

from collections.abc import Mapping

from autotune.core import registry
from autotune.core.units import is_duration
from autotune.judge.efficiency import COST, WEIGHTS
from autotune.model.resources import RESOURCES
from autotune.model.space import UNSET
from autotune.study.schema.workload import LoadForm, MetricForm, WorkloadForm

LATENCIES = ("latency_s", "service_s")
"""Lists of seconds that driver http returns."""


def write_out(form: WorkloadForm) -> None:
    """Fills in `form` what is left out: how parameters reach the driver, sources and units of metrics.

    A range whose default is unset gets unset among its special values, so that a search can return to it.
    """
    python = form.driver == "python"
    returns = form.driver in {"python", "http"}
    for parameter in form.parameters.values():
        if parameter.apply is None:
            parameter.apply = "arguments" if python else "argv"
        ranged = parameter.int_ is not None or parameter.float_ is not None
        if ranged and parameter.default == UNSET and UNSET not in parameter.special:
            parameter.special = [*parameter.special, UNSET]
    units = resource_units(form)
    for name, metric in form.metrics.items():
        if returns and not metric.sources:
            metric.returned = name
        _complete(metric, units)
        if form.load is not None:
            _of_load(metric, form.load)
        if metric.percentile is not None and metric.loop is None:
            metric.loop = "closed"


def _complete(metric: MetricForm, units: Mapping[str, str]) -> None:
    """The units of a metric, and what an index says of itself."""
    if metric.unit is None:
        metric.unit = own_unit(metric, units) or ""
    if metric.hdr is not None and metric.values_in is None and is_duration(metric.unit):
        metric.values_in = "ns"  # what the recorders of every language write unless told otherwise
    if metric.index is None:
        return
    if "direction" not in metric.model_fields_set and metric.index != COST:
        metric.direction = "maximize"
    if metric.weights is None and metric.index in WEIGHTS:
        metric.weights = dict(WEIGHTS[metric.index])


def _of_load(metric: MetricForm, load: LoadForm) -> None:
    """What is known of times that the load generator returns: their unit, and which loop it was."""
    if metric.returned not in LATENCIES or not metric.many:
        return
    if metric.values_in is None and is_duration(metric.unit or ""):
        metric.values_in = "s"
    if metric.percentile is not None and metric.loop is None:
        metric.loop = "closed" if load.rate is None else "open"


def resource_units(form: WorkloadForm) -> dict[str, str]:
    """The unit of every resource that a metric of `form` can name, its collectors' too."""
    known = set(registry.names("collectors"))
    collected = [registry.load("collectors", name).units for name in form.collectors if name in known]
    return {**RESOURCES, **{name: unit for units in collected for name, unit in units.items()}}


def own_unit(metric: MetricForm, units: Mapping[str, str]) -> str | None:
    """The unit that the source measures in; None where the workload decides. `units` are the resources'."""
    if metric.wall:
        return "s"
    if metric.exit or metric.index in WEIGHTS:
        return ""
    return None if metric.resource is None else units.get(metric.resource, "")
