"""The reference page against what it describes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from autotune.study.load import load, load_workload
from autotune.study.schema.parameter import ParameterForm
from autotune.study.schema.read import known_keys
from autotune.study.schema.study import StudyForm
from autotune.study.schema.workload import MetricForm, WorkloadForm

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "study-file.md").read_text()
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("text", EXAMPLES, ids=[text.splitlines()[0] for text in EXAMPLES])
def test_every_example_of_the_page_loads(tmp_path, text, facts):
    path = tmp_path / "example.yaml"
    path.write_text(text)
    read = load if text.startswith("study:") else load_workload
    assert read(path, facts=facts)


@pytest.mark.parametrize("form", [StudyForm, WorkloadForm, MetricForm, ParameterForm])
def test_every_key_is_in_a_table_of_the_page(form):
    told = " ".join(re.findall(r"^\| (`[^|]+) \|", PAGE, re.MULTILINE))
    assert not [key for key in known_keys(form, ()) if not re.search(rf"`{key}[`.]", told)]
