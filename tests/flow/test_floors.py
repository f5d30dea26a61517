from __future__ import annotations

import json
from pathlib import Path

import pytest

from autotune.core.errors import StorageError
from autotune.flow.floors import floors_file, keep_floor, known_floor
from autotune.flow.rebuild import rebuild
from autotune.measure.fingerprint import fingerprint
from autotune.model.floor import Floor
from autotune.study.load import load

HERE = {"machine.cpus": "2", "workload.script x.py": "ab", "tool.version": "1", "source.git_commit": "c"}


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AUTOTUNE_STATE", str(tmp_path / "state"))
    return tmp_path / "state"


def floor(value: float = 0.05, *, workload: str = "w", metric: str = "score", relative: bool = True) -> Floor:
    return Floor(
        workload=workload, metric=metric, value=value, relative=relative, pairs=40, measured="2026-11-26"
    )


def known(workload: str = "w", metric: str = "score", here: dict[str, str] = HERE) -> Floor | None:
    notes: list[str] = []
    found = known_floor(workload, metric, here, notes.append)
    assert notes == []
    return found


def test_floor_is_known_again_by_workload_and_metric(state: Path) -> None:
    assert known() is None
    assert keep_floor(floor(), HERE, print) == floors_file() == state / "floors.json"
    keep_floor(floor(0.01, metric="lat"), HERE, print)
    assert known() == floor()
    assert known(metric="lat") == floor(0.01, metric="lat")
    assert known(workload="other") is None


def test_floor_of_another_machine_or_workload_file_is_not_known_and_a_new_tool_changes_nothing() -> None:
    keep_floor(floor(), HERE, print)
    assert known(here={**HERE, "machine.cpus": "4"}) is None
    assert known(here={**HERE, "workload.script x.py": "cd"}) is None
    assert known(here={**HERE, "tool.version": "2", "source.git_commit": "d"}) == floor()


def test_later_floor_replaces_the_earlier_one_of_the_same_circumstances() -> None:
    keep_floor(floor(0.01), HERE, print)
    keep_floor(floor(0.03), {**HERE, "machine.cpus": "4"}, print)
    keep_floor(floor(0.02), HERE, print)
    assert known() == floor(0.02)
    assert known(here={**HERE, "machine.cpus": "4"}) == floor(0.03)
    assert len(json.loads(floors_file().read_text())["floors"]) == 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "\x00",
        '{"schema": "autotune.floors/9", "floors": []}',
        '{"schema": "autotune.floors/1"}',
        '{"schema": "autotune.floors/1", "floors": 3}',
        '{"schema": "autotune.floors/1", "floors": [3]}',
        '{"schema": "autotune.floors/1", "floors": [{"workload": "w"}]}',
        "[" * 100_000,
    ],
)
def test_corrupt_file_is_noted_left_aside_and_written_anew(state: Path, text: str) -> None:
    state.mkdir()
    floors_file().write_text(text)
    notes: list[str] = []
    assert known_floor("w", "score", HERE, notes.append) is None
    (note,) = notes
    assert note.startswith(f"{floors_file()} is left aside: ")
    assert floors_file().read_text() == text
    keep_floor(floor(), HERE, notes.append)
    assert known() == floor()


def test_unreadable_file_is_noted_and_one_that_cannot_be_written_is_an_error() -> None:
    floors_file().mkdir(parents=True)
    notes: list[str] = []
    assert known_floor("w", "score", HERE, notes.append) is None
    assert "is left aside: Is a directory" in notes[0]
    with pytest.raises(StorageError, match="cannot be written"):
        keep_floor(floor(), HERE, notes.append)


@pytest.fixture
def of_study(desk) -> dict[str, str]:
    """The circumstances of the demo study."""
    return dict(fingerprint(load(desk.folder / "study.yaml", facts={"host.cpus": 2}).workload))


def formula(value: float) -> Floor:
    return floor(value, workload="formula")


def test_floor_is_the_margin_of_a_run_and_the_report_says_so(desk, recorder, of_study) -> None:
    keep_floor(formula(0.5), of_study, print)
    seen = recorder()
    found = desk.run(listener=seen)
    assert (found.verdict.margin, found.verdict.result, found.profile) == (0.5, "equivalent", None)
    assert any(note.startswith("the margin is this machine's floor, 50 %") for note in seen.notes)
    assert "the margin is this machine&#39;s floor, 50 %" in found.report_path.read_text()
    assert json.loads(found.results_path.read_text())["host"]["floor"]["value"] == 0.5


def test_floor_below_the_margin_changes_nothing_and_is_recorded(desk, recorder, of_study) -> None:
    keep_floor(formula(0.01), of_study, print)
    seen = recorder()
    found = desk.run(listener=seen)
    assert found.verdict.margin == 0.02
    assert not any("floor" in note for note in seen.notes)
    assert found.record.host["floor"] == formula(0.01).plain()


def test_run_goes_on_with_the_floor_that_it_was_started_with(desk, recorder, of_study) -> None:
    keep_floor(formula(0.05), of_study, print)
    with pytest.raises(KeyboardInterrupt):
        desk.run(listener=recorder(stop_at_pair=1))
    keep_floor(formula(0.5), of_study, print)
    found = desk.run()
    assert found.verdict.margin == 0.05
    floors_file().unlink()
    assert rebuild("demo", reports=desk.reports).verdict.margin == 0.05


def test_self_test_after_the_start_leaves_a_run_without_floor_as_it_was(desk, recorder, of_study) -> None:
    with pytest.raises(KeyboardInterrupt):
        desk.run(listener=recorder(stop_at_trial=1))
    keep_floor(formula(0.5), of_study, print)
    assert desk.run().verdict.margin == 0.02
    assert desk.run(fresh=True).verdict.margin == 0.5


def test_corrupt_floors_do_not_stop_a_run(desk, recorder, state: Path) -> None:
    state.mkdir()
    floors_file().write_text("{")
    seen = recorder()
    assert desk.run(listener=seen).verdict.margin == 0.02
    assert any("floors.json is left aside" in note for note in seen.notes)


def test_each_of_several_objectives_has_the_floor_of_its_metric(desk, recorder) -> None:
    script = "import sys; x = int(sys.argv[1]); print('score', 100 + x); print('other', 50 + x)"
    text = (desk.folder / "study.yaml").read_text()
    text = text.replace("direction: maximize}}", "direction: maximize}, other: {regex: 'other (\\S+)'}}")
    text = text.replace("objective: {metric: score}", "objectives: [{metric: score}, {metric: other}]")
    desk.write(script=script, study=text)
    study = load(desk.folder / "study.yaml", facts={"host.cpus": 2})
    here = dict(fingerprint(study.workload))
    keep_floor(floor(0.3, workload="formula", metric="other"), here, print)
    seen = recorder()
    found = desk.run(listener=seen)
    assert {one.metric: one.margin for one in found.verdict.objectives} == {"score": 0.02, "other": 0.3}
    assert found.record.host["floor"] is None
    assert found.record.host["floor.other"]["value"] == 0.3
    assert any(note.startswith("other: the margin is this machine's floor, 30 %") for note in seen.notes)
    assert rebuild("demo", reports=desk.reports).verdict.objectives == found.verdict.objectives
