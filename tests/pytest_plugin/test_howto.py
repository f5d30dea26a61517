"""The examples of docs/how-to/benchmarks-in-pytest.md run as ordinary tests."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

Run = Callable[..., subprocess.CompletedProcess[str]]

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "benchmarks-in-pytest.md"
PACKAGE = "def parse(text):\n    return 42\n\n\ndef sort(values):\n    return sorted(values)\n"
WORKLOAD = "workload: parse\ncommand: ['true']\nmetrics: {seconds: {wall: true}}\n"


def test_examples_of_the_page_are_tests_that_pass(project: Path, run: Run) -> None:
    examples = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert len(examples) == 3
    (project / "src/mypkg/__init__.py").write_text(PACKAGE)
    (project / "workloads").mkdir()
    (project / "workloads/parse.yaml").write_text(WORKLOAD)
    for number, text in enumerate(examples):
        (project / f"tests/test_example_{number}.py").write_text(text)
    found = run("-q", "tests", "--ignore=tests/test_parse.py")
    assert found.returncode == 0, found.stdout
    assert "6 passed" in found.stdout


def test_options_of_the_page_are_those_there_are(run: Run) -> None:
    text = PAGE.read_text()
    told = run("--help").stdout
    for name in set(re.findall(r"--autotune[\w-]*", text)) | set(re.findall(r"`(autotune_\w+)`", text)):
        assert name in told, name
