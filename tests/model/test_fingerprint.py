from __future__ import annotations

from autotune.model.fingerprint import changes


def test_every_field_that_differs_is_named_with_both_values():
    before = {"machine.kernel": "6.1", "machine.smt": "on", "tool.version": "0.1"}
    after = {"machine.kernel": "6.18", "tool.version": "0.1", "workload.program": "ab"}
    assert [str(c) for c in changes(before, after)] == [
        "machine.kernel: 6.1 -> 6.18",
        "machine.smt: on -> (nothing)",
        "workload.program: (nothing) -> ab",
    ]


def test_machine_and_workload_decide_tool_and_repository_do_not():
    fields = ("machine.a", "source.a", "tool.a", "workload.a")
    found = changes(dict.fromkeys(fields, "1"), dict.fromkeys(fields, "2"))
    assert [c.deciding for c in found] == [True, False, False, True]


def test_what_was_not_recorded_cannot_differ():
    assert changes({}, {"machine.kernel": "6.1"}) == ()
