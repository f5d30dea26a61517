"""Real gates in a repository with a true slowdown on a branch, while a neighbour loads a core in bursts.

Each tool is used as its documentation recommends, in one job: base and head on the same machine, one after
the other or interleaved as the tool does it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from compare_noise import bursts

from gating import kept, repository, tools

RUNS = {"autotune": 10, "autotune in pytest": 10, "pytest-benchmark": 10}
_FEW = 3
"""Runs a cell of the other tools."""


def run(names: list[str], runs: int, minutes: float) -> None:
    """Runs what is not kept until the time is used up."""
    end = time.monotonic() + 60 * minutes
    found = kept.read("live").get("runs", [])
    with bursts():
        for number in range(max([runs, *RUNS.values()])):
            for name in names:
                for truth in kept.TRUTHS:
                    wanted = runs or RUNS.get(name, _FEW)
                    done = sum(one["tool"] == name and one["truth"] == truth for one in found)
                    if number < done or number >= wanted or time.monotonic() > end:
                        continue
                    found.append(_one(name, truth))
                    kept.write("live", {"versions": tools.versions(), "runs": found})


def _one(name: str, truth: float) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "repository")
        repository.make(place, truth)
        began = time.monotonic()
        answer = TOOLS[name](place)
        seconds = time.monotonic() - began
    print(f"{name:<20} {truth:.2f} {answer:<10} {seconds:6.1f} s", flush=True)
    return {"tool": name, "truth": truth, "answer": answer, "seconds": round(seconds, 1)}


def _call(place: Path, *words: object, **env: str) -> subprocess.CompletedProcess[str]:
    own = {**os.environ, "AUTOTUNE_STATE": str(place.parent / "state"), **env}
    return subprocess.run(
        [str(word) for word in words], cwd=place, env=own, capture_output=True, text=True, check=False
    )


def _ours(place: Path) -> str:
    program = Path(sys.executable).with_name("autotune")
    done = _call(place, program, "gate", "bench.yaml", "--base", "main", "--json", "gate.json")
    if not (place / "gate.json").is_file():
        raise SystemExit(done.stderr)
    answer = json.loads((place / "gate.json").read_text())["answer"]
    return {"pass": "green", "fail": "red"}.get(answer, "undecided")


def _plugin(place: Path) -> str:
    done = _call(place, sys.executable, "-m", "pytest", "-q", "test_ours.py", "--autotune-compare=main")
    if done.returncode not in {0, 1}:
        raise SystemExit(done.stdout + done.stderr)
    return "red" if done.returncode else ("undecided" if "UNDECIDED" in done.stdout else "green")


def _pytest_benchmark(place: Path) -> str:
    words = [tools.python(), "-m", "pytest", "-q", "-p", "no:autotune", "test_peer.py", "--benchmark-only"]
    _at(place, "main")
    _checked(_call(place, *words, "--benchmark-save=base"))
    _at(place, "head")
    done = _call(place, *words, "--benchmark-compare=0001", "--benchmark-compare-fail=min:5%")
    return "red" if done.returncode else "green"


def _codspeed(place: Path) -> str:
    words = [tools.python(), "-m", "pytest", "-q", "test_peer.py", "--codspeed", "--codspeed-mode=walltime"]
    arms = []
    for branch in ("main", "head"):
        _at(place, branch)
        shutil.rmtree(place / ".codspeed", ignore_errors=True)
        _checked(_call(place, *words))
        (result,) = (place / ".codspeed").glob("results_*.json")
        stats = json.loads(result.read_text())["benchmarks"][0]["stats"]
        arms.append([stats["median_ns"]])
    return "red" if tools.red([("pytest-codspeed", arms[0], arms[1])])[0] else "green"


def _asv(place: Path) -> str:
    asv = tools.python().with_name("asv")
    path = f"{asv.parent}{os.pathsep}{os.environ['PATH']}"
    _checked(_call(place, asv, "machine", "--yes", HOME=str(place.parent), PATH=path))
    done = _call(
        place, asv, "continuous", "--factor", "1.05", "main", "head", HOME=str(place.parent), PATH=path
    )
    if done.returncode not in {0, 1}:
        raise SystemExit(done.stdout + done.stderr)
    return "red" if "PERFORMANCE DECREASED" in done.stdout else "green"


def _hyperfine(place: Path) -> str:
    base = place.parent / "base"
    _checked(_call(place, "git", "worktree", "add", "-q", base, "main"))
    words = [f"{sys.executable} -I -S {folder}/run.py" for folder in (base, place)]
    _checked(_call(place, "hyperfine", "-N", "--warmup", "3", "--export-json", "out.json", *words))
    times = [one["times"] for one in json.loads((place / "out.json").read_text())["results"]]
    return "red" if tools.red([("hyperfine", times[0], times[1])])[0] else "green"


def _at(place: Path, branch: str) -> None:
    _checked(_call(place, "git", "checkout", "-q", branch))


def _checked(done: subprocess.CompletedProcess[str]) -> None:
    if done.returncode:
        raise SystemExit(f"{done.args}\n{done.stdout}{done.stderr}")


TOOLS: dict[str, Callable[[Path], str]] = {
    "autotune": _ours,
    "autotune in pytest": _plugin,
    "pytest-benchmark": _pytest_benchmark,
    "pytest-codspeed": _codspeed,
    "asv": _asv,
    "hyperfine": _hyperfine,
}
