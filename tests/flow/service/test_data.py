"""The data of a service: prepared once, the same before each sample, its user's own."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autotune.core.errors import WorkloadError
from autotune.flow.bench import Bench
from autotune.model.trial import Sample, State

Make = Callable[..., Bench]

PREPARED = """
prepare: {command: [sh, -c, "printf p > kept"], running: ["{python}", -I, -S, load.py, "{port}", keep]}
reset: {copy: "{prepared}"}
"""


def take(bench: Bench, **values: Any) -> Sample:
    sample = bench.sample({**bench.baseline, **values}, trial=0)
    assert sample.state is State.OK, (sample.reason, sample.output)
    return sample


def test_data_stay_from_sample_to_sample_without_a_reset(make: Make) -> None:
    bench = make()
    take(bench, path="keep")
    assert "xx value" in take(bench, path="keep").output


def test_every_sample_begins_with_the_prepared_data(make: Make) -> None:
    bench = make(more=PREPARED)
    for _ in range(2):
        sample = take(bench, path="keep")
        assert " pxx value" in sample.output
        assert {r.name for r in sample.resources} >= {"reset_s", "service_restart_s"}


def test_every_sample_begins_with_a_folder_of_the_user(make: Make, folder: Path) -> None:
    (folder / "start").mkdir()
    (folder / "start" / "kept").write_text("s")
    bench = make(more="reset: {copy: start}\n")
    for _ in range(2):
        assert " sx value" in take(bench, path="keep").output


def test_reset_command_runs_while_the_service_does(make: Make) -> None:
    bench = make(more='reset: {command: ["{python}", -I, -S, load.py, "{port}", keep]}\n')
    assert " xx value" in take(bench, path="keep").output


def test_preparation_that_fails_says_why(make: Make) -> None:
    bench = make(more='prepare: {command: [sh, -c, "echo no space for it >&2; exit 4"]}\n')
    with pytest.raises(WorkloadError, match="exit code 4: no space for it"):
        take(bench)


def test_folder_that_is_not_there_is_told(make: Make) -> None:
    bench = make(more="reset: {copy: nowhere}\n")
    with pytest.raises(WorkloadError, match=r"reset: exit code 1: cp: .*nowhere"):
        take(bench)


@pytest.mark.needs("root")
def test_service_of_root_runs_as_nobody_in_its_own_folder(make: Make) -> None:
    bench = make()
    take(bench)
    assert bench.serving
    place = bench.serving.around.place
    assert f"started good {place.data.stat().st_uid}" in place.log.read_text()
    assert place.data.stat().st_uid != 0


@pytest.mark.needs("root")
def test_service_runs_as_autotunes_own_user_where_that_is_said(make: Make) -> None:
    bench = make(("  reload: HUP", "  user: self\n  reload: HUP"))
    take(bench)
    assert bench.serving
    assert f"started good {os.getuid()}" in bench.serving.around.place.log.read_text()


def test_a_link_in_the_data_is_replaced_and_not_written_through(make: Make, folder: Path) -> None:
    bench = make()
    take(bench)
    assert bench.serving
    target, link = folder / "target", bench.serving.around.place.data / "service.conf"
    target.write_text("as it was")
    link.unlink()
    link.symlink_to(target)
    take(bench, level=8)
    assert target.read_text() == "as it was"
    assert link.read_text() == "level 8\n"
