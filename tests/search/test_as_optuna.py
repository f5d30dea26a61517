from __future__ import annotations

import re
from pathlib import Path

import optuna
import pytest

from autotune.core.errors import UsageError
from autotune.core.registry import names
from autotune.search.as_optuna import AutotuneSampler

optuna.logging.set_verbosity(optuna.logging.ERROR)
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "samplers.md"


def _objective(trial: optuna.Trial) -> float:
    x = trial.suggest_float("x", 0.01, 1.0, log=True)
    n = trial.suggest_int("n", 0, 20, step=5)
    m = trial.suggest_int("m", 1, 1000, log=True)
    kind = trial.suggest_categorical("kind", [None, True, 1.5, "a"])
    if n == 15:
        raise ValueError("fails")
    trial.set_constraint("memory", m - 800)
    return x + n + m / 100 + (kind != "a")


def _params(study: optuna.Study) -> list[dict[str, object]]:
    return [trial.params for trial in study.get_trials(deepcopy=False)]


def _run(
    sampler: AutotuneSampler, count: int, storage: optuna.storages.BaseStorage | None = None
) -> optuna.Study:
    study = optuna.create_study(sampler=sampler, storage=storage, study_name="s", load_if_exists=True)
    study.optimize(_objective, n_trials=count, catch=(ValueError,))
    return study


@pytest.mark.parametrize("name", names("samplers"))
def test_every_sampler_searches_a_study_of_optuna(name: str) -> None:
    study = _run(AutotuneSampler(name, seed=1, trials=40), 40)

    assert len({str(params) for params in _params(study)}) == 40
    assert study.best_value < 12


@pytest.mark.parametrize("name", ["annealing", "genetic", "local"])
def test_a_study_from_a_storage_goes_on_exactly(name: str) -> None:
    storage = optuna.storages.InMemoryStorage()
    _run(AutotuneSampler(name, seed=1), 12, storage)

    assert _params(_run(AutotuneSampler(name, seed=1), 12, storage)) == _params(
        _run(AutotuneSampler(name, seed=1), 24)
    )


def test_several_directions_reach_the_sampler() -> None:
    study = optuna.create_study(
        directions=["minimize", "maximize"], sampler=AutotuneSampler("genetic", seed=1)
    )
    study.optimize(lambda t: (t.suggest_float("x", 0, 1), t.suggest_float("y", 0, 1)), n_trials=60)

    assert any(t.values[0] < 0.2 and t.values[1] > 0.8 for t in study.best_trials)

    study = optuna.create_study(directions=["minimize"] * 2, sampler=AutotuneSampler("local", seed=1))
    with pytest.raises(UsageError, match="one objective"):
        study.optimize(lambda t: (t.suggest_float("x", 0, 1), 0.0), n_trials=3)


def test_failures_are_avoided() -> None:
    def objective(trial: optuna.Trial) -> float:
        x = trial.suggest_float("x", 0, 1)
        if x > 0.5:
            raise optuna.TrialPruned
        return abs(x - 0.2)

    study = optuna.create_study(sampler=AutotuneSampler("tpe", seed=1))
    study.optimize(objective, n_trials=60)
    states = [t.state for t in study.trials[30:]]

    assert states.count(optuna.trial.TrialState.COMPLETE) > 20


def test_a_given_space_is_searched_from_the_first_trial() -> None:
    space = {"x": optuna.distributions.FloatDistribution(0, 1)}
    given = AutotuneSampler("qmc", seed=1, space=space)
    xs = [t["x"] for t in _params(_qmc(given, 8))]

    assert sorted(int(x * 8) for x in xs) == list(range(8))


def _qmc(sampler: AutotuneSampler, count: int) -> optuna.Study:
    study = optuna.create_study(sampler=sampler)
    study.optimize(lambda t: t.suggest_float("x", 0, 1), n_trials=count)
    return study


def test_the_example_of_the_page_runs() -> None:
    example = re.search(r"```python\n(import optuna.*?)```", PAGE.read_text(), re.DOTALL)
    known: dict[str, object] = {}
    exec(example[1], known)

    assert len(known["study"].trials) == 60
    assert known["study"].best_value < 1


@pytest.mark.parametrize("name", ["gp", "local"])
def test_too_many_objectives_are_refused_before_anything_is_measured(name: str) -> None:
    study = optuna.create_study(directions=["minimize", "minimize"], sampler=AutotuneSampler(name, seed=1))
    with pytest.raises(UsageError, match="takes one objective"):
        study.optimize(lambda _: pytest.fail("measured"), n_trials=3)


def test_trials_under_way_in_other_threads_are_not_answered_again() -> None:
    space = {"n": optuna.distributions.IntDistribution(0, 60)}
    study = optuna.create_study(sampler=AutotuneSampler("auto", seed=1, space=space))
    asked = [study.ask(space) for _ in range(30)]
    assert len({trial.params["n"] for trial in asked}) == 30
