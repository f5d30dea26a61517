"""Defaults that follow from other keys, written out before anything is built from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from autotune.core import registry
from autotune.core.units import is_duration
from autotune.judge.efficiency import COST, WEIGHTS
from autotune.model.resources import KNOWN
from autotune.model.returned import LATENCIES, returned_units
from autotune.model.space import UNSET
from autotune.study.schema.workload import MetricForm, WorkloadForm


def write_out(form: WorkloadForm) -> None:
    """Fills in `form` what is left out: how parameters reach the driver, sources and units of metrics.

    A range whose default is unset gets unset among its special values, so that a search can return to it.
    """
    python = form.driver == "python"
    returns = form.driver in {"python", "http"}
    for parameter in form.parameters.values():
        if parameter.apply is None:
            parameter.apply = "arguments" if python else "argv"
        ranged = parameter.int_ or parameter.float_ or parameter.power_of_two
        if ranged and parameter.default == UNSET and UNSET not in parameter.special:
            parameter.special = [*parameter.special, UNSET]
    units = own_units(form)
    for name, metric in form.metrics.items():
        if returns and not metric.sources:
            metric.returned = name
        _complete(metric, units)
        if form.load is not None and metric.returned in LATENCIES:
            metric.loop = metric.loop or ("closed" if form.load.rate is None else "open")
        if metric.percentile is not None and metric.loop is None:
            metric.loop = "closed"


def _complete(metric: MetricForm, units: OwnUnits) -> None:
    """The units of a metric, and what an index says of itself."""
    if metric.unit is None:
        metric.unit = own_unit(metric, units) or ""
    if metric.hdr is not None and metric.values_in is None and is_duration(metric.unit):
        metric.values_in = "ns"  # what the recorders of every language write unless told otherwise
    if metric.returned is not None and metric.many and metric.values_in is None:
        metric.values_in = own_unit(metric, units) or None
    if metric.index is None:
        return
    if "direction" not in metric.model_fields_set and metric.index != COST:
        metric.direction = "maximize"
    if metric.weights is None and metric.index in WEIGHTS:
        metric.weights = dict(WEIGHTS[metric.index])


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnUnits:
    """Units that autotune knows: of `resources`, of what is `returned` by other hands than the workload."""

    resources: Mapping[str, str]
    returned: Mapping[str, str]


def own_units(form: WorkloadForm) -> OwnUnits:
    """What is known of the names that a metric of `form` can use; resources of its collectors too."""
    known = set(registry.names("collectors"))
    collected = [registry.load("collectors", name).units for name in form.collectors if name in known]
    calibrate = form.python is not None and form.python.calibrate
    return OwnUnits(
        resources={**KNOWN, **{name: unit for units in collected for name, unit in units.items()}},
        returned=returned_units(form.driver, calibrate=calibrate),
    )


def own_unit(metric: MetricForm, units: OwnUnits) -> str | None:
    """The unit that the source measures in; None where the workload decides."""
    if metric.wall:
        return "s"
    if metric.exit or metric.index in WEIGHTS:
        return ""
    if metric.returned is not None:
        return units.returned.get(metric.returned)
    return None if metric.resource is None else units.resources.get(metric.resource, "")
