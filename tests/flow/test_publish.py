from __future__ import annotations

import subprocess
from dataclasses import replace

import pytest

from autotune.core.errors import StorageError, UsageError
from autotune.flow.publish import publish
from autotune.flow.rebuild import rebuild
from autotune.model.space import Apply


def test_report_that_cannot_be_written_loses_nothing(desk):
    found = desk.run()
    found.report_path.unlink()
    found.report_path.mkdir()  # nothing can be renamed over a folder that is not empty
    (found.report_path / "in the way").touch()
    with pytest.raises(StorageError, match=r"report\.html") as caught:
        desk.run()
    assert f"The run is saved. {found.verdict.result.upper()}: " in str(caught.value)
    assert "autotune report demo" in str(caught.value)
    (found.report_path / "in the way").unlink()
    found.report_path.rmdir()
    again = rebuild("demo", reports=desk.reports)
    assert again.verdict == found.verdict
    assert again.report_path.exists()


def test_failed_write_leaves_no_temporary_file(desk):
    found = desk.run()
    found.report_path.unlink()
    found.report_path.mkdir()
    (found.report_path / "in the way").touch()
    with pytest.raises(StorageError):
        desk.run()
    assert [p.name for p in found.folder.iterdir() if p.name.startswith(".")] == []


@pytest.mark.needs("tmpfs")
def test_full_disk_keeps_every_acknowledged_trial(desk, recorder, tmp_path):
    small = tmp_path / "small"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=640k", "tmpfs", small], check=True)
    try:
        (desk.folder / "reports").symlink_to(small)
        seen = recorder()
        with pytest.raises(StorageError):
            desk.run("budget.trials=20", listener=seen)
        subprocess.run(["mount", "-o", "remount,size=64m", "tmpfs", small], check=True)
        found = desk.run("budget.trials=20")
        kept = {t.number: t.value for t in found.record.trials}
        assert [kept[t.number] for t in seen.trials] == [t.value for t in seen.trials]
    finally:
        subprocess.run(["umount", small], check=True)


def test_a_gain_that_no_profile_can_say_still_has_its_report(desk):
    found = desk.run()
    assert found.profile_path.exists()
    options = {"name": "http://192.0.2.1/x", "remote": "yes"}
    changes = tuple(replace(c, apply=Apply(actuator="http", options=options)) for c in found.profile.changes)
    elsewhere = replace(found, profile=replace(found.profile, changes=changes))
    with pytest.raises(UsageError, match=r"no profile file: .*http"):
        publish(elsewhere)
    assert found.report_path.exists()
    assert not found.profile_path.exists()


def test_report_of_an_unknown_study_is_a_clear_error(desk):
    with pytest.raises(UsageError, match="no run of study 'other'"):
        rebuild("other", reports=desk.reports)


def test_report_of_an_unknown_run_names_those_there_are(desk):
    found = desk.run()
    with pytest.raises(UsageError, match=found.record.run):
        rebuild("demo", reports=desk.reports, run="1999")
