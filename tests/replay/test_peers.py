from __future__ import annotations

import argparse

import peers
import pytest
from search.live import Live
from search.pipe import Peer, PeerError

from search import roster

STUDY = """\
study: formula
workload:
  workload: formula
  command: ["echo", "seconds={x}", "{fast}"]
  metrics: {seconds: {regex: 'seconds=(\\S+)', direction: minimize}}
  parameters: {x: {int: [1, 40], default: 30}, fast: {bool: true, default: false}}
objective: {metric: seconds}
budget: {trials: 10}
"""


@pytest.fixture
def live(tmp_path, monkeypatch):
    """A system that takes its x in seconds, half of it where it is fast."""
    (tmp_path / "formula.yaml").write_text(STUDY)
    monkeypatch.setattr(Live, "_measured", lambda _self, c: {"seconds": c["x"] / (2 if c["fast"] else 1)})
    return Live.of(tmp_path / "formula.yaml")


def test_auto_pays_for_its_baseline_and_finds_what_is_fast(live):
    found = peers.by_auto(live, argparse.Namespace(seed=1, measurements=20))

    assert live.ran == 20
    assert live.cost(found) < 8


def test_a_peer_measures_as_often(live):
    argv = roster.entry("plain-local").argv
    found = peers.tuned(live, Peer(argv, live, seed=1, budget=20), 20)

    assert live.ran == 20
    assert live.cost(found) < 15


def test_the_truth_is_a_gain_on_the_baseline_of_the_same_round(live):
    recommended = {"baseline": {"x": 30, "fast": False}, "auto": {"x": 30, "fast": True}}

    assert peers.truth(live, recommended, 3, 1) == {"auto": [pytest.approx(0.69315)] * 3}


def test_peer_without_an_answer_keeps_what_it_found(live, capsys):
    class Silent:
        def __init__(self):
            self.asked = 0

        def next(self):
            self.asked += 1
            if self.asked > 3:
                raise PeerError("the peer gave no answer")
            return {"x": 10 + self.asked, "fast": True}

        def tell(self, config, cost):
            pass

        def recommended(self):
            return None

        def close(self):
            pass

    assert peers.tuned(live, Silent(), 20) == {"x": 11, "fast": True}
    assert live.ran == 3
    assert "the search ends there" in capsys.readouterr().err


def test_baseline_that_misses_its_own_limit_is_measured_and_told_as_such(tmp_path, monkeypatch):
    (tmp_path / "formula.yaml").write_text(STUDY + "limits: ['seconds <= 0.5 * baseline']\n")
    monkeypatch.setattr(Live, "_measured", lambda _self, c: {"seconds": c["x"] / (2 if c["fast"] else 1)})
    live = Live.of(tmp_path / "formula.yaml")
    found = peers.by_auto(live, argparse.Namespace(seed=1, measurements=20))

    assert live.cost(found) <= 15
    assert peers.truth(live, {"baseline": live.study.baseline, "auto": found}, 2, 1)["auto"][0] > 0.6
