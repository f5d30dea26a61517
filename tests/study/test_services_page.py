"""The page of services against what it describes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from autotune.study.load import load_workload
from autotune.study.schema.instance import InstanceForm, SignForm
from autotune.study.schema.read import known_keys

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "services.md").read_text()
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
FIRST_CELLS = " ".join(re.findall(r"^\| (`[^|]+) \|", PAGE, re.MULTILINE))


@pytest.mark.parametrize("text", EXAMPLES, ids=[text.splitlines()[0] for text in EXAMPLES])
def test_every_example_of_the_page_loads(tmp_path: Path, text: str) -> None:
    for name in ("postgresql.conf", "nginx.conf"):
        (tmp_path / name).write_text("# {{ port }} {{ data }}\n")
    (tmp_path / "w.yaml").write_text(text)
    assert load_workload(tmp_path / "w.yaml", facts={}).instance


def test_every_key_of_a_service_is_in_a_table() -> None:
    keys = [*known_keys(InstanceForm, ()), *(f"ready.{key}" for key in known_keys(SignForm, ()))]
    assert not [key for key in keys if key != "ready" and f"`{key}`" not in FIRST_CELLS]
