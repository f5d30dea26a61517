"""Places that have another name on each machine stand in the resolved study as this one calls them."""

from __future__ import annotations

from pathlib import Path

import pytest

from autotune.actuate.sysfs import Sysfs
from autotune.core.errors import WorkloadError
from autotune.model.space import Apply
from autotune.study.load import load, load_document

TEXT = """\
study: kernel
objective: {metric: wall}
workload:
  workload: w
  command: ["true"]
  metrics: {wall: {wall: true}}
  parameters:
    ahead: {int: [4, 512], default: 128, apply: {sysfs: "block/{disk}/queue/read_ahead_kb", of: FOLDER}}
"""


def written(tmp_path: Path, folder: str) -> Path:
    path = tmp_path / "study.yaml"
    path.write_text(TEXT.replace("FOLDER", folder))
    return path


def test_the_disk_is_named_in_the_study_that_is_recorded(tmp_path, monkeypatch) -> None:
    def settled(self: Sysfs, apply: Apply, folder: Path) -> Apply:
        del self, folder
        return Apply(actuator="sysfs", options={"name": apply.options["name"].replace("{disk}", "sda")})

    monkeypatch.setattr(Sysfs, "settled", settled)
    study = load(written(tmp_path, "/somewhere"), facts={}, read=lambda _: "128")
    assert study.workload.space["ahead"].apply.options == {"name": "block/sda/queue/read_ahead_kb"}
    again = load_document(study.document, path=study.path, facts={})
    assert again.workload.space == study.workload.space


def test_a_file_is_read_without_the_machine(tmp_path) -> None:
    study = load(written(tmp_path, "/nowhere"), facts={})
    assert study.workload.space["ahead"].apply.options["of"] == "/nowhere"


def test_where_there_is_no_disk_the_parameter_is_named(tmp_path) -> None:
    with pytest.raises(WorkloadError, match="parameter 'ahead': /proc lies on no disk of its own"):
        load(written(tmp_path, "/proc"), facts={}, read=lambda _: "128")
