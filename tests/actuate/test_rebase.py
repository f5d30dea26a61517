"""Somebody else writes into a file while autotune has its entries in it."""

import os

import pytest

from autotune.actuate.file import File
from autotune.actuate.recover import recovered
from autotune.actuate.session import opened
from autotune.core.errors import NotRestoredError
from autotune.model.space import Apply

BEFORE = "# mine\n[main]\njobs = 2   ; per core\nqueue = 10\n"
TOLD: list[str] = []


@pytest.fixture
def conf(tmp_path):
    path = tmp_path / "app.ini"
    path.write_text(BEFORE)
    return path


@pytest.fixture
def entry(conf):
    def make(key):
        apply = Apply(actuator="file", options={"name": str(conf), "key": key})
        return File().target(apply, conf.parent)

    return make


def session(state):
    TOLD.clear()
    return opened(state, kind="trial", note=TOLD.append)


def add(conf, line="# the admin was here\n"):
    conf.write_text(conf.read_text() + line)


def test_what_somebody_else_writes_beside_the_entries_stays(state, conf, entry):
    with session(state) as one:
        one.bring([(entry("main.jobs"), "4"), (entry("main.queue"), "20")])
        add(conf)
    assert conf.read_text() == BEFORE + "# the admin was here\n"
    assert any("these stay" in line for line in TOLD)


def test_next_configuration_is_brought_beside_it(state, conf, entry):
    with session(state) as one:
        one.bring([(entry("main.jobs"), "4")])
        add(conf)
        one.bring([(entry("main.jobs"), "8"), (entry("main.queue"), "30")])
        assert "jobs = 8   ; per core\nqueue = 30\n# the admin was here\n" in conf.read_text()
        add(conf, "# twice\n")
    assert conf.read_text() == BEFORE + "# the admin was here\n# twice\n"


def test_entry_that_somebody_else_has_changed_is_left_alone_and_told(state, conf, entry):
    with pytest.raises(NotRestoredError, match="somebody else"), session(state) as one:
        one.bring([(entry("main.jobs"), "4"), (entry("main.queue"), "20")])
        conf.write_text(conf.read_text().replace("jobs = 4", "jobs = 5"))
    assert "jobs = 5" in conf.read_text()


def test_killed_after_that_the_guardian_keeps_it_too(state, conf, entry):
    if (child := os.fork()) == 0:
        with session(state) as one:
            one.bring([(entry("main.jobs"), "4")])
            add(conf)
            one.bring([(entry("main.jobs"), "8")])
            os.kill(one.guardian_pid, 9)
            os.kill(os.getpid(), 9)
    os.waitpid(child, 0)
    recovered(state, TOLD.append)
    assert conf.read_text() == BEFORE + "# the admin was here\n"
