"""Selection, reduction and the second chance, with real processes."""

from __future__ import annotations

import json

import pytest

from autotune.flow.blocks import order
from autotune.flow.clock import Clock
from autotune.judge.reduction import taken_back
from autotune.model.verdict import Result
from autotune.store.store import Store

HEAD = """
import random, sys
v = [int(a) for a in sys.argv[1:]]
noise = random.gauss(1, 0.005)
"""

STUDY = """
study: demo
workload:
  workload: formula
  driver: command
  command: ["{python}", "-I", "-S", "formula.py", "{a}", "{b}", "{c}"]
  timeout: 5s
  metrics:
    score: {regex: 'score (\\S+)', direction: maximize}
    cost: {regex: 'cost (\\S+)', direction: minimize}
  parameters:
    a: {int: [0, 3], default: 0}
    b: {int: [0, 3], default: 0}
    c: {int: [0, 3], default: 0}
objective: {metric: score}
sampler: {name: random, seed: 3}
enqueue: [{a: 3, b: 2, c: 1}]
budget: {trials: 6}
validate: {pairs: 12, min_gain: 2%}
"""

ONE_COUNTS = HEAD + "print('score', 100 * (1 + 0.1 * v[0]) * noise, 'cost 1')"
TWO_COUNT = HEAD + "print('score', 100 * (1 + 0.1 * v[0] + 0.1 * v[1]) * noise, 'cost 1')"


def steps(found):
    return [(c.stage, c.whole, len(c.entrants)) for c in found.record.contests]


def only_this(*changes):
    """The enqueued configuration is the only candidate."""
    return ("budget.trials=1", "validate.candidates=1", *changes)


def test_six_pairs_prove_what_a_reduction_left(desk):
    desk.write(script=ONE_COUNTS, study=STUDY)
    found = desk.run(*only_this("validate.pairs=6"))
    assert [c.alpha for c in found.record.confirmations] == [0.05]
    assert found.verdict.result is Result.BETTER


def test_the_profile_holds_only_what_carries_the_gain(desk):
    desk.write(script=ONE_COUNTS, study=STUDY)
    found = desk.run(*only_this())
    assert found.verdict.result is Result.BETTER
    assert [c.parameter for c in found.profile.changes] == ["a"]
    change = found.profile.changes[0]
    assert (change.effect, change.pairs) == (found.verdict.effect, found.verdict.pairs)
    assert dict(found.record.confirmations[-1].config) == {"a": 3, "b": 0, "c": 0}
    assert found.record.confirmations[-1].alpha == pytest.approx(0.04)


def test_a_change_that_is_missed_stays_with_its_own_effect(desk):
    desk.write(script=TWO_COUNT, study=STUDY)
    found = desk.run(*only_this())
    assert [c.parameter for c in found.profile.changes] == ["a", "b"]
    a, b = found.profile.changes
    assert a.shown
    assert b.shown
    assert a.effect.estimate == pytest.approx(1.5 / 1.2 - 1, abs=0.03)
    assert b.effect.estimate == pytest.approx(1.5 / 1.3 - 1, abs=0.03)
    assert a.pairs == 8


def test_a_change_that_does_harm_is_taken_back(desk):
    desk.write(
        script=HEAD + "print('score', 100 * (1 + 0.2 * v[0] - 0.05 * v[1]) * noise, 'cost 1')", study=STUDY
    )
    found = desk.run(*only_this())
    assert [c.parameter for c in found.profile.changes] == ["a"]


def test_without_reduce_all_changes_are_confirmed_together(desk):
    desk.write(script=ONE_COUNTS, study=STUDY)
    found = desk.run(*only_this("validate.reduce=false"))
    assert [c.parameter for c in found.profile.changes] == ["a", "b", "c"]
    assert not any(c.shown or c.effect for c in found.profile.changes)
    assert found.record.confirmations[-1].alpha == pytest.approx(0.05)


def test_changes_that_only_work_together_are_kept(desk):
    script = HEAD + "print('score', 100 * (1.2 if v[0] and v[1] else 1) * noise, 'cost 1')"
    desk.write(script=script, study=STUDY)
    found = desk.run(*only_this())
    assert [c.parameter for c in found.profile.changes] == ["a", "b"]


def test_two_changes_of_which_either_is_enough_are_not_both_dropped(desk):
    script = HEAD + "print('score', 100 * (1.2 if v[0] or v[1] else 1) * noise, 'cost 1')"
    desk.write(script=script, study=STUDY)
    found = desk.run(*only_this())
    assert found.verdict.proven
    assert {c.parameter for c in found.profile.changes} & {"a", "b"}


def test_the_best_on_fresh_runs_goes_on_and_not_the_luckiest_of_the_search(desk):
    # The first sample of every configuration flatters those with a = 0; fresh runs tell the truth.
    desk.write(
        script="""
        import pathlib, sys
        v = [int(a) for a in sys.argv[1:]]
        mark = pathlib.Path(__file__).with_name("seen-" + "-".join(sys.argv[1:]))
        lucky = not mark.exists() and v[0] == 0 and any(v)
        mark.touch()
        print('score', 200 if lucky else 100 + v[0], 'cost 1')
        """,
        study=STUDY,
    )
    found = desk.run("enqueue=[{a: 0, b: 1}, {a: 3}]", "budget.trials=2")
    assert found.record.confirmations[-1].trial == 1
    assert found.record.contests[0].stage == "select"
    assert found.verdict.result is Result.BETTER


def test_a_candidate_that_breaks_a_limit_on_fresh_runs_is_not_chosen(desk):
    script = HEAD + "print('score', 100 + 10 * v[0], 'cost', 1 + v[0] // 3)"
    desk.write(script=script, study=STUDY)
    found = desk.run("enqueue=[{a: 3}, {a: 2}]", "budget.trials=2", 'limits=["cost <= 1.05 * baseline"]')
    assert dict(found.record.confirmations[-1].config)["a"] == 2
    assert found.verdict.proven


def test_that_no_trial_kept_a_limit_is_said(desk, recorder):
    desk.write(script=HEAD + "print('score', 100 + 10 * v[0], 'cost', 2)", study=STUDY)
    seen = recorder()
    found = desk.run("enqueue=[{a: 3}, {a: 2}]", "budget.trials=2", 'limits=["cost <= 1"]', listener=seen)
    assert any("no trial kept every limit (cost <= 1)" in note for note in seen.notes)
    assert not found.verdict.proven


def test_the_whole_configuration_has_a_second_chance_at_the_rest_of_the_level(desk):
    # Only what was measured in blocks says that b adds nothing: without it the pairs show no gain.
    baseline, search, screen, drop = 5, 1, 8 * 3, 9 * 2
    desk.write(
        script="""
        import pathlib, sys
        v = [int(a) for a in sys.argv[1:]]
        here = pathlib.Path(__file__).parent
        samples = len(list(here.glob("run-*")))
        (here / f"run-{samples}").touch()
        late = samples >= CUT
        alone = 100 if late else 130
        print('score', (130 if v[0] else 129) if v[1] else alone if v[0] else 100, 'cost 1')
        """.replace("CUT", str(baseline + search + screen + drop)),
        study=STUDY,
    )
    found = desk.run(*only_this("enqueue=[{a: 3, b: 2}]"))
    levels = [c.alpha for c in found.record.confirmations]
    assert levels == [pytest.approx(0.04), pytest.approx(0.01)]
    assert dict(found.record.confirmations[1].config) == {"a": 3, "b": 2, "c": 0}
    assert found.verdict.proven
    assert [c.parameter for c in found.profile.changes] == ["a", "b"]


@pytest.mark.parametrize(
    ("stage", "changes"),
    [(("select", 2), ()), (("screen", 3), only_this()), (("drop", 2), only_this())],
)
def test_a_stop_within_the_blocks_goes_on_where_it_was(desk, recorder, stage, changes):
    desk.write(script=ONE_COUNTS, study=STUDY)
    with pytest.raises(KeyboardInterrupt):
        desk.run(*changes, listener=recorder(stop_at_block=stage))
    seen = recorder()
    found = desk.run(*changes, listener=seen)
    assert seen.trials == []
    assert seen.blocks[0] == (stage[0], stage[1] + 1)
    for contest in found.record.contests:
        drawn = {(s.block, s.order): s.entrant for s in contest.samples}
        for block in range(contest.whole):
            assert [drawn[block, n] for n in range(len(contest.entrants))] == order(3, contest, block)
    again = desk.run(*changes, listener=seen)
    assert again.verdict == found.verdict


def test_half_a_block_survives_a_kill(desk, monkeypatch):
    desk.write(script=ONE_COUNTS, study=STUDY)
    saved = Store.add_sample
    count = 0

    def killed_in_the_third_block(self, *args, **where):
        nonlocal count
        saved(self, *args, **where)
        if where["role"] == "contest":
            count += 1
            if count == 10:
                raise KeyboardInterrupt

    monkeypatch.setattr(Store, "add_sample", killed_in_the_third_block)
    with pytest.raises(KeyboardInterrupt):
        desk.run()
    monkeypatch.undo()
    found = desk.run()
    first = found.record.contests[0]
    places = [(s.block, s.entrant) for s in first.samples]
    assert len(set(places)) == len(places) == first.blocks * len(first.entrants)


def test_a_round_after_more_search_has_half_the_level_and_its_own_blocks(desk):
    desk.write(script=HEAD + "print('score', 100 * noise, 'cost 1')", study=STUDY)
    desk.run()
    found = desk.run("budget.trials=12")
    rounds = {c.round for c in found.record.confirmations}
    if len(rounds) > 1:  # another three were the best
        second = next(c for c in found.record.confirmations if c.round == 1)
        assert second.alpha <= 0.025
    assert [c.number for c in found.record.contests] == list(range(len(found.record.contests)))


def test_the_time_that_is_set_aside_for_the_proof_is_not_spent_on_the_reduction(desk, monkeypatch):
    desk.write(script=ONE_COUNTS, study=STUDY)
    monkeypatch.setattr(Clock, "samples", lambda _: 30.0)  # the reserve leaves too few for 6 blocks of 4
    found = desk.run(*only_this("budget.wall=1h"))
    assert found.verdict.result is Result.BETTER
    assert [c.parameter for c in found.profile.changes] == ["a", "b", "c"]
    assert any("the time did not allow to measure what each change adds" in w for w in found.verdict.warnings)
    assert found.record.contests[-1].blocks == 0


def test_a_change_that_the_constraints_bind_to_another_is_not_left_out_alone(desk):
    desk.write(
        script=ONE_COUNTS,
        study=STUDY.replace("objective:", "  constraints: ['a <= 3 * b']\nobjective:"),
    )
    found = desk.run(*only_this("enqueue=[{a: 3, b: 1, c: 1}]"))
    screen = next(c for c in found.record.contests if c.stage == "screen")
    assert ("b",) not in [e.without for e in screen.entrants]
    assert [c.parameter for c in found.profile.changes] == ["a", "b"]


def test_a_failure_without_a_change_keeps_the_change(desk):
    script = HEAD + "v[0] and not v[1] and sys.exit(1); print('score', 100 + 30 * (v[0] > 0), 'cost 1')"
    desk.write(script=script, study=STUDY)
    found = desk.run(*only_this("enqueue=[{a: 3, b: 1, c: 1}]"))
    assert {"a", "b"} <= {c.parameter for c in found.profile.changes}
    assert "b" not in taken_back(found.study, found.record, 0)


WHEN = STUDY.replace(
    "    c: {int: [0, 3], default: 0}", """    c: {int: [0, 3], default: 2, when: "a == 3"}"""
)


def test_what_another_change_brings_in_is_measured_against_its_default(desk):
    script = """
    import random, sys
    a, b, c = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else None
    print('score', 100 * (1.2 if a == 3 else 1) * (0.6 if c == 2 else 1) * random.gauss(1, 0.005), 'cost 1')
    """
    desk.write(script=script, study=WHEN)
    found = desk.run(*only_this())
    a, c = found.profile.changes
    assert (a.parameter, c.parameter, c.before, c.after) == ("a", "c", 2, 1)
    assert c.effect.estimate == pytest.approx(1 / 0.6 - 1, abs=0.05)


def test_what_another_change_brings_in_is_no_change_at_its_default(desk):
    desk.write(script=ONE_COUNTS, study=WHEN)
    found = desk.run(*only_this())
    assert [change.parameter for change in found.profile.changes] == ["a"]
    assert dict(found.record.confirmations[-1].config) == {"a": 3, "b": 0, "c": 2}


def test_an_answer_of_an_earlier_round_says_so(desk):
    desk.write(
        script="""
        import pathlib, sys
        a, b, c = map(int, sys.argv[1:])
        here = pathlib.Path(__file__).parent
        seen = here / f"seen-{a}-{b}-{c}"
        lucky = (here / "flatter").exists() and a < 3 and not seen.exists()
        seen.touch()
        print('score', 300 if lucky else 130 if a == 3 else 100, 'cost 1')
        """,
        study=STUDY,
    )
    first = desk.run(*only_this())
    assert first.verdict.proven
    (desk.folder / "flatter").touch()
    found = desk.run("validate.candidates=1", "budget.trials=4")
    *others, last = [c.round for c in found.record.confirmations]  # the answering one stands last
    assert (set(others), last) == ({1}, 0)
    assert found.verdict.proven
    assert any("an earlier round; the last, after more search, ended" in w for w in found.verdict.warnings)


def test_results_and_report_tell_of_the_blocks(desk):
    desk.write(script=ONE_COUNTS, study=STUDY)
    found = desk.run()
    data = json.loads(found.results_path.read_text())
    assert data["contests"][0]["stage"] == "select"
    assert data["taken_back"] == list(taken_back(found.study, found.record, 0))
    assert data["changes"][0]["parameter"] == "a"
    assert data["changes"][0]["shown"]
    page = found.report_path.read_text()
    assert "Its best on fresh runs" in page
    assert "Taken back" in page
