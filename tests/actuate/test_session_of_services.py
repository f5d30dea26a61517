"""Values of services and processes under the session that writes them down, brings them and undoes them."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from autotune.actuate import session
from autotune.actuate.http import Http
from autotune.actuate.postgres import Postgres
from autotune.actuate.pragma import Pragma
from autotune.actuate.process import Process
from autotune.actuate.redis import Redis
from autotune.core.errors import WorkloadError
from autotune.model.space import Apply
from autotune.model.target import Target
from autotune.sidecar.means import client, http, postgres, process, sqlite


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def child(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process with a pid file."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"]) as one:
        (tmp_path / "pid").write_text(str(one.pid))
        yield one
        one.kill()


def place(actuator, folder: Path, **options: str) -> Target:
    return actuator.target(Apply(actuator="a", options=options), folder)


@pytest.mark.needs("postgres", "redis-server")
@pytest.mark.xdist_group("servers")
@pytest.mark.usefixtures("child")
def test_all_of_them_are_brought_together_and_undone_together(
    state, tmp_path, postgres_dsn, redis_port, http_url
) -> None:
    sqlite3.connect(tmp_path / "a.db").close()
    wanted = [
        (place(Postgres(), tmp_path, name="work_mem", dsn=postgres_dsn), "8MB"),
        (place(Redis(), tmp_path, name="maxmemory-policy", port=redis_port), "allkeys-lfu"),
        (place(Pragma(), tmp_path, name="journal_mode", database="a.db"), "wal"),
        (place(Http(), tmp_path, name=f"{http_url}/workers"), "4"),
        (place(Process(), tmp_path, name="policy", pidfile="pid"), "batch"),
    ]
    by = (postgres, client, sqlite, http, process)

    def now() -> list[str | None]:
        return [means.read(target.address) for means, (target, _) in zip(by, wanted, strict=True)]

    before = now()
    with session.opened(state, kind="trial", note=print) as one:
        brought = one.bring(wanted)
        assert now() == [text for _, text in wanted]
        assert not [each.target.key for each in brought if each.coerced]
    assert now() == before


def test_what_a_service_refuses_takes_everything_back(state, tmp_path, http_url) -> None:
    good, bad = (place(Http(), tmp_path, name=f"{http_url}/{name}") for name in ("good", "refuse"))
    with session.opened(state, kind="trial", note=print) as one:
        with pytest.raises(WorkloadError, match="400 Bad Request: too many"):
            one.bring([(good, "4"), (bad, "900")])
        assert http.read(good.address) is None


def test_a_process_that_ends_meanwhile_leaves_nothing_to_undo(state, tmp_path, child) -> None:
    notes: list[str] = []
    with session.opened(state, kind="trial", note=notes.append) as one:
        one.bring([(place(Process(), tmp_path, name="policy", pidfile="pid"), "batch")])
        child.kill()
        child.wait()
    assert any("is gone, nothing is left to undo" in note for note in notes)
