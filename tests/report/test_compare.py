from __future__ import annotations

import json
from dataclasses import replace

import pytest

from autotune.judge.confirmed import verdict_on
from autotune.judge.plan import Plan
from autotune.model.run import ARMS, Confirmation, PairedSample
from autotune.model.space import Space
from autotune.model.trial import Resource, Sample, State
from autotune.model.verdict import Result
from autotune.model.workload import Metric, Workload
from autotune.report.compare import data, details, next_step, second_runs, sentence, table

LAT = Metric(name="lat", source="regex", where="x", unit="ms")
PLAN = Plan(metric="lat", direction="minimize", margin=0.02, alpha=0.05, pairs=8)


def sample(value: float, **changed) -> Sample:
    faults = Resource(name="faults", value=0.0, unit="", source="x", quality="exact")
    cpu = Resource(name="cpu_s", value=value / 100, unit="s", source="x", quality="exact")
    return Sample(**{"state": State.OK, "metrics": {"lat": value}, "resources": (cpu, faults), **changed})


def confirmation(b: float, *, pairs: int = 8) -> Confirmation:
    """A at 10 to 10.7 ms, B at `b` times as much; a warm-up of another size first."""
    samples = [
        PairedSample(
            attempt=0,
            pair=pair,
            arm=arm,
            order=order,
            sample=sample(500 if pair < 0 else (10 + pair / 10) * (b if arm == "candidate" else 1)),
        )
        for pair in range(-1, pairs)
        for order, arm in enumerate(ARMS if pair % 2 else ARMS[::-1])
    ]
    return Confirmation(attempt=0, trial=-1, config={}, alpha=0.05, pairs=8, samples=tuple(samples))


def test_change_is_that_of_the_metric_and_says_which_way_is_better() -> None:
    """Values in steps leave the interval a step to either side."""
    verdict = verdict_on(PLAN, confirmation(0.8))
    assert sentence(verdict, [LAT]) == (
        "BETTER: lat -20.0 % [-20.7 %, -19.2 %] in B against A (less is better), 8 pairs; margin 2 %"
    )


def test_too_few_pairs_are_told_without_an_interval() -> None:
    verdict = verdict_on(PLAN, confirmation(0.8, pairs=1))
    assert sentence(verdict, [LAT]).startswith("UNDECIDED: lat of B could not be compared with A's, 1 pair;")
    assert list(details(verdict, [LAT])) == [
        "smallest change that would have been seen: unknown, too few pairs for an interval"
    ]
    assert next_step(verdict, 8).startswith("next     start it again")


def test_next_step_follows_from_the_answer() -> None:
    verdict = verdict_on(PLAN, confirmation(0.8))
    said = {result: next_step(replace(verdict, result=result), 8) for result in Result}
    assert len(set(said.values())) == len(Result)
    assert "--pairs 16" in said[Result.UNDECIDED]


def test_table_has_both_arms_and_drops_what_was_always_zero() -> None:
    lines = table([LAT], confirmation(0.8)).splitlines()
    assert [line.split()[0] for line in lines] == ["per", "lat", "cpu_s", "medians"]
    assert lines[1].split() == ["lat", "10.35", "ms", "8.28", "ms", "-20.0", "%", "*", "8", "exact"]


def test_failed_samples_are_not_in_the_table_but_in_its_count() -> None:
    found = confirmation(0.8)
    broken = tuple(
        replace(one, sample=replace(one.sample, state=State.TIMEOUT, metrics={}))
        if (one.pair, one.arm) == (3, "candidate")
        else one
        for one in found.samples
    )
    assert " 8/7 " in table([LAT], replace(found, samples=broken))


def test_second_runs_are_told_with_the_verdict_on_the_first() -> None:
    found = confirmation(0.8)
    assert second_runs(PLAN, found, [LAT]) == ""
    again = tuple(replace(one, take=1) for one in found.samples if one.pair == 2)
    told = second_runs(PLAN, replace(found, samples=found.samples + again), [LAT])
    assert told.startswith("1 disturbed pair was run again")
    assert "BETTER" in told


def test_json_has_no_secret_of_an_arm_and_every_sample() -> None:
    workload = Workload(
        name="w",
        driver="command",
        folder=".",
        metrics=(LAT,),
        space=Space(parameters=()),
        env={"API_TOKEN": "hunter2hunter2"},
    )
    found = confirmation(0.8)
    about = {"arms": {"b": {"said": "curl hunter2hunter2"}}}
    verdict = verdict_on(PLAN, found)
    plain = data(
        PLAN, found, verdict, {"baseline": replace(workload, env={}), "candidate": workload}, about=about
    )
    assert "hunter2" not in json.dumps(plain, allow_nan=False)
    assert [s["arm"] for s in plain["samples"][:2]] == ["a", "b"]
    assert len(plain["samples"]) == 18
    assert plain["rows"][0]["b"] == pytest.approx([8 + pair * 0.08 for pair in range(8)])


def test_of_several_objectives_each_is_told() -> None:
    cpu = Metric(name="cpu", source="wall", unit="s")
    found = confirmation(0.8)
    both = tuple(
        replace(one, sample=replace(one.sample, metrics={**one.sample.metrics, "cpu": 2.0}))
        for one in found.samples
    )
    plan = replace(PLAN, others=(replace(PLAN, metric="cpu"),))
    verdict = verdict_on(plan, replace(found, samples=both))
    told = sentence(verdict, [LAT, cpu])
    assert "lat -20.0 % [" in told
    assert told.endswith("cpu +0 % [+0 %, +0 %] (less is better) in B against A, 8 pairs; margin 2 %")
    assert any(
        line.startswith("limit held: cpu loses less than 2 %") for line in details(verdict, [LAT, cpu])
    )
