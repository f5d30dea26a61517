from __future__ import annotations

import explained

TEXT = """\
parameters:
  plain: {int: [1, 2]}  # below zero: KiB
  with_more:
    choice: [a, b]
    # One line, and
    risk: {durability: "x"}   # another
  said: {bool: true}  # not this
"""


def test_a_description_comes_before_comments(tmp_path):
    (tmp_path / "w.yaml").write_text(TEXT)
    declared = {"plain": {}, "with_more": {"description": ""}, "said": {"description": "this"}, "no": {}}
    assert explained.parameters(tmp_path / "w.yaml", declared) == {
        "plain": "below zero: KiB",
        "with_more": "One line, and another",
        "said": "this",
        "no": "",
    }
