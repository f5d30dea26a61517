from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import command
import declared
import leftovers
import needs
import pytest
import run
import smoke
import versions
from entries import entries

from autotune.core.files import locked


@pytest.fixture
def place(tmp_path):
    return run.Place(tmp_path / "reports", tmp_path / "kept")


def answers(monkeypatch, *codes, said=""):
    """`autotune` ends with these codes in turn; what it was called with."""
    called, left = [], list(codes)

    def autotune(words, **_):
        called.append(list(words))
        return command.Done(left.pop(0), "", said, 1.0)

    monkeypatch.setattr(run, "when_free", autotune)
    return called


def test_a_study_that_fails_is_told_and_the_next_goes_on(monkeypatch, entry, place):
    answers(monkeypatch, 4, said="first\nno such program")
    line, good = run.gallery(entry, place, fresh=False)
    assert not good
    assert "exit 4, workload or environment failed" in line
    assert "no such program" in line


def test_all_are_run_and_the_exit_code_says_that_one_failed(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(sys, "argv", ["run", "--reports", str(tmp_path), "--kept", str(tmp_path / "kept")])
    called = answers(monkeypatch, *[4] * 100)
    assert run.main() == 1
    assert len(called) == len(entries())
    assert f"{len(called)} failed" in capsys.readouterr().out


def test_what_is_finished_is_not_run_again_unless_it_is_asked_for(monkeypatch, entry, place, result):
    monkeypatch.setattr(run.kept, "read_kept", lambda *_: result)
    assert run.gallery(entry, place, fresh=False) == (
        f"better by 93.8 %, 12 pairs, kept of {result['date']}",
        True,
    )
    called = answers(monkeypatch, 4)
    run.gallery(entry, place, fresh=True)
    assert called[0][-1] == "--fresh"


def test_an_old_run_of_another_study_is_started_anew(monkeypatch, entry, place):
    called = answers(monkeypatch, 2, 4, said="Undo the change, or start anew with --fresh.")
    run.gallery(entry, place, fresh=False)
    assert [words[-1] == "--fresh" for words in called] == [False, True]


def test_risk_is_allowed_on_the_command_line_only_where_the_entry_says_so(entry, tmp_path):
    assert "--allow-risk" not in command.run_words(entry, tmp_path)
    assert "--allow-risk" in command.run_words(replace(entry, allow_risk=True), tmp_path)


def test_a_short_run_that_gives_no_answer_or_changes_a_value_has_problems(monkeypatch, entry, tmp_path):
    held = iter(({"/proc/sys/x": "1"}, {"/proc/sys/x": "2"}))
    monkeypatch.setattr(smoke.leftovers, "values", lambda _: next(held))
    monkeypatch.setattr(smoke, "when_free", lambda *_, **__: command.Done(4, "", "no wrk", 1.0))
    found = smoke.run(entry, tmp_path / "0")
    assert found.problems[0].startswith("exit 4")
    assert found.problems[1] == "/proc/sys/x was 1, is 2"


@pytest.mark.parametrize("code", [0, 1, 3])
def test_every_verdict_is_an_answer(monkeypatch, entry, tmp_path, code):
    monkeypatch.setattr(smoke, "when_free", lambda *_, **__: command.Done(code, "", "", 1.0))
    assert smoke.run(entry, tmp_path / "0").problems == ()


def test_a_process_that_is_left_is_found_by_its_mark(wait_until):
    with subprocess.Popen(["sleep", "60"], env={**os.environ, leftovers.MARK: "of-this-test"}) as process:
        try:  # just started, it may not have its words yet
            wait_until(lambda: leftovers.processes("of-this-test") == [f"{process.pid} sleep 60"])
        finally:
            process.kill()
    assert leftovers.processes("of-this-test") == []


def test_a_folder_that_is_left_is_found(monkeypatch, entry, tmp_path):
    def autotune(_words, *, env):
        Path(env["TMPDIR"], "autotune-1-2-x").mkdir()
        return command.Done(0, "", "", 1.0)

    monkeypatch.setattr(smoke, "when_free", autotune)
    assert smoke.run(entry, tmp_path / "0").problems == ("folders left: autotune-1-2-x",)


def test_values_of_the_machine_are_those_that_the_workload_names(entry):
    assert set(leftovers.values(entry)) == {
        "/proc/sys/net/unix/max_dgram_qlen",
        "/proc/sys/net/core/wmem_default",
    }


def test_a_need_that_is_missing_is_told_with_its_package(tmp_path, entry):
    study = tmp_path / "s.yaml"
    study.write_text(
        "study: s\nworkload:\n  workload: w\n  needs:\n    - {command: sh, apt: dash}\n"
        "    - {command: no-such-program, apt: package}\n    - {module: no_such_module.part, pip: other}\n"
        "    - {module: json, pip: never}\n"
    )
    assert list(needs.missing(replace(entry, study=str(study)))) == ["apt package w", "pip other w"]


def test_versions_are_what_the_programs_tell(entry):
    told = {"a": "echo v=7.0.15 and 8.1", "b": "false", "c": "no-such-program --version"}
    assert versions.versions(replace(entry, versions=told)) == {"a": "7.0.15"}


def test_programs_are_looked_for_where_the_workload_says_newest_first(tmp_path):
    for name in ("14", "15"):
        (tmp_path / name / "bin").mkdir(parents=True)
    assert declared.folders([f"{tmp_path}/*/bin"]) == [f"{tmp_path}/15/bin", f"{tmp_path}/14/bin"]


def test_a_result_that_cannot_be_kept_is_told_and_a_stop_says_how_to_go_on(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(sys, "argv", ["run", "--study", "log-burst", "--kept", str(tmp_path)])
    raised = iter((KeyError("sides"), KeyboardInterrupt()))

    def gallery(*_, **__):
        raise next(raised)

    monkeypatch.setattr(run, "gallery", gallery)
    assert [run.main(), run.main()] == [1, 130]
    out = capsys.readouterr().out
    assert "FAILED, KeyError: 'sides'" in out
    assert "the same command goes on" in out


def test_a_machine_that_another_process_changes_is_waited_for(monkeypatch):
    codes = [7, 7, 0]
    monkeypatch.setattr(command, "_PAUSE_S", 0.0)
    monkeypatch.setattr(command, "autotune", lambda *_, **__: command.Done(codes.pop(0), "", "", 1.0))
    assert command.when_free([]).code == 0
    assert codes == []


def test_a_journal_that_is_open_is_found_where_nobody_works_on_it(monkeypatch, tmp_path):
    monkeypatch.setenv("AUTOTUNE_STATE", str(tmp_path))
    assert leftovers.open_journals() == []
    (tmp_path / "wal").touch()
    assert leftovers.open_journals() == [str(tmp_path / "wal")]
    with locked(tmp_path / "lock", what="it"):
        assert leftovers.open_journals() == []


@pytest.mark.parametrize(("said", "codes"), [("too unstable", [4, 4, 0]), ("no wrk", [4])])
def test_a_short_run_on_an_unsteady_machine_is_tried_again(monkeypatch, entry, tmp_path, said, codes):
    left = list(codes)
    monkeypatch.setattr(smoke, "when_free", lambda *_, **__: command.Done(left.pop(0), "", said, 1.0))
    assert smoke.run(entry, tmp_path / "0").done.code == codes[-1]
    assert left == []
