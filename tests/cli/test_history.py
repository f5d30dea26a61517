"""`autotune history`: what gates measured is kept once a commit, and change points are found in it."""

from __future__ import annotations

import csv
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


def gate_file(folder: Path, number: int, level: float, **head: Any) -> Path:
    """What a gate wrote of commit `number`, whose ten samples lie around `level` seconds."""
    random = np.random.default_rng(number)
    values = level * random.normal(1.0, 0.01, 10)
    commit = {
        "sha": f"{number:040x}",
        "subject": f"Change {number}",
        "time": f"2026-01-01T00:{number:02}:00+00:00",
    }
    samples = [
        {"arm": "b", "pair": pair, "take": 0, "order": 0, "state": "ok", "metrics": {"seconds": value}}
        for pair, value in enumerate(values)
    ]
    data = {
        "schema": "autotune.gate/1",
        "answer": "pass",
        "time": f"2026-01-02T00:{number:02}:00+00:00",
        "head": {"said": f"commit {number}", "commit": commit, "changed": [], **head},
        "base": {"said": "", "commit": None},
        "workloads": {
            "parse": {
                "file": "parse.yaml",
                "fingerprint": {"machine.cpu": "model"},
                "metrics": [{"metric": "seconds", "unit": "s", "direction": "minimize"}],
                "rounds": [samples],
            }
        },
    }
    path = folder / f"gate-{number:02}.json"
    path.write_text(json.dumps(data))
    return path


@pytest.fixture
def db(tmp_path: Path) -> str:
    return str(tmp_path / "history.db")


def test_change_is_found_with_its_commit_and_interval(autotune: Run, tmp_path: Path, db: str) -> None:
    files = [str(gate_file(tmp_path, n, 1.0 if n < 12 else 1.2)) for n in range(24)]
    kept = autotune("history", "--db", db, "add", *reversed(files))
    assert kept.stdout == "24 results kept, 0 were there already\n"
    found = autotune("history", "--db", db, "changes", "--svg", str(tmp_path / "history.svg"))
    assert found.returncode == 0
    first, second = found.stdout.splitlines()
    assert first.startswith("parse  seconds  24 results, now 1.")
    assert first.endswith(": 1 change")
    assert second.startswith("  worse  +")
    assert second.endswith("] from 0000000000 on: Change 12")
    assert ET.parse(tmp_path / "history.svg").getroot().tag.endswith("svg")
    data = json.loads(autotune("history", "--db", db, "changes", "--json").stdout)
    (change,) = data[0]["changes"]
    assert change["commit"] == f"{12:040x}"
    assert change["low"] < 0.2 < change["high"]
    assert change["worse"] is True


def test_steady_results_have_no_change(autotune: Run, tmp_path: Path, db: str) -> None:
    autotune("history", "--db", db, "add", *(str(gate_file(tmp_path, n, 1.0)) for n in range(20)))
    found = autotune("history", "--db", db, "changes")
    (line,) = found.stdout.splitlines()
    assert line.endswith(": no change")


def test_same_file_is_kept_once(autotune: Run, tmp_path: Path, db: str) -> None:
    path = str(gate_file(tmp_path, 1, 1.0))
    autotune("history", "--db", db, "add", path)
    again = autotune("history", "--db", db, "add", path)
    assert again.stdout == "0 results kept, 1 were there already\n"


def test_export_is_read_back_whole(autotune: Run, tmp_path: Path, db: str) -> None:
    autotune("history", "--db", db, "add", str(gate_file(tmp_path, 1, 1.0)))
    rows = list(csv.DictReader(autotune("history", "--db", db, "export").stdout.splitlines()))
    data = json.loads(autotune("history", "--db", db, "export", "--format", "json").stdout)
    assert [float(row["value"]) for row in rows] == data[0]["samples"]
    assert {row["commit"] for row in rows} == {f"{1:040x}"}


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ({"changed": ["parse.py"]}, "files were not committed, so it belongs to no commit"),
        ({"commit": None}, "what was measured is no commit"),
    ],
)
def test_what_is_no_commit_has_no_place(
    autotune: Run, tmp_path: Path, db: str, head: dict[str, Any], told: str
) -> None:
    found = autotune("history", "--db", db, "add", str(gate_file(tmp_path, 1, 1.0, **head)))
    assert found.returncode == 2
    assert told in found.stderr
    assert autotune("history", "--db", db, "changes").returncode == 2


def test_one_wrong_file_of_several_keeps_none(autotune: Run, tmp_path: Path, db: str) -> None:
    good, wrong = gate_file(tmp_path, 1, 1.0), tmp_path / "wrong.json"
    wrong.write_text("{}")
    found = autotune("history", "--db", db, "add", str(good), str(wrong))
    assert found.returncode == 2
    assert "is no file that autotune gate --json wrote" in found.stderr
    told = autotune("history", "--db", db, "changes").stderr
    assert ("the history is empty" if "://" in db else "there is no history in") in told


def test_unknown_series_names_those_that_there_are(autotune: Run, tmp_path: Path, db: str) -> None:
    autotune("history", "--db", db, "add", str(gate_file(tmp_path, 1, 1.0)))
    found = autotune("history", "--db", db, "changes", "--metric", "second")
    assert found.returncode == 2
    assert "It has: parse seconds." in found.stderr


def test_place_is_said_before_or_behind_the_subcommand(autotune: Run, tmp_path: Path) -> None:
    path, place = str(gate_file(tmp_path, 1, 1.0)), str(tmp_path / "own.db")
    assert autotune("history", "add", "--db", place, path).returncode == 0
    before = autotune("history", "--db", place, "export").stdout
    assert before == autotune("history", "export", "--db", place).stdout != ""


def test_reading_makes_no_history(autotune: Run, tmp_path: Path) -> None:
    found = autotune("history", "changes", "--db", str(tmp_path / "missing.db"))
    assert found.returncode == 2
    assert "there is no history in" in found.stderr
    assert not (tmp_path / "missing.db").exists()


def test_record_with_nan_is_refused_by_its_name(autotune: Run, tmp_path: Path) -> None:
    path = gate_file(tmp_path, 1, 1.0)
    path.write_text(path.read_text().replace('"seconds": ', '"seconds": NaN, "was": ', 1))
    found = autotune("history", "add", "--db", str(tmp_path / "own.db"), str(path))
    assert found.returncode == 2
    assert f"{path} is no JSON: NaN is no number" in found.stderr
