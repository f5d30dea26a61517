"""Metrics of a workload, checked one by one."""

from __future__ import annotations

from typing import Any

import regex
from jsonpath import JSONPathEnvironment, JSONPathError

from autotune.core.hint import did_you_mean
from autotune.core.units import UnitError, factor
from autotune.model.workload import Metric
from autotune.study.defaults import OwnUnits, own_unit, own_units
from autotune.study.indices import index_mistakes
from autotune.study.limits import FAILURES
from autotune.study.many import many_mistakes
from autotune.study.of_load import wrong_count_with_load, wrong_with_load
from autotune.study.schema.read import Mistake, Path
from autotune.study.schema.workload import SOURCES, MetricForm, WorkloadForm

_WITH_FILE = ("regex", "json", "csv")


_RELATED = ("index", "percentile", "reduce", "values_in", "loop", "work", "weights", "prices", "unit")
"""Keys of a metric that are judged together."""


def metric(
    name: str, form: MetricForm, path: Path, *, inner: WorkloadForm, mistakes: list[Mistake]
) -> Metric | None:
    """The metric called `name` of the workload `inner`, or None with the reasons added to `mistakes`."""
    wrong = _misfits(name, form, path, inner)
    mistakes.extend(wrong)
    if wrong:
        return None
    source: Any
    source, where = next(iter(form.sources.items()))
    return Metric(
        name=name,
        source=source,
        where="" if source in {"wall", "exit"} else where,
        count=form.count or "",
        file=form.file or "",
        unit=form.unit or "",
        direction=form.direction,
        percentile=form.percentile,
        reduce=form.reduce or "",
        values_in=form.values_in or _returned_in(form, inner),
        loop=form.loop,
        work=form.work or "",
        weights=dict(form.weights or {}),
        prices=form.prices.model_dump() if form.prices else {},
    )


def _returned_in(form: MetricForm, inner: WorkloadForm) -> str:
    """The unit of a single number that is returned, where it is known."""
    return "" if form.returned is None else own_unit(form, own_units(inner)) or ""


def _misfits(name: str, form: MetricForm, path: Path, inner: WorkloadForm) -> list[Mistake]:
    if name == FAILURES:
        message = f"'{FAILURES}' is what every study counts by itself. Take another name"
        return [Mistake(path=path, message=message, at_key=True)]
    if len(form.sources) != 1:
        given = " and ".join(form.sources) or "none"
        message = f"metric '{name}' needs exactly one of {', '.join(SOURCES)}; found {given}"
        return [Mistake(path=path, message=message, at_key=True, also=((*path[:-2], "driver"),))]
    source, where = next(iter(form.sources.items()))
    units = own_units(inner)
    wrong = {source: _wrong_source(source, where, inner.driver, units)}
    if inner.driver == "http":
        wrong[source] = wrong[source] or wrong_with_load(form, source, where)
    if form.count is not None:
        wrong["count"] = _wrong_count(form, source, form.count)
        if inner.driver == "http":
            wrong["count"] = wrong["count"] or wrong_count_with_load(source, form.count)
    if form.file is not None and source not in _WITH_FILE:
        wrong["file"] = f"'file' belongs to {', '.join(_WITH_FILE)}, not to {source}"
    wrong["unit"] = _wrong_unit(own_unit(form, units), form.unit or "")
    driver = ((*path[:-2], "driver"),)
    among = {**many_mistakes(form, source), **index_mistakes(form)}
    if wrong["unit"]:
        for key in ("values_in", "loop"):  # judged by the unit, and perhaps not even written in the file
            among.pop(key, None)
    others = tuple((*path, key) for key in _RELATED)
    return [
        *(Mistake(path=(*path, key), message=text, also=driver) for key, text in wrong.items() if text),
        *(Mistake(path=(*path, key), message=text, also=others) for key, text in among.items() if text),
    ]


def _wrong_unit(own: str | None, wanted: str) -> str:
    if own is None or own == wanted:
        return ""
    try:
        factor(own, wanted)
    except UnitError:
        if not own:
            return f"this metric is a plain number without a unit, found '{wanted}'"
        return f"this metric is measured in '{own}', which cannot be converted to '{wanted}'"
    return ""


def _wrong_source(source: str, where: str, driver: str, units: OwnUnits) -> str:
    if source == "returned" and driver not in {"python", "http"}:
        return f"'returned' belongs to the drivers python and http, found driver {driver}"
    known = units.resources
    if source == "resource" and where not in known:
        return f"'{where}' is no resource. Known: {', '.join(known)}.{did_you_mean(where, known)}"
    return _unreadable(source, where)


def _wrong_count(form: MetricForm, source: str, where: str) -> str:
    if form.many:
        return "many values are counted by themselves"
    if source not in {"regex", "json", "returned"}:
        return f"'count' belongs to regex, json and returned, not to {source}"
    return _unreadable(source, where)


def _unreadable(source: str, where: str) -> str:
    if source == "regex":
        try:
            regex.compile(where)
        except regex.error as error:
            return f"'{where}' is no regular expression: {error}"
    if source == "json":
        try:
            JSONPathEnvironment().compile(where)
        except JSONPathError as error:
            return f"'{where}' is no JSON path: {str(error).splitlines()[0]}"
    return ""
