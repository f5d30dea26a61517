from __future__ import annotations

import json
import sys
from copy import deepcopy
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "benchmarks" / "gallery"))

from entries import entries  # noqa: E402  scripts, found by the line above
from kept import keep  # noqa: E402


@pytest.fixture(scope="session")
def _recorded():
    return json.loads((HERE / "fixtures" / "log-burst.results.json").read_text())


@pytest.fixture
def results(_recorded):
    """A recorded run of log-burst, four of its pairs."""
    return deepcopy(_recorded)


@pytest.fixture
def entry():
    return next(entry for entry in entries() if entry.name == "log-burst")


@pytest.fixture
def result(entry, results):
    """What is kept of that run."""
    return keep(entry, results)
