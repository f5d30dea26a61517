"""A study file."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Discriminator, Field, PlainValidator, Tag, WithJsonSchema

from autotune.model.space import Risk
from autotune.study.schema.fields import (
    Duration,
    Expression,
    Factor,
    FileName,
    Percentage,
    Positive,
    Quantity,
    Scalar,
    Strict,
    Text,
    found,
    refuse,
)
from autotune.study.schema.parameter import shape
from autotune.study.schema.workload import WorkloadForm

MOST_OBJECTIVES = 4
"""Of more than a few objectives nearly every trial is on the front, and each costs pairs of the proof."""


class ObjectiveForm(Strict):
    """What to improve."""

    metric: Text = Field(description="Name of the metric; its direction says which way is better.")


class OneOfForm(ObjectiveForm):
    """One of several objectives."""

    min_gain: Percentage | None = Field(
        None, description="Its margin, instead of validate.min_gain; less counts neither as gain nor as loss."
    )
    min_difference: float | None = Field(
        None, gt=0, description="Its margin in the metric's unit, for a metric that can be zero or less."
    )


class PickForm(Strict):
    """Which point of the Pareto front is wanted; one of weights, lexicographic, max and min says it."""

    weights: dict[Text, Annotated[float, Field(gt=0)]] | None = Field(
        None, description="By objective: what a gain of one per cent is worth."
    )
    lexicographic: list[Text] | None = Field(
        None, description="Every objective, the most important first: its best, then the next one's, ..."
    )
    within: Percentage | None = Field(
        None, description="For lexicographic: what counts as nearly the best; its margin where left out."
    )
    max_: Text | None = Field(None, alias="max", description="The objective to have the most of.")
    min_: Text | None = Field(None, alias="min", description="The objective to have the least of.")
    subject_to: list[Expression] | None = Field(
        None, min_length=1, description="For max and min: bounds on other objectives, written as limits are."
    )

    @property
    def ways(self) -> dict[str, Any]:
        """The keys that say which way it picks: one in a correct file."""
        given = {
            "weights": self.weights,
            "lexicographic": self.lexicographic,
            "max": self.max_,
            "min": self.min_,
        }
        return {key: value for key, value in given.items() if value is not None}


class SamplerForm(Strict):
    """What chooses the configurations; keys beyond these are the sampler's own options."""

    model_config = ConfigDict(extra="allow")

    name: Text = Field("auto", description="auto, tpe, random, grid, or a plug-in's.")
    seed: int = Field(0, ge=0, lt=2**63, description="The same seed gives the same study.")


class RepeatsForm(Strict):
    """Samples of one trial, until its interval is narrow enough."""

    least: int = Field(1, alias="min", ge=1, le=1000, description="Samples that every trial takes.")
    most: int = Field(1, alias="max", ge=1, le=1000, description="Samples that no trial exceeds.")
    until: Text | None = Field(None, description="Stop at this precision, such as: ci95 <= 3%.")


class PlateauForm(Strict):
    """Stop the search when it makes no more progress."""

    trials: int = Field(ge=1, description="So many trials without a gain.")
    gain: Percentage = Field("1%", description="Progress below this does not count.")


class CostForm(Strict):
    """What the run may cost, in any one currency."""

    per_hour: Positive = Field(description="Price of an hour of the machine.")
    most: Positive = Field(description="What the whole run may cost, validation included.")


class BudgetForm(Strict):
    """How much to spend."""

    trials: int = Field(60, ge=1, le=1_000_000, description="Trials of the search.")
    wall: Duration | None = Field(None, description="Time of the whole run, validation included.")
    cost: CostForm | None = Field(None, description="Money for the whole run, as hours of the machine.")
    plateau: PlateauForm | None = Field(None, description="Stop the search when it makes no more progress.")
    target: Quantity | None = Field(
        None, description="Stop the search at this value of the objective: 20ms, 5000, 0.8 * baseline."
    )
    convergence: Percentage | None = Field(
        None, description="Stop the search when its trials all come within this share of the best."
    )


class AbortForm(Strict):
    """End trials that are clearly worse before their end."""

    beyond: Factor = Field(description="A trial's sample may take so many times the baseline's median.")


class ValidateForm(Strict):
    """The proof on fresh pairs."""

    candidates: int = Field(3, ge=1, le=10, description="The search's best, measured afresh for the proof.")
    reduce: bool = Field(True, description="Take back changes that are shown to add nothing.")
    pairs: int = Field(40, ge=1, le=10_000, description="Pairs at most; looks at 1/4, 1/2, 3/4 and all.")
    min_gain: Percentage = Field("2%", description="Margin below which a difference does not count.")
    min_difference: float | None = Field(
        None, gt=0, description="The margin in the metric's unit, for metrics that can be zero or less."
    )


def _knee(value: Any) -> str:
    if value != "knee":
        refuse(f"expected knee, or a mapping with weights, lexicographic, max or min; found {found(value)}")
    return "knee"


Knee = Annotated[str, PlainValidator(_knee), WithJsonSchema({"const": "knee"})]
RepeatsShort = Annotated[int, Field(ge=1, le=1000)]


class StudyForm(Strict):
    """What to search for, and what counts as proof."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["objective"]}, {"required": ["objectives"]}]}
    )

    study: FileName = Field(description="Name of the study.")
    workload: Annotated[
        Annotated[Text, Tag("<short>")] | Annotated[WorkloadForm, Tag("<mapping>")],
        Discriminator(shape),
    ] = Field(description="Path of the workload's file, relative to this one; or the workload itself.")
    objective: ObjectiveForm | None = Field(None, description="What to improve.")
    objectives: list[OneOfForm] | None = Field(
        None,
        description="Instead of objective: what to improve together.",
        json_schema_extra={"minItems": 2, "maxItems": MOST_OBJECTIVES},
    )
    pick: (
        Annotated[
            Annotated[Knee, Tag("<short>")] | Annotated[PickForm, Tag("<mapping>")],
            Discriminator(shape),
        ]
        | None
    ) = Field(None, description="Which point of the front of several objectives is wanted; knee by default.")
    limits: list[Expression] = Field(
        default_factory=list, description="Bounds to keep: p95_ms <= 1.05 * baseline, failures == 0."
    )
    sampler: SamplerForm = Field(default_factory=SamplerForm.model_construct, description="What chooses.")
    repeats: Annotated[
        Annotated[RepeatsShort, Tag("<short>")] | Annotated[RepeatsForm, Tag("<mapping>")],
        Discriminator(shape),
    ] = Field(1, description="Samples per trial.")
    baseline: dict[Text, Scalar] = Field(
        default_factory=dict, description="Values of the baseline that differ from the defaults."
    )
    baseline_samples: int = Field(5, ge=2, le=1000, description="Samples of the baseline before the search.")
    enqueue: list[dict[Text, Scalar]] = Field(
        default_factory=list,
        description="Configurations to try first; what is left out is as in the baseline.",
    )
    warm_start: Text | None = Field(
        None,
        description="Reports folder of an earlier study of the same workload, relative to this file: the "
        "search starts from what its last run found.",
    )
    budget: BudgetForm = Field(default_factory=lambda: BudgetForm.model_validate({}))
    abort: AbortForm | None = Field(
        None, description="End trials that are clearly worse before their end; for an objective of wall time."
    )
    validation: ValidateForm = Field(
        default_factory=lambda: ValidateForm.model_validate({}), alias="validate", description="The proof."
    )
    freeze: list[Text] | None = Field(
        None, description="Parameters that stay at the baseline's value and are not searched."
    )
    allow_risk: list[Risk] = Field(default_factory=list, description="Risks that the search may take.")


def options(sampler: SamplerForm) -> dict[str, Any]:
    """The sampler's own options: the keys that the format does not know."""
    return dict(sampler.model_extra or {})
