from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from autotune.actuate import session
from autotune.actuate.mysql import Mysql
from autotune.core.errors import WorkloadError
from autotune.model.space import Apply
from autotune.model.target import Target
from autotune.sidecar import tools
from autotune.sidecar.means import mysql as means

HERE = Path("/")

pytestmark = [pytest.mark.needs("mariadb"), pytest.mark.xdist_group("servers")]


def place(mariadb, name: str, **more: str) -> Target:
    options = {"name": name, "socket": mariadb.socket, "user": "root", **more}
    return Mysql().target(Apply(actuator="mysql", options=options), HERE)


def raw(mariadb, name: str) -> dict[str, Any]:
    """The address of a variable that the actuator itself would refuse, held as text."""
    return {**place(mariadb, "innodb_io_capacity").address, "name": name, "number": False}


@pytest.mark.parametrize(
    "value",
    [
        *("a'b", "back\\slash", '"', "%", "`", "$(id)", "'; DROP DATABASE mysql; -- ", "", "x" * 10_000),
        *("two\r\nlines\n", "\\g", "\\! id", "\ttab", "DELIMITER x", "é" * 3000, "NULL", "0", "007"),
    ],
)
@pytest.mark.parametrize("mode", ["", "NO_BACKSLASH_ESCAPES,ANSI_QUOTES"])
def test_a_text_arrives_verbatim_whatever_stands_in_it(mariadb, value, mode) -> None:
    mariadb.ask(f"SET GLOBAL sql_mode = '{mode}'")
    means.write(raw(mariadb, "init_connect"), value)
    assert means.read(raw(mariadb, "init_connect")) == value
    assert mariadb.ask("SELECT HEX(@@GLOBAL.init_connect)") == value.encode().hex().upper()
    mariadb.ask("SET GLOBAL init_connect = '', sql_mode = DEFAULT")


def test_a_word_is_read_back_as_the_server_says_it(mariadb) -> None:
    flushing = place(mariadb, "INNODB_Adaptive_Flushing").address
    for written in ("1", "ON", "on"):
        means.write({**flushing, "number": True}, written)
        assert means.read(flushing) == "ON"


def test_a_value_that_the_server_refuses_raises_with_its_words_alone(mariadb) -> None:
    with pytest.raises(OSError, match=r"^\[Errno 5\] \w+: ERROR 1232 .*Incorrect argument type"):
        means.write(place(mariadb, "innodb_io_capacity").address, "many")
    with pytest.raises(OSError, match=r"ERROR 1231 .*can't be set to the value of"):
        means.write(place(mariadb, "innodb_change_buffering").address, "x" * 10_000)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "innodb_buffer_pool_chunk_size",
            r"set when the server starts\. .*file: .*mysqld\.innodb_buffer_pool_chu",
        ),
        ("timestamp", "belongs to a connection"),
        ("innodb_io_capasity", "has no such variable"),
    ],
)
def test_a_variable_that_cannot_be_set_is_told_before_anything_is_written(mariadb, name, message) -> None:
    with pytest.raises(WorkloadError, match=f"mysql {name}: .*{message}"):
        place(mariadb, name)


def test_asking_whether_a_variable_can_be_set_does_not_set_it(mariadb) -> None:
    before = mariadb.ask("SHOW GLOBAL VARIABLES")
    for name in ("innodb_io_capacity", "sql_mode", "max_connections", "long_query_time"):
        place(mariadb, name)
    assert mariadb.ask("SHOW GLOBAL VARIABLES") == before


def test_a_value_that_would_change_another_variable_is_refused(mariadb) -> None:
    before = mariadb.ask("SHOW GLOBAL VARIABLES LIKE 'innodb_io_cap%'")
    with pytest.raises(OSError, match="5000 is above innodb_io_capacity_max, which is 2000"):
        means.write(place(mariadb, "innodb_io_capacity").address, "5000")
    with pytest.raises(OSError, match="100 is below innodb_io_capacity, which is 200"):
        means.write(place(mariadb, "innodb_io_capacity_max").address, "100")
    assert mariadb.ask("SHOW GLOBAL VARIABLES LIKE 'innodb_io_cap%'") == before


def test_the_session_brings_values_and_restores_them(mariadb, state) -> None:
    wanted = [
        (place(mariadb, "innodb_io_capacity"), "1500"),
        (place(mariadb, "innodb_adaptive_hash_index"), "ON"),
        (place(mariadb, "sql_mode"), "ANSI_QUOTES"),
    ]
    before = mariadb.ask("SHOW GLOBAL VARIABLES")
    with session.opened(state, kind="trial", note=print) as one:
        brought = one.bring(wanted)
        assert [each.effective for each in brought] == [text for _, text in wanted]
        assert mariadb.ask("SELECT @@GLOBAL.innodb_io_capacity, @@GLOBAL.sql_mode") == "1500\tANSI_QUOTES"
    assert mariadb.ask("SHOW GLOBAL VARIABLES") == before


def test_a_server_that_was_started_again_is_left_as_it_is(mariadb, state) -> None:
    notes: list[str] = []
    target = place(mariadb, "innodb_io_capacity")
    with session.opened(state, kind="trial", note=notes.append) as one:
        one.bring([(target, "1500")])
        mariadb.stop()
        mariadb.start()
        mariadb.ask("SET GLOBAL innodb_io_capacity = 700")
    assert means.read(target.address) == "700"
    assert any("is gone, nothing is left to undo" in note for note in notes)
    mariadb.ask("SET GLOBAL innodb_io_capacity = 200")


def test_the_identity_stays_while_the_server_runs(mariadb) -> None:
    address = place(mariadb, "innodb_io_capacity").address
    first = means.identity(address)
    mariadb.ask("SELECT SLEEP(1.1)")
    assert means.identity(address) == first
    assert "started=" in first
    assert "datadir=" in first


@pytest.mark.parametrize("way", ["environment", "file"])
def test_a_password_comes_from_the_environment_or_a_file_and_is_in_no_target(
    mariadb, tmp_path, monkeypatch, way
) -> None:
    mariadb.ask("CREATE OR REPLACE USER tuner@localhost IDENTIFIED BY 's3cret'")
    mariadb.ask("GRANT ALL ON *.* TO tuner@localhost")
    (tmp_path / "my.cnf").write_text("[client]\npassword=s3cret\n")
    with pytest.raises(WorkloadError, match="Access denied for user 'tuner'"):
        place(mariadb, "innodb_io_capacity", user="tuner")
    more = {"defaults": str(tmp_path / "my.cnf")} if way == "file" else {}
    if way == "environment":
        monkeypatch.setenv("MYSQL_PWD", "s3cret")
    target = place(mariadb, "innodb_io_capacity", user="tuner", **more)
    assert means.read(target.address) == "200"
    assert "s3cret" not in f"{target} {means.by_hand(target.address, '300')}"


def test_an_account_that_may_not_set_it_is_told_before_anything_is_written(mariadb) -> None:
    mariadb.ask("CREATE OR REPLACE USER reader@localhost")
    with pytest.raises(WorkloadError, match=r"Access denied; you need .* SUPER"):
        place(mariadb, "innodb_io_capacity", user="reader")


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    options = {"name": "innodb_io_capacity", "socket": str(tmp_path / "none")}
    with pytest.raises(WorkloadError, match=r"Can't connect|there is neither"):
        Mysql().target(Apply(actuator="mysql", options=options), HERE)


def test_a_client_that_is_missing_does_not_mean_that_the_place_is_gone(monkeypatch) -> None:
    monkeypatch.setattr(tools, "_PLACES", ())
    with pytest.raises(OSError, match="neither 'mariadb' nor 'mysql'") as error:
        means.identity({"name": "x", "where": ()})
    assert not isinstance(error.value, FileNotFoundError)


def test_a_variable_that_is_null_is_null_again(mariadb, state) -> None:
    target = place(mariadb, "enforce_storage_engine")
    assert means.read(target.address) is None
    with session.opened(state, kind="trial", note=print) as one:
        one.bring([(target, "Aria")])
        assert mariadb.ask("SELECT @@GLOBAL.enforce_storage_engine") == "Aria"
    assert mariadb.ask("SELECT @@GLOBAL.enforce_storage_engine IS NULL") == "1"


def test_a_number_cannot_be_taken_away() -> None:
    with pytest.raises(OSError, match="cannot be taken away"):
        means.by_hand({"name": "x", "where": (), "number": True}, None)


def test_memory_is_written_in_bytes_and_read_in_the_unit_that_was_asked_for() -> None:
    wish = Apply(actuator="mysql", options={"name": "tmp_table_size", "value": "{value}M"})
    assert Mysql().text(wish, 16) == str(16 << 20)
    assert Mysql().value(wish, str(16 << 20), 1) == 16
    assert Mysql().value(wish, str((16 << 20) + 1), 1) == (16 << 20) + 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"name": "max connections"}, "is no name of a variable"),
        ({"name": "x`; DROP DATABASE d; --"}, "is no name of a variable"),
        ({"name": "x'"}, "is no name of a variable"),
        ({"name": "x%"}, "is no name of a variable"),
        ({"name": "x\n"}, "is no name of a variable"),
        ({"name": "x" * 10_000}, "is no name of a variable"),
        ({"name": "global.max_connections"}, "is no name of a variable"),
        ({"name": "Init_Connect"}, "is not tuned"),
        ({"name": "general_log_file"}, "is not tuned"),
        ({"name": "tmpdir"}, "is not tuned"),
        ({"name": "gtid_binlog_state"}, "is not tuned"),
        ({"name": "innodb_buffer_pool_dump_now"}, "is not tuned"),
        ({"name": "x", "port": "x"}, "no number of a port"),
        ({"name": "x", "user": "-x"}, "no name of an account"),
        ({"name": "x", "host": "db.example.com"}, "remote: yes"),
        ({"name": "x", "password": "x"}, "has no option 'password'"),
        ({"name": "x", "defaults": "password=x"}, "MYSQL_PWD"),
    ],
)
def test_a_name_or_option_that_makes_no_sense_is_told(parameter, workload, options, message) -> None:
    one = parameter("p", "mysql", options=options)
    said = Mysql().problem(one, workload(one))
    assert message in said
    assert len(said) < 400


@pytest.mark.parametrize(
    "name", ["innodb_max_dirty_pages_pct", "innodb_log_file_size", "innodb_file_per_table"]
)
def test_a_name_that_only_looks_like_that_of_a_file_is_taken(parameter, workload, name) -> None:
    options = {"name": name, "host": "db.example.com", "remote": "yes", "port": "3307", "user": "tuner"}
    one = parameter("p", "mysql", options=options)
    assert Mysql().problem(one, workload(one)) == ""


def test_two_variables_that_change_one_another_are_not_tuned_together(parameter, workload) -> None:
    names = ("innodb_io_capacity", "innodb_io_capacity_max")
    pair = [parameter(name, "mysql", options={"name": name}) for name in names]
    for one in pair:
        assert "change one another" in Mysql().problem(one, workload(*pair))
        assert Mysql().problem(one, workload(one)) == ""


def test_where_the_server_is_stands_in_the_name_of_the_place(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(means, "number", lambda _: True)

    def key(**options: str) -> str:
        return Mysql().target(Apply(actuator="mysql", options={"name": "X", **options}), tmp_path).key

    assert key() == "mysql x"
    assert key(port="3307") == "mysql x at 127.0.0.1:3307"
    assert key(host="::1") == "mysql x at ::1:3306"
    assert key(socket="run/s") == f"mysql x at {tmp_path}/run/s"


def test_options_of_the_machine_and_of_the_user_lead_to_no_other_server(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".my.cnf").write_text("[client]\nno-such-option=1\n")
    with pytest.raises(OSError, match="Can't connect"):
        means.read({"name": "x", "number": True, "where": ("--no-defaults", f"--socket={tmp_path}/none")})
    done = subprocess.run(["mariadb", "-e", "x"], capture_output=True, text=True, check=False)
    assert "no-such-option" in done.stderr
