"""Workloads that would fool a tool that trusts its search: no profile comes from any of them."""

from __future__ import annotations

import pytest

from autotune.core.errors import WorkloadError
from autotune.model.verdict import Result

PLAIN = ("validate.candidates=3", "validate.reduce=true", "validate.pairs=20", "budget.trials=6")
"""As users have it, where the quick study of the other tests does less."""


def counted(rest: str) -> str:
    """A script that knows how many samples were taken before it."""
    return f"""
        import pathlib, random, sys
        x = int(sys.argv[1])
        here = pathlib.Path(__file__).parent
        n = len(list(here.glob("run-*")))
        (here / f"run-{{n}}").touch()
        {rest}
    """


def test_a_metric_that_counts_the_samples_gives_no_profile(desk):
    desk.write(script=counted("print('score', 100 + n)"))
    found = desk.run(*PLAIN)
    assert found.profile is None
    assert found.verdict.result is not Result.BETTER


def test_a_metric_that_is_its_own_trial_number_gives_no_profile(desk):
    desk.write(script="import sys; print('score', 1000 + 10 * int(sys.argv[2]))")
    study = (desk.folder / "study.yaml").read_text()
    (desk.folder / "study.yaml").write_text(study.replace('"{x}"]', '"{x}", "{trial}"]'))
    found = desk.run(*PLAIN)
    assert max(t.value for t in found.record.trials) >= 1050
    assert found.profile is None
    assert found.verdict.result is Result.EQUIVALENT


def test_a_gain_that_vanishes_on_fresh_runs_gives_no_profile(desk):
    desk.write(script=counted("print('score', 100 + (50 if x and n < 11 else 0) + random.random())"))
    found = desk.run(*PLAIN)
    assert max(t.value for t in found.record.trials) > 140
    assert found.profile is None


def test_fast_and_wrong_gives_no_profile(desk):
    desk.write(script="import sys; x = int(sys.argv[1]); print('score', 100 + 50 * x); print('sum', x)")
    study = (desk.folder / "study.yaml").read_text()
    check = '  check: {command: ["{python}", "-c", "import sys; sys.exit(int(sys.argv[1]) > 0)", "{x}"]}\n'
    (desk.folder / "study.yaml").write_text(study.replace("  timeout:", f"{check}  timeout:"))
    with pytest.raises(WorkloadError, match="none of the 6 configurations"):
        desk.run(*PLAIN, "enqueue=[{x: 1}, {x: 2}, {x: 3}, {x: 4}, {x: 5}, {x: 6}]")
    assert not list(desk.reports.rglob("profile.yaml"))


@pytest.mark.parametrize("seed", range(10))
def test_where_only_noise_differs_there_is_no_profile(desk, seed):
    # Chance alone lifts such noise over the margin in some 3 of 2,000 comparisons, a sd of 5 % in 50.
    desk.write(script=counted(f"print('score', 100 * random.Random({seed} * 10_000 + n).gauss(1, 0.02))"))
    found = desk.run(*PLAIN, "validate.pairs=40", f"sampler.seed={seed}")
    assert found.profile is None


def test_a_cache_that_the_first_arm_warms_for_the_second_gives_no_profile(desk):
    # Whoever runs just after another configuration finds the cache warm: a gain of order, not of x.
    desk.write(
        script="""
        import pathlib, sys
        last = pathlib.Path(__file__).with_name("last")
        warm = last.exists() and last.read_text() != sys.argv[1]
        last.write_text(sys.argv[1])
        print('score', 150 if warm else 100)
        """
    )
    found = desk.run(*PLAIN)
    assert found.profile is None


def test_a_planted_gain_among_eleven_parameters_is_found_and_nothing_else_is_kept(desk):
    names = [f"p{n}" for n in range(11)]
    parameters = "".join(f"    {name}: {{choice: [0, 1, 2], default: 0}}\n" for name in names)
    arguments = ", ".join(f'"{{{name}}}"' for name in names)
    desk.write(
        script="""
        import pathlib, random, sys
        v = [int(a) for a in sys.argv[1:]]
        here = pathlib.Path(__file__).parent
        n = len(list(here.glob("run-*")))
        (here / f"run-{n}").touch()
        print('score', (105 if v[4] == 1 else 100) * random.Random(n).gauss(1, 0.02 / 2 ** 0.5))
        """,
        study=f"""
study: demo
workload:
  workload: formula
  driver: command
  command: ["{{python}}", "-I", "-S", "formula.py", {arguments}]
  timeout: 5s
  metrics: {{score: {{regex: 'score (\\S+)', direction: maximize}}}}
  parameters:
{parameters}
objective: {{metric: score}}
sampler: {{name: tpe, seed: 3}}
budget: {{trials: 40}}
""",
    )
    found = desk.run()
    assert found.verdict.result is Result.BETTER
    assert [c.parameter for c in found.profile.changes] == ["p4"]
    assert found.verdict.effect.low <= 0.05 <= found.verdict.effect.high
