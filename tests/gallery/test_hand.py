from __future__ import annotations

from dataclasses import replace

import again
import by_hand
import hand
import none
import numpy as np
import pytest
import truth


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(hand, "_DRAWS", 400)


def test_pairs_are_read_and_other_lines_are_not():
    out = "starting\nbaseline\t10\ncandidate\t20\n\ncandidate\t22\nbaseline\t11.5\n"
    assert hand.read(out).tolist() == [[10, 20], [11.5, 22]]


@pytest.mark.parametrize(
    "out", ["", "baseline\t1\n", "baseline\t0\ncandidate\t1\n", "baseline\tnan\ncandidate\t1\n"]
)
def test_what_is_no_whole_pair_or_no_ratio_is_refused(out):
    with pytest.raises(hand.HandError):
        hand.read(out)


def noisy(random, ratio, n):
    return np.log(ratio) + random.normal(0, 0.1, size=n)


@pytest.mark.usefixtures("quick")
def test_a_true_claim_stands_in_most_repetitions_and_a_false_one_falls():
    random = np.random.default_rng(3)
    true = [hand.difference(noisy(random, 2, 10), noisy(random, 2, 20)).holds(0) for _ in range(40)]
    false = [hand.difference(noisy(random, 2, 10), noisy(random, 1, 20)).holds(0) for _ in range(20)]
    assert sum(true) >= 32
    assert not any(false)


def test_the_middle_is_that_of_hodges_and_lehmann():
    assert hand.middle(np.array([1.0, 2.0, 9.0])) == np.median([1, 1.5, 5, 2, 5.5, 9])


@pytest.mark.parametrize(("direction", "good"), [("maximize", True), ("minimize", False)])
def test_a_gain_lies_whole_on_the_better_side(direction, good):
    assert hand.better(hand.Interval(0.2, 0.1, 0.3), direction) is good
    assert not hand.better(hand.Interval(0.2, -0.1, 0.3), direction)


def test_values_reach_the_script_as_words():
    changes = [
        {"parameter": n, "to": v} for n, v in (("a", 4), ("b", True), ("c", None), ("d", "wal"), ("e", 0.5))
    ]
    assert hand.settings(changes) == ["a=4", "b=true", "c=unset", "d=wal", "e=0.5"]


@pytest.fixture
def scripted(tmp_path, entry, monkeypatch):
    """An entry whose script prints 20 pairs of 10 and what its first argument or $CONFIG says."""
    script = tmp_path / "log-burst.sh"
    script.write_text(
        '#!/bin/sh\nvalue=${2#*=}; [ -z "${CONFIG-}" ] || value=$(grep -c sysctl "$CONFIG")\n'
        'i=0; while [ $i -lt $1 ]; do printf "baseline\\t10\\ncandidate\\t$value\\n"; i=$((i+1)); done\n'
    )
    script.chmod(0o755)
    monkeypatch.setattr(type(entry), "by_hand", property(lambda self: script))  # noqa: ARG005
    return entry


@pytest.mark.usefixtures("quick")
def test_a_claim_is_measured_with_the_values_of_the_profile(scripted, result):
    result = {**result, "changes": [{"parameter": "queue", "to": 5}], "paired": [[10, 5]] * 8}
    row = again.again(scripted, result, 20)
    assert row["stands"]
    assert row["pairs"] == 20
    assert again.line(row).endswith("stands")
    assert not again.again(scripted, {**result, "paired": [[10, 4]] * 8}, 20)["stands"]


def test_a_script_that_is_missing_fails_the_claim(entry, result):
    row = again.again(replace(entry, name="nobody"), result, 20)
    assert not row["stands"]
    assert "there is no" in row["why"]
    assert "not measured" in again.line(row)


def test_a_script_that_fails_says_why(scripted, result):
    scripted.by_hand.write_text("#!/bin/sh\necho broken pipe >&2; exit 3\n")
    assert "exit 3: broken pipe" in again.again(scripted, result, 20)["why"]


def test_what_an_export_leaves_to_other_formats_is_known():
    export = (
        "# risks: none\n# INCOMPLETE: apply these as well: queue (format sysctl), jobs (format json)\nx = 1\n"
    )
    assert by_hand.left(export) == {"queue", "jobs"}
    assert by_hand.left("x = 1\n") == set()


def test_short_runs_go_round_the_systems_with_seeds_of_their_own(entry):
    plan = none.plan([entry, replace(entry, name="other")], 40)
    assert len({seed for _, seed in plan}) == 40
    assert [one.name for one, _ in plan[:3]] == ["log-burst", "other", "log-burst"]


@pytest.mark.parametrize(("better", "failed", "good"), [(3, 0, True), (4, 0, False), (0, 1, False)])
def test_at_most_three_of_forty_may_claim_a_gain(better, failed, good):
    rows = [{"result": "better"}] * better + [{"result": "failed"}] * failed
    rows += [{"result": "equivalent"}] * (40 - len(rows))
    assert none.good(rows) is good


@pytest.fixture
def rows_of_two(tmp_path, monkeypatch):
    """Kept rows of two systems, and how to make more of the same claims."""
    monkeypatch.setattr(truth, "TRUTH", tmp_path)
    monkeypatch.setattr(truth.kept, "read_kept", lambda name: {"paired": [[1, len(name)]]})

    def row(name, **more):
        return {"name": name, "claim": truth.claim({"paired": [[1, len(name)]]}), "date": "d1", **more}

    truth.write("again", "head", ["a line"], [row("b", stands=False), row("a", stands=True)])
    return row


def test_kept_rows_are_replaced_by_those_of_today(rows_of_two):
    found = truth.joined("again", [rows_of_two("b", stands=True)])
    assert [(row["name"], row["stands"]) for row in found] == [("a", True), ("b", True)]
    assert (truth.TRUTH / "again.txt").read_text().splitlines()[1:] == ["a line"]


def test_each_day_is_a_row_of_its_own_where_days_are_what_counts(rows_of_two):
    found = truth.joined("again", [rows_of_two("b", date="d2")], "date")
    assert [(row["name"], row["date"]) for row in found] == [("a", "d1"), ("b", "d1"), ("b", "d2")]


@pytest.mark.usefixtures("rows_of_two")
def test_rows_of_a_claim_that_is_no_longer_made_are_dropped(monkeypatch):
    monkeypatch.setattr(truth.kept, "read_kept", lambda name: None if name == "a" else {"paired": [[2, 3]]})
    assert truth.joined("again", []) == []
