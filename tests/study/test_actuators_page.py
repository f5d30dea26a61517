"""The page of the actuators against what is registered."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from autotune.core import registry
from autotune.study.load import load_workload
from autotune.study.schema.read import known_keys
from autotune.study.schema.services import ReadyForm, ServiceForm

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "actuators.md").read_text()
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
FIRST_CELLS = " ".join(re.findall(r"^\| (`[^|]+) \|", PAGE, re.MULTILINE))


@pytest.mark.parametrize("text", EXAMPLES, ids=[text.splitlines()[0] for text in EXAMPLES])
def test_every_example_of_the_page_loads(tmp_path, text, facts):
    (tmp_path / "w.yaml").write_text(text)
    assert load_workload(tmp_path / "w.yaml", facts=facts).space.parameters


def test_every_actuator_and_every_key_of_a_service_is_in_a_table():
    keys = [*known_keys(ServiceForm, ()), *(f"ready.{key}" for key in known_keys(ReadyForm, ()))]
    told = [*registry.names("actuators"), *(key for key in keys if key != "ready")]
    assert not [name for name in told if f"`{name}`" not in FIRST_CELLS]
