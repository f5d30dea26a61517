"""The JSON Schema of a file, for editors and other tools."""

from __future__ import annotations

from typing import Any, Literal

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from autotune.study.schema.study import StudyForm
from autotune.study.schema.workload import WorkloadForm


class _WithoutNull(GenerateJsonSchema):
    """An optional key is left out; null is no value in these files."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        made = super().default_schema(schema)
        return {key: value for key, value in made.items() if key != "default" or value is not None}

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002  pydantic's interface
        return False


def json_schema(kind: Literal["study", "workload"]) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a study file or a workload file, as plain data."""
    model = StudyForm if kind == "study" else WorkloadForm
    made = model.model_json_schema(by_alias=True, schema_generator=_WithoutNull)
    return {"$schema": GenerateJsonSchema.schema_dialect, **made, "title": f"autotune {kind} file"}
