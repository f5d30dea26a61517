from __future__ import annotations

import json

NTH = """
import pathlib
path = pathlib.Path("count")
n = int(path.read_text()) if path.exists() else 0
path.write_text(str(n + 1))
"""


def test_a_warm_up_of_the_baseline_is_left_out_and_said(desk, recorder):
    desk.write(script=NTH + "print('score', 60 if n == 0 else 100)")
    seen = recorder()
    found = desk.run(listener=seen)
    assert any("the first of 5 samples" in note for note in seen.notes)
    assert "taken for a warm-up" in found.report_path.read_text()
    data = json.loads(found.results_path.read_text())
    assert data["baseline"]["warm_up"] == 1
    assert len(data["baseline"]["samples"]) == 5


def test_a_configuration_whose_values_lie_far_apart_is_marked(desk):
    desk.write(script=NTH + "print('score', 100 if n < 5 else 100 + 40 * (n % 2))")
    found = desk.run("repeats=3")
    data = json.loads(found.results_path.read_text())
    assert {trial["unstable"] for trial in data["trials"]} == {True}
    assert data["baseline"]["unstable"] is False
    assert "unstable: its values span" in found.report_path.read_text()
