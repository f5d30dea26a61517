from __future__ import annotations

import argparse

import peers
import pytest
from search.live import Live
from search.pipe import Peer

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
    monkeypatch.setattr(Live, "_measured", lambda _self, c: float(c["x"]) / (2 if c["fast"] else 1))
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
