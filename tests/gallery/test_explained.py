from __future__ import annotations

from dataclasses import replace

import explained

TEXT = """\
study: s
workload:
  workload: w
  parameters:
    plain: {int: [1, 2]}  # below zero: KiB
    with_more:
      choice: [a, b]
      # One line, and
      risk: {durability: "x"}   # another
    said: {bool: true, description: this}  # not this
    silent: {bool: true}
"""


def test_a_description_comes_before_comments(entry, tmp_path):
    (tmp_path / "s.yaml").write_text(TEXT)
    assert explained.parameters(replace(entry, study=str(tmp_path / "s.yaml"))) == {
        "plain": "below zero: KiB",
        "with_more": "One line, and another",
        "said": "this",
        "silent": "",
    }
