from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autotune.actuate.postgres import Postgres, hosts
from autotune.model.space import Apply, Parameter
from autotune.sidecar.means import postgres as means

HERE = Path("/")


@pytest.fixture
def address(postgres_dsn: str) -> Iterator[Callable[[str], dict[str, Any]]]:
    """The address of a variable on the test's own server, which is reset afterwards."""

    def of(name: str) -> dict[str, Any]:
        return dict(
            Postgres()
            .target(Apply(actuator="postgres", options={"name": name, "dsn": postgres_dsn}), HERE)
            .address
        )

    yield of
    ask(postgres_dsn, "ALTER SYSTEM RESET ALL")


def ask(dsn: str, sql: str) -> str:
    argv = ("psql", "-XAtq", "-d", dsn, "-c", sql)
    return subprocess.run(argv, check=True, text=True, capture_output=True).stdout.strip()


pytestmark = [pytest.mark.needs("postgres"), pytest.mark.xdist_group("servers")]


def test_a_value_is_in_force_in_the_next_session_once_it_is_written(address, postgres_dsn) -> None:
    for number in range(5):
        means.write(address("work_mem"), f"{number + 8}MB")
        assert ask(postgres_dsn, "SHOW work_mem") == f"{number + 8}MB"


def test_what_was_not_set_before_is_not_set_after_the_restore(address, postgres_dsn) -> None:
    place = address("work_mem")
    assert means.read(place) is None
    means.write(place, "8MB")
    assert means.read(place) == "8MB"
    means.write(place, None)
    assert means.read(place) is None
    assert ask(postgres_dsn, "SHOW work_mem") == "4MB"


@pytest.mark.parametrize(
    "value", ["a'b", "back\\slash", '"', "%", "$(id)", "; DROP TABLE x; --", "", "x" * 10_000]
)
def test_a_value_arrives_verbatim_whatever_stands_in_it(address, postgres_dsn, value) -> None:
    place = address("log_line_prefix")
    means.write(place, value)
    assert means.read(place) == value
    assert ask(postgres_dsn, "SHOW log_line_prefix") == value


def test_a_value_that_needs_a_restart_is_kept_for_it(address, postgres_dsn) -> None:
    place = address("wal_buffers")
    means.write(place, "2MB")
    assert means.read(place) == "2MB"
    assert ask(postgres_dsn, "SELECT pending_restart FROM pg_settings WHERE name = 'wal_buffers'") == "t"


def test_a_value_that_the_server_refuses_raises_with_its_words(address) -> None:
    with pytest.raises(OSError, match="invalid value for parameter"):
        means.write(address("work_mem"), "many")
    with pytest.raises(OSError, match="unrecognized configuration parameter"):
        means.write(address("wrok_mem"), "1MB")


def test_a_value_that_the_command_line_overrules_is_told(address) -> None:
    with pytest.raises(OSError, match="command line"):
        means.write(address("shared_buffers"), "16MB")


def test_a_cluster_is_told_from_another_by_its_number(address) -> None:
    place = address("work_mem")
    assert place["data"]
    assert means.identity(place).isdigit()
    assert means.identity(place) == means.identity({**place, "data": ""})


def test_a_server_that_is_not_there_raises_what_psql_says() -> None:
    address = {"name": "work_mem", "connection": "host=127.0.0.1 port=1"}
    with pytest.raises(OSError, match=r"psql: .*refused"):
        means.read(address)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"name": ""}, "is no name of a variable such as work_mem"),
        ({"name": 'work_mem" = 1; --'}, "is no name of a variable"),
        ({"name": "x" * 10_000}, "is no name of a variable"),
        ({"name": "work%mem"}, "is no name of a variable"),
        ({"name": "shared_preload_libraries"}, "would take for one name"),
        ({"name": "archive_command"}, "names a program"),
        ({"name": "work_mem", "dns": "x"}, "has no option 'dns'"),
        ({"name": "work_mem", "dsn": "password=secret"}, "a password in the file"),
        ({"name": "work_mem", "dsn": "postgres://u:secret@127.0.0.1/"}, "a password in the file"),
        ({"name": "work_mem", "dsn": "host=db.example.com"}, "another machine, 'db.example.com'"),
        (
            {"name": "work_mem", "dsn": "postgres://db.example.com:5432/x"},
            "another machine, 'db.example.com'",
        ),
        ({"name": "work_mem", "value": "MB"}, "has to hold the place {value} once"),
    ],
)
def test_a_name_or_option_that_makes_no_sense_is_told_before_anything_runs(
    parameter, workload, options, message
) -> None:
    one: Parameter = parameter("p", "postgres", options=options)
    said = Postgres().problem(one, workload(one))
    assert message in said
    assert "secret" not in said


def test_hosts_are_found_in_both_kinds_of_connection_strings() -> None:
    assert hosts("host=a,b port=1 hostaddr='::1'") == ("a", "b", "::1")
    assert hosts("postgresql://u@[::1]:5432,c/db") == ("::1", "c")
    assert hosts("dbname=x") == ()
