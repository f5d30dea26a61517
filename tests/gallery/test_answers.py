"""A fast wrong answer is refused by the workloads of the gallery."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

WORKLOADS = Path(__file__).parent.parent.parent / "workloads"


def test_order_book_refuses_another_sum(tmp_path):
    program("cpython_gc", "prepare", "--records", tmp_path / "records")
    files = ("--records", tmp_path / "records", "--answer", tmp_path / "answer")
    program("cpython_gc", "run", *files, "--threshold0=5000", "--freeze=true")
    program("cpython_gc", "check", *files)
    answer = json.loads((tmp_path / "answer").read_text())
    (tmp_path / "answer").write_text(json.dumps(answer | {"sold": answer["sold"] + 1}))
    with pytest.raises(subprocess.CalledProcessError, match="cpython_gc"):
        program("cpython_gc", "check", *files)


def test_telemetry_refuses_other_bytes_and_tells_the_size(tmp_path):
    corpus = tmp_path / "corpus"
    program("xz_telemetry", "prepare", "--corpus", corpus)
    subprocess.run(["xz", "--keep", "-0", corpus], check=True)
    program("xz_telemetry", "check", "--corpus", corpus)
    sizes = json.loads((tmp_path / "sizes.json").read_text())
    assert sizes["ratio"] == pytest.approx(corpus.stat().st_size / sizes["bytes"])
    corpus.write_bytes(corpus.read_bytes()[:-1] + b"!")
    with pytest.raises(subprocess.CalledProcessError, match="xz_telemetry"):
        program("xz_telemetry", "check", "--corpus", corpus)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("numpy_chunks", {"chunk": 40_000, "in_place": True, "scratch": "float64"}),
        ("numpy_chunks", {"chunk": 40_000, "in_place": False, "scratch": "float32"}),
        ("numpy_dgemm", {"order_a": "F", "order_b": "C", "order_out": "F"}),
    ],
)
def test_arrays_refuse_a_wrong_element(name, arguments, tmp_path, monkeypatch):
    module = imported(name)
    monkeypatch.setattr(module, "PASSES", 1, raising=False)
    monkeypatch.setattr(module, "SECONDS", 0, raising=False)
    returned = module.run(**arguments)
    (tmp_path / "returned.json").write_text(json.dumps(returned))
    module.check(tmp_path / "returned.json")
    returned["found"][7] *= 1 + 1e-5
    (tmp_path / "returned.json").write_text(json.dumps(returned))
    with pytest.raises(SystemExit, match="should be"):
        module.check(tmp_path / "returned.json")


def test_flights_refuse_another_quality_than_that_of_the_model(tmp_path):
    program("lightgbm_flights", "train", "--folder", tmp_path, "--rounds=5", "--num_threads=1")
    program("lightgbm_flights", "check", "--folder", tmp_path)
    with np.load(tmp_path / "held_out.npz") as kept:
        held_out = dict(kept)
    np.savez(tmp_path / "held_out.npz", **held_out | {"auc": held_out["auc"] + 1e-4})
    with pytest.raises(subprocess.CalledProcessError, match="lightgbm_flights"):
        program("lightgbm_flights", "check", "--folder", tmp_path)


def program(name: str, *words: str | Path) -> None:
    subprocess.run([sys.executable, WORKLOADS / f"{name}.py", *words], check=True, capture_output=True)


def imported(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, WORKLOADS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
