"""The margin of a verdict: the smallest change that counts, or the machine's floor where that is larger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from autotune.judge.plan import Plan
from autotune.model.floor import Floor, read_floor
from autotune.model.study import Objective, Study, Validation

_Rules = TypeVar("_Rules", Validation, Objective)

RECORDED = "floor"
"""Where the host's facts of a run hold the floor that it was started with, of its first objective."""


def place_of(further: str = "") -> str:
    """The name among the host's facts of the first objective's floor, or of that of a `further` one."""
    return f"{RECORDED}.{further}" if further else RECORDED


def recorded_floor(host: Mapping[str, Any], further: str = "") -> Floor | None:
    """The floor that the run was started with; None where none was known.

    It is that of the first objective, or of a `further` one.
    """
    plain = host.get(place_of(further))
    return None if plain is None else read_floor(plain)


def floored(study: Study, host: Mapping[str, Any]) -> Study:
    """`study` with the margins that the floors in `host` leave it."""
    first = _floored(study.validation, recorded_floor(host))
    further = tuple(_floored(one, recorded_floor(host, one.metric)) for one in study.further)
    return replace(study, validation=first, further=further)


def _floored(rules: _Rules, floor: Floor | None) -> _Rules:
    if floor is None:
        return rules
    gain, difference = _raised(rules.min_gain, rules.min_difference, floor)
    return replace(rules, min_gain=gain, min_difference=difference)


def floored_plan(plan: Plan, floor: Floor | None) -> Plan:
    """`plan` with the margin that `floor` leaves it."""
    if floor is None:
        return plan
    gain, difference = _raised(plan.margin, plan.absolute_margin, floor)
    return replace(plan, margin=gain, absolute_margin=difference)


def margin_told(floor: Floor | None, margin: float, absolute: float | None) -> str:
    """That the margin is the floor, in words; empty where it is not. The same before and after raising it."""
    if floor is None or floor.value < (margin if floor.relative else absolute or float("inf")):
        return ""
    size = f"{100 * floor.value:.4g} %" if floor.relative else f"{floor.value:.4g}"
    return (
        f"the margin is this machine's floor, {size}: equal configurations of {floor.workload} seem to "
        f"differ by as much in 1 of 20 comparisons (autotune selftest, {floor.pairs} pairs, {floor.measured})"
    )


def study_margin_told(study: Study, host: Mapping[str, Any]) -> str:
    """The same for a study and the floors in `host`; of several objectives each is named."""
    told = {study.objective: _told(study.validation, recorded_floor(host))}
    told |= {one.metric: _told(one, recorded_floor(host, one.metric)) for one in study.further}
    if not study.further:
        return told[study.objective]
    return "; ".join(f"{name}: {text}" for name, text in told.items() if text)


def _told(rules: Validation | Objective, floor: Floor | None) -> str:
    return margin_told(floor, rules.min_gain, rules.min_difference)


def _raised(margin: float, absolute: float | None, floor: Floor) -> tuple[float, float | None]:
    """Both margins; one in the metric's unit is raised where there is one, and never made up."""
    if floor.relative:
        return max(margin, floor.value), absolute
    return margin, None if absolute is None else max(absolute, floor.value)
