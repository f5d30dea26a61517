from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from statistics import median

from autotune.model.profile import Profile
from autotune.model.run import RunRecord
from autotune.model.study import Study
from autotune.model.trial import Sample, State
from autotune.model.verdict import Verdict
from autotune.report.results import clean, results


def _as_json(study: Study, record: RunRecord, verdict: Verdict | None, profile: Profile | None) -> str:
    return json.dumps(results(study, record, verdict, profile), allow_nan=False)


def test_results_are_versioned_json_with_every_raw_sample(
    study: Study, record: RunRecord, verdict: Verdict, profile: Profile
) -> None:
    data = json.loads(_as_json(study, record, verdict, profile))
    assert data["schema"] == "autotune.results/1"
    assert data["profile"] == "profile.yaml"
    assert len(data["baseline"]["samples"]) == 5
    assert [trial["number"] for trial in data["trials"]] == list(range(40))
    samples = data["confirmations"][0]["samples"]
    assert [(s["pair"], s["order"]) for s in samples] == [(p, o) for p in range(-1, 20) for o in (0, 1)]
    measured = [paired.sample.metrics["tps"] for paired in record.confirmations[0].samples]
    assert [s["metrics"]["tps"] for s in samples] == measured
    assert {s["arm"] for s in samples} == {"baseline", "candidate"}
    assert data["verdict"]["looks"][0] == {"pairs": 5, "alpha": 0.0031, "p_value": 0.0625}
    assert data["verdict"]["proven"] is True


def test_failures_keep_their_reason(study: Study, record: RunRecord, verdict: Verdict) -> None:
    data = json.loads(_as_json(study, record, verdict, None))
    timeout = data["trials"][17]
    assert (timeout["state"], timeout["reason"], timeout["value"]) == (
        "timeout",
        "exceeded timeout 20s",
        None,
    )
    assert data["profile"] is None


def test_an_empty_run_has_results(study: Study) -> None:
    record = RunRecord(run="r", study="quickstart", document={}, host={})
    data = json.loads(_as_json(study, record, None, None))
    assert data["verdict"] is None
    assert data["trials"] == []


def test_nothing_is_nan_or_infinite(
    study: Study, record: RunRecord, make_verdict: Callable[..., Verdict]
) -> None:
    verdict = make_verdict(smallest=float("nan"), order_effect=float("inf"))
    data = json.loads(_as_json(study, record, verdict, None))
    assert data["verdict"]["smallest"] is None
    assert data["verdict"]["order_effect"] is None


def test_secrets_of_the_workload_are_hidden(make_study: Callable[..., Study], record: RunRecord) -> None:
    canary = "canary-7f3a"
    study = make_study(
        env={"DB_PASSWORD": canary},
        document={"env": {"DB_PASSWORD": canary}, "url": "postgresql://u:hunter2@host/db"},
    )
    sample = Sample(state=State.FAILED_CONFIG, reason=f"login {canary} refused", output=canary)
    text = _as_json(study, replace(record, baseline=(sample,)), None, None)
    assert canary not in text
    assert "hunter2" not in text


def test_control_characters_and_lone_surrogates_are_gone() -> None:
    cleaned = clean({"a\x1b[2J": ["\ud800x\x00", ("y\x07",)]}, frozenset())
    assert cleaned == {"a": ["x", ["y"]]}


def test_every_metric_and_resource_has_its_median_in_both_arms(
    study: Study, record: RunRecord, verdict: Verdict
) -> None:
    data = json.loads(_as_json(study, record, verdict, None))
    sides = {side["name"]: side for side in data["sides"]}
    arms: dict[str, list[float]] = {"baseline": [], "candidate": []}
    for paired in record.confirmations[0].samples:
        if paired.pair >= 0 and paired.sample.state is State.OK:
            arms[paired.arm].append(paired.sample.metrics["tps"])
    tps = sides["tps"]
    assert (tps["baseline"], tps["tuned"]) == tuple(median(values) for values in arms.values())
    assert tps["n"] == [len(values) for values in arms.values()]
    assert tps["direction"] == "maximize"
    assert {side["direction"] for side in data["sides"]} == {"maximize", "minimize", None}
