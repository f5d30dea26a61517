from __future__ import annotations

import pytest

from autotune.core.errors import FileError
from autotune.model.space import config_key
from autotune.study.draw import every
from autotune.study.load import load_document


def test_a_frozen_parameter_stays_at_its_default_and_is_not_searched(study):
    space = study("freeze: [jobs, mode]\n").workload.space
    assert space["jobs"].values == (2,)
    assert space["mode"].values == ("wal",)
    assert space["jobs"].size() == 1
    assert {config["jobs"] for config in every(study("freeze: [jobs, pages]\n").workload.space)} == {2}


def test_it_stays_at_the_baseline_where_that_differs(study):
    found = study("freeze: [jobs]\nbaseline: {jobs: 7}\n")
    assert found.workload.space["jobs"].values == (7,)
    assert found.baseline["jobs"] == 7


def test_unset_can_be_frozen(study):
    found = study("freeze: [arenas]\n")
    assert found.workload.space["arenas"].values == (None,)
    assert found.baseline["arenas"] is None


def test_what_hangs_on_a_condition_can_be_frozen_too(study):
    space = study("freeze: [pages]\n").workload.space
    assert space.pruned({"mode": "memory", "pages": 100}) == {"mode": "memory"}
    assert space.pruned({"mode": "wal", "pages": 100}) == {"mode": "wal", "pages": 100}


def test_an_unknown_name_is_a_mistake_with_a_suggestion(study):
    with pytest.raises(FileError, match=r"study.yaml:4:\d+: 'job' is no parameter.* Did you mean 'jobs'\?"):
        study("freeze: [arenas, job]\n")


def test_all_frozen_is_a_mistake(study):
    with pytest.raises(FileError, match=r"study.yaml:4:1: 'freeze' names every parameter"):
        study("freeze: [jobs, arenas, mode, pages]\n")


def test_what_is_enqueued_has_the_frozen_value(study):
    with pytest.raises(FileError, match="'jobs' cannot be 8: it is one of 2"):
        study("freeze: [jobs]\nenqueue: [{jobs: 8}]\n")
    assert study("freeze: [jobs]\nenqueue: [{arenas: 3}]\n").enqueue[0]["jobs"] == 2


def test_a_recorded_study_is_read_back_frozen(study, folder, facts):
    found = study("freeze: [jobs]\nbaseline: {jobs: 7}\n")
    again = load_document(found.document, path=folder / "study.yaml", facts=facts)
    assert again.workload.space == found.workload.space
    assert again.freeze == ("jobs",)
    assert config_key(again.baseline) == config_key(found.baseline)


def test_documents_without_it_are_as_they_were(study):
    assert "freeze" not in study().document
    assert "freeze" not in study("freeze: []\n").document


def test_it_can_be_given_on_the_command_line(study):
    assert study(overrides=('freeze=["jobs"]',)).freeze == ("jobs",)
    with pytest.raises(FileError, match=r"--set freeze=.*'job' is no parameter"):
        study(overrides=('freeze=["job"]',))
