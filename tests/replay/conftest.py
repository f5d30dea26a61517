from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from search.recorded import read


@pytest.fixture
def path(tmp_path):
    """Six configurations of which four were measured, one failed, and one may not be."""
    said = {
        "name": "tiny",
        "direction": "min",
        "params": [
            {"name": "size", "kind": "ordinal", "values": [1, 2, 4]},
            {"name": "fast", "kind": "bool", "values": ["off", "on"]},
        ],
    }
    (tmp_path / "tiny.json").write_text(json.dumps(said))
    rows = "size,fast,y\n0,0,10\n1,0,8\n2,0,\n0,1,6\n1,1,2\n"
    (tmp_path / "tiny.csv.gz").write_bytes(gzip.compress(rows.encode()))
    return tmp_path / "tiny.json"


@pytest.fixture
def tiny(path):
    return read(path)
