"""Which configurations a study may visit, by the risks that they carry."""

from __future__ import annotations

from autotune.core.expression import Expression
from autotune.model.space import Config
from autotune.model.study import Study


def allowed(study: Study, config: Config) -> bool:
    """Whether `config` takes no risk beyond `allow_risk` and those of the baseline, parameter by parameter.

    A baseline that takes a risk already stays allowed, and so does that risk from the same parameter;
    the same risk from another parameter does not.
    """
    taken = study.workload.space.risks(study.baseline)
    return all(
        risk in study.allow_risk or set(parameters) <= set(taken.get(risk, ()))
        for risk, parameters in study.workload.space.risks(config).items()
    )


def barred(study: Study) -> tuple[Expression, ...]:
    """The same as expressions: a configuration for which none of them is true is allowed."""
    taken = study.workload.space.risks(study.baseline)
    return tuple(
        expression
        for parameter in study.workload.space.parameters
        for risk, expression in parameter.risks.items()
        if risk not in study.allow_risk and parameter.name not in taken.get(risk, ())
    )
