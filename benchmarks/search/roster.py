"""The optimisers beside ours: their script, their virtual environment, their time for a run."""

from __future__ import annotations

import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

from autotune.core.errors import UsageError
from autotune.core.hint import did_you_mean

ROOT = Path(__file__).parents[2]
SCRIPTS = Path(__file__).parent / "peers"
NEEDS = SCRIPTS / "needs"


@dataclass(frozen=True, slots=True)
class Entry:
    """One peer: `script` with `arguments` in the virtual environment `home` (empty: our own Python).

    `limit_s`: a run whose answers took longer ends there, and is scored at the budgets that it reached.
    """

    title: str
    script: str
    arguments: tuple[str, ...] = ()
    home: str = ""
    limit_s: float | None = None

    @property
    def argv(self) -> tuple[str, ...]:
        """How it is started."""
        return (str(python(self.home)), str(SCRIPTS / f"{self.script}.py"), *self.arguments)


PEERS = {
    "plain-random": Entry("random search without repeats", "by_random"),
    "plain-local": Entry("local search, 60 lines, restarts", "by_local"),
    "optuna-tpe": Entry("Optuna TPE", "by_optuna", ("tpe",), "optuna"),
    "optuna-tpe-worst": Entry("Optuna TPE, failures told as worst", "by_optuna", ("tpe-worst",), "optuna"),
    "optuna-gp": Entry("Optuna GP", "by_optuna", ("gp",), "optuna", 120),
    "optuna-nsga2": Entry("Optuna NSGA-II", "by_optuna", ("nsga2",), "optuna"),
    "optuna-cmaes": Entry("Optuna CMA-ES", "by_optuna", ("cmaes",), "optuna"),
    "smac": Entry("SMAC3", "by_smac", (), "smac", 20),
    "opentuner": Entry("OpenTuner", "by_opentuner", (), "opentuner", 120),
    "flaml": Entry("FLAML CFO", "by_flaml", (), "flaml"),
    "nevergrad-ngopt": Entry("Nevergrad NGOpt", "by_nevergrad", ("NGOpt",), "nevergrad", 120),
    "nevergrad-tbpsa": Entry("Nevergrad TBPSA", "by_nevergrad", ("TBPSA",), "nevergrad", 120),
    "scipy-de": Entry("scipy differential evolution", "by_scipy", ("differential-evolution",)),
    "scipy-annealing": Entry("scipy dual annealing", "by_scipy", ("dual-annealing",)),
}
"""By the name under which each is asked for."""


def entry(name: str) -> Entry:
    """The peer of that name; raises UsageError where there is none."""
    if name not in PEERS:
        raise UsageError(f"no peer '{name}'. Known: {', '.join(PEERS)}.{did_you_mean(name, PEERS)}")
    return PEERS[name]


def python(home: str) -> Path:
    """The interpreter of a peer's virtual environment."""
    return ROOT / f".venv-search-{home}" / "bin" / "python" if home else Path(sys.executable)


def install(home: str) -> str:
    """Makes a peer's virtual environment with the pinned packages of `needs/`; why it cannot, as text."""
    if not home:
        return ""
    folder, needs = ROOT / f".venv-search-{home}", NEEDS / f"{home}.txt"
    mark = folder / "installed"
    if mark.is_file() and mark.read_text() == needs.read_text():
        return ""
    print(f"installing {needs.relative_to(ROOT)} into {folder.name}", file=sys.stderr, flush=True)
    venv.create(folder, with_pip=True, clear=True)
    argv = [python(home), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", needs]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode:
        return " | ".join(done.stderr.strip().splitlines()[-3:])
    mark.write_text(needs.read_text())
    return ""


def versions(home: str) -> dict[str, str]:
    """The packages that `needs/` pins."""
    lines = (NEEDS / f"{home}.txt").read_text().split() if home else []
    return dict(line.split("==") for line in lines if "==" in line)
