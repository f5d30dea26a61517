"""A sampler from another distribution is found by its entry point and keeps every promise."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest

from autotune.core.registry import load, names
from autotune.model.problem import Problem
from autotune.search.as_optuna import AutotuneSampler
from autotune.testing import PROMISES, prove_sampler
from autotune.testing.spaces import rich, search

PACKAGE = Path(__file__).parent / "around"


@pytest.fixture
def _installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What pip leaves behind: the module, and a folder that tells of the distribution."""
    project = tomllib.loads((PACKAGE / "pyproject.toml").read_text())["project"]
    shutil.copy(PACKAGE / "autotune_around.py", tmp_path)
    info = tmp_path / f"autotune_around-{project['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: 1.0\n")
    points = project["entry-points"]["autotune.samplers"]
    lines = [f"{name} = {target}\n" for name, target in points.items()]
    (info / "entry_points.txt").write_text("[autotune.samplers]\n" + "".join(lines))
    monkeypatch.syspath_prepend(tmp_path)


@pytest.mark.usefixtures("_installed")
def test_it_is_found_beside_the_built_in_ones() -> None:
    assert {"around", "random", "tpe"} <= set(names("samplers"))
    assert load("samplers", "around").__name__ == "Around"


@pytest.mark.usefixtures("_installed")
@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
def test_it_keeps_every_promise(promise) -> None:
    promise(load("samplers", "around"))


@pytest.mark.usefixtures("_installed")
def test_it_is_a_member_of_a_portfolio() -> None:
    problem = Problem(space=rich(), seed=1)
    portfolio = load("samplers", "portfolio")(problem, options={"members": ["around", "local"]})

    assert len(search(problem, portfolio, 20)) == 20


@pytest.mark.usefixtures("_installed")
def test_it_is_a_sampler_of_optuna() -> None:
    optuna = pytest.importorskip("optuna")
    study = optuna.create_study(sampler=AutotuneSampler("around", seed=1))
    study.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=10)

    assert study.best_value < 0.5


class _Numbered:
    """Counts its answers, and so depends on what it was asked before."""

    def __init__(self, problem, *, options):
        self.other = load("samplers", "random")(problem, options=options)
        self.count = 0

    def ask(self, _number, attempt):
        self.count += 1
        return self.other.ask(self.count, attempt)

    def tell(self, trial):
        self.other.tell(trial)


def test_a_sampler_that_breaks_a_promise_is_told_which() -> None:
    with pytest.raises(AssertionError, match="a sampler goes on exactly when it is resumed"):
        prove_sampler(_Numbered)
