from __future__ import annotations

import json

import pytest

from autotune.study.schema.generate import json_schema
from autotune.study.schema.read import known_keys
from autotune.study.schema.study import StudyForm
from autotune.study.schema.workload import WorkloadForm


@pytest.mark.parametrize(("kind", "model"), [("study", StudyForm), ("workload", WorkloadForm)])
def test_the_schema_has_every_key_of_the_format_and_no_other(kind, model):
    schema = json_schema(kind)
    assert list(schema["properties"]) == known_keys(model, ())
    assert schema["additionalProperties"] is False
    assert schema["$schema"].startswith("https://json-schema.org/")


@pytest.mark.parametrize("kind", ["study", "workload"])
def test_no_key_of_the_schema_can_be_null_and_each_says_what_it_is(kind):
    text = json.dumps(json_schema(kind))
    assert '"null"' not in text
    assert '"default": null' not in text
    for definition in json_schema(kind)["$defs"].values():
        for name, key in definition["properties"].items():
            assert {"description", "$ref"} & key.keys(), name


def test_keys_inside_lists_mappings_and_short_forms_are_known():
    assert "regex" in known_keys(StudyForm, ("workload", "metrics", "ops"))
    assert "step" in known_keys(WorkloadForm, ("parameters", "jobs"))
    assert known_keys(StudyForm, ("repeats",)) == ["min", "max", "until"]
    assert known_keys(StudyForm, ("budget", "plateau")) == ["trials", "gain"]
