from __future__ import annotations

import json
from dataclasses import replace
from statistics import median

import kept
import perunit
import picture
import pytest
import run


def test_what_is_kept_is_small_and_holds_every_metric_before_and_after(result):
    assert len(json.dumps(result)) < 20_000
    assert len(result["paired"]) == 4
    assert {side["name"] for side in result["sides"]} >= {"p50_ms", "p95_ms", "cpu_s"}
    assert result["verdict"]["result"] == "better"
    assert [change["parameter"] for change in result["changes"]] == ["queue", "send_buffer"]
    assert all(change["risk"] == [] and change["scope"] == "runtime" for change in result["changes"])


def test_seconds_are_told_apart_and_their_sum_survives_a_stop(entry, results):
    results["phases"] = [{"phase": "search", "status": "", "seconds": 1.0}]
    seconds = kept.keep(entry, results)["seconds"]
    assert set(seconds) == {"measuring", "changing", "restarting", "resetting", "all"}
    assert seconds["all"] == pytest.approx(seconds["measuring"] + seconds["changing"], abs=0.2)


def test_the_second_run_of_a_pair_counts_and_a_failed_pair_does_not(results):
    samples = results["confirmations"][-1]["samples"]
    again = [{**s, "take": 1, "metrics": {"p50_ms": 1.0}} for s in samples if s["pair"] == 2]
    samples += again
    next(s for s in samples if s["pair"] == 0)["state"] = "timeout"
    found = list(kept.pairs(results))
    assert len(found) == 3
    assert [s["metrics"]["p50_ms"] for s in found[1]] == [1.0, 1.0]


def test_a_run_without_a_confirmation_is_kept_as_well(entry, results):
    results |= {"confirmations": [], "verdict": None, "sides": [], "changes": [], "risks": {}}
    result = kept.keep(entry, results)
    assert result["verdict"] is None
    assert result["figures"] == {}
    assert picture.pairs(result) == ""


def test_resources_are_those_of_a_unit_of_work(entry, results, result):
    pairs = list(kept.pairs(results))
    cpu = [[_value(s, "cpu_s") / s["counts"]["p50_ms"] for s in pair] for pair in pairs]
    assert result["per_unit"]["cpu"]["baseline"] == median(one for one, _ in cpu)
    assert result["figures"]["cpu"] == median(other / one for one, other in cpu)
    per_sample = perunit.costs(replace(entry, work="sample"), results, pairs)
    assert per_sample["cpu"]["baseline"] == median(_value(pair[0], "cpu_s") for pair in pairs)


def test_a_network_that_the_whole_host_uses_is_nobodys(result):
    assert "network" not in result["per_unit"]
    assert "network" not in result["figures"]


def test_the_resources_of_a_service_count_in_place_of_its_loads(entry, results):
    for number, sample in enumerate(results["confirmations"][-1]["samples"]):
        server = {"name": "server_cpu_s", "value": 7.0 + number, "unit": "s", "source": "cgroup"}
        sample["resources"].append(server)
    pairs = list(kept.pairs(results))
    costs = perunit.costs(replace(entry, work="sample"), results, pairs)
    assert costs["cpu"]["baseline"] >= 7
    assert "memory" not in costs
    assert "storage" not in costs


def _value(sample, name):
    return next(r["value"] for r in sample["resources"] if r["name"] == name)


def test_a_kept_result_of_another_study_or_version_is_not_current(entry, result):
    assert run.current(entry, result)
    assert not run.current(entry, {**result, "made_of": "another"})
    assert not run.current(entry, {**result, "versions": {"autotune": "0.0.1"}})
    assert not run.current(replace(entry, study="studies/quickstart.yaml"), result)


def test_the_picture_shows_every_pair_and_is_small(result):
    drawn = picture.pairs(result)
    assert drawn.count("<circle") == 2 * len(result["paired"]) + 2
    assert len(drawn) < 8_000
    result["paired"] = [[3.0, 3.0]]
    assert "<circle" in picture.pairs(result)


def test_words_for_people_make_no_result_an_old_one(entry, tmp_path):
    study = tmp_path / "s.yaml"
    one = replace(entry, study=str(study))
    text = "study: s\nworkload: {workload: w, parameters: {a: {int: [1, 2]%s}}}\n"
    hashes = []
    for more in ("", ", description: what it does", ", default: 2"):
        study.write_text(text % more)
        hashes.append(kept.made_of(one))
    study.write_text("# a comment\n" + text % "")
    assert hashes[0] == hashes[1] == kept.made_of(one) != hashes[2]
