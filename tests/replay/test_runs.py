from __future__ import annotations

import json
import sys

import pytest
from search.noise import Noise
from search.ours import Ours
from search.pipe import Peer, PeerError
from search.runs import lines, make
from search.session import search
from search.task import Task

from autotune.core.errors import UsageError
from replay import budgets
from search import kept, roster, tables, variants


def test_a_search_counts_failures_and_ends_with_the_space(tiny):
    outcome = search(tiny, Ours("random", tiny.problem(seed=0, trials=9)), budgets(9))

    assert (outcome.measured, outcome.failed, outcome.repeated) == (6, 2, 0)
    assert outcome.ended
    assert outcome.best == {9: 2}


@pytest.mark.parametrize(("variant", "found"), [("warm", 2), ("misled", 10)])
def test_a_warm_search_begins_with_the_best_that_the_earlier_study_saw(tiny, variant, found):
    problem, first = variants.given(tiny, variant, seed=0, trials=9)

    assert len(problem.earlier) == 50
    assert tiny.cost(first[0]) == found
    assert Ours("auto", problem, first=first).next() == first[0]


def test_a_misleading_study_has_the_same_failures_and_the_best_as_the_worst(tiny):
    true, wrong = (variants.given(tiny, name, seed=0, trials=9)[0].earlier for name in ("warm", "misled"))
    pairs = {(a.value, b.value) for a, b in zip(true, wrong, strict=True)}

    assert all(a.config == b.config and a.state is b.state for a, b in zip(true, wrong, strict=True))
    assert {(2, 10), (10, 2), (None, None)} <= pairs


def test_declared_constraints_spare_what_may_not_be(tiny):
    outcome = search(tiny, Ours("random", tiny.problem(seed=0, trials=9, declared=True)), (9,))

    assert (outcome.measured, outcome.failed) == (5, 1)


def test_repeats_that_show_the_noise_are_paid_for(tiny):
    noise = Noise.parse("5%")
    ours = Ours("auto", tiny.problem(seed=0, trials=8), noisy=True)
    outcome = search(
        tiny, ours, (8,), measured=lambda cost, number: noise.of(cost, space="t", seed=0, number=number)
    )

    assert outcome.measured == 8
    assert outcome.repeated >= 4
    assert outcome.recommended in {2, 6, 8, 10}


def test_noise_is_the_same_for_everybody_and_slows_what_is_below_zero():
    noise = Noise.parse("10%+tails")

    assert noise.of(2.0, space="a", seed=1, number=3) == noise.of(2.0, space="a", seed=1, number=3)
    slow = noise.of(2.0, space="a", seed=1, number=3) / 2
    assert noise.of(-2.0, space="a", seed=1, number=3) == pytest.approx(-2 / slow)
    with pytest.raises(UsageError, match="5%"):
        Noise.parse("loud")


@pytest.mark.parametrize("name", ["plain-random", "plain-local"])
def test_a_peer_in_a_process_of_its_own_finds_the_best(tiny, name):
    outcome = search(tiny, Peer(roster.entry(name).argv, tiny, seed=0, budget=6), (6,))

    assert outcome.best == {6: 2}


def test_a_peer_that_ends_is_told_with_its_last_words(tiny):
    with pytest.raises(PeerError, match="no such thing"):
        Peer((sys.executable, "-c", "raise SystemExit('no such thing')"), tiny, seed=0, budget=5)


def test_runs_that_are_there_are_not_made_again(path, tmp_path):
    out = tmp_path / "runs.jsonl"
    tasks = [Task("random", path, seed, 5) for seed in range(2)]
    make(tasks[:1], out, jobs=1)
    out.write_text(out.read_text() + '{"torn')

    assert make(tasks, out, jobs=1) == 0
    assert [line["seed"] for line in lines(out)] == [0, 1]
    assert make(tasks, out, jobs=1) == 0
    assert len(lines(out)) == 2


def test_tables_are_made_from_the_kept_file(path, tiny, tmp_path):
    found = [Task(name, path, seed, 5).run() for name in ("auto", "plain-local") for seed in range(3)]
    kept.write("replay", kept.document(kept.scored(found, [tiny]), (5,)), tmp_path)
    read = kept.read("replay", tmp_path)

    rows = tables.overall(read)
    assert {row[0] for row in rows[1:]} == {"`auto`", "local search, 60 lines, restarts"}
    assert all(len(row) == len(rows[0]) for row in rows)
    assert json.loads((tmp_path / "replay.json").read_text())["runs"][""]["auto"]["tiny"][0][0] == 0


def test_samplers_that_were_not_made_anew_stay_as_they_were_kept(path, tiny):
    def made(name: str, seeds: int):
        found = [Task(name, path, seed, 5).run() for seed in range(seeds)]
        return kept.document(kept.scored(found, [tiny]), (5,))

    old = kept.joined(made("auto", 1), made("random", 2))
    again = kept.joined(made("auto", 3), old)
    assert [len(again["runs"][""][name]["tiny"]) for name in ("auto", "random")] == [3, 2]
    assert list(again["costs"][""]) == ["auto", "random"]
    assert kept.joined(old, None) == old
    with pytest.raises(ValueError, match="kept are budgets of"):
        kept.joined(old, {**old, "budgets": [5, 10]})


def test_a_peer_that_ends_well_keeps_what_it_found(tiny):
    script = "import json; print(json.dumps('ready')); input(); print('[1, 1]'); input()"
    outcome = search(tiny, Peer((sys.executable, "-uc", script), tiny, seed=0, budget=6), (3, 6))

    assert outcome.ended
    assert outcome.measured == 1
    assert outcome.best == {3: 2, 6: 2}
