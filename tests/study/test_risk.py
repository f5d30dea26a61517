from __future__ import annotations

import pytest

from autotune.study.risk import allowed

WORKLOAD = """\
workload: w
command: [x, "{journal}", "{sync}"]
metrics: {ops: {wall: true}}
parameters:
  journal: {choice: [delete, memory], default: delete, risk: {durability: "journal == 'memory'"}}
  sync:
    choice: [full, normal, off]
    default: full
    risk: {durability: "sync != 'full'", correctness: "sync == 'off'"}
"""


@pytest.mark.parametrize(
    ("more", "config", "answer"),
    [
        ("", {"journal": "delete", "sync": "full"}, True),
        ("", {"journal": "memory", "sync": "full"}, False),
        ("allow_risk: [durability]\n", {"journal": "memory", "sync": "normal"}, True),
        ("allow_risk: [durability]\n", {"journal": "memory", "sync": "off"}, False),
        ("baseline: {sync: normal}\n", {"journal": "delete", "sync": "normal"}, True),
        ("baseline: {sync: normal}\n", {"journal": "memory", "sync": "normal"}, False),
        ("baseline: {sync: normal}\n", {"journal": "delete", "sync": "off"}, False),
    ],
)
def test_only_risks_that_were_allowed_or_are_taken_already_may_be_visited(study, more, config, answer):
    # One configuration has to be left beside the baseline, which the lower rows' studies have.
    space = WORKLOAD + "  other: {bool: true, default: true, apply: {env: OTHER}}\n"
    assert allowed(study(more, workload=space), {**config, "other": True}) is answer


def test_a_search_that_could_visit_nothing_but_the_baseline_is_refused(study, folder):
    with pytest.raises(Exception, match="besides the baseline, no configuration satisfies") as caught:
        study(workload=WORKLOAD)
    assert str(caught.value).startswith(f"{folder}/build.yaml:4:1: ")
