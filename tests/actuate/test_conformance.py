"""Every host actuator keeps the promises of `autotune.testing`, in real places of this machine."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from autotune.actuate.texts import from_text
from autotune.core import registry
from autotune.core.errors import WorkloadError
from autotune.model.ports import HostActuator
from autotune.model.space import Value
from autotune.sidecar import layout
from autotune.testing import (
    Case,
    prove,
    prove_by_hand,
    prove_identity,
    prove_probe,
    prove_texts,
    prove_writes,
)

Make = Callable[..., Case]


@pytest.fixture
def case(tmp_path: Path) -> Make:
    """A case of an actuator by its name in the registry."""

    def make(actuator: str, *values: Value, **options: str) -> Case:
        found = registry.load("actuators", actuator)()
        return Case(actuator=found, name=actuator, options=options, values=values, folder=tmp_path)

    return make


def there(case: Case) -> Case:
    """The case, where this machine has its place."""
    try:
        _ = case.target
    except WorkloadError as error:
        pytest.skip(str(error))
    return case


@pytest.mark.needs("root")
@pytest.mark.xdist_group("sysctl")
@pytest.mark.parametrize(
    ("actuator", "name", "values"),
    [
        ("sysctl", "vm.swappiness", (10, 60, 100)),
        ("sysctl", "vm.vfs_cache_pressure", (50, 100)),
        ("sysctl", "net.ipv4.tcp_rmem", ("4096 87380 6291456", "4096 131072 6291456")),
        ("sysfs", "kernel/mm/transparent_hugepage/enabled", ("never", "madvise")),
        ("sysfs", "kernel/mm/transparent_hugepage/khugepaged/defrag", (False, True)),
        ("sysfs", "kernel/mm/hugepages/hugepages-2048kB/nr_hugepages", (0, 1)),
        ("sysfs", "block/loop7/queue/read_ahead_kb", (64, 256)),
        ("sysfs", "block/loop7/queue/scheduler", ("none", "mq-deadline")),
    ],
)
def test_a_value_of_the_kernel(case: Make, actuator: str, name: str, values: tuple[Value, ...]) -> None:
    prove(there(case(actuator, *values, name=name)))


@pytest.fixture
def group() -> Iterator[str]:
    """A control group of our own in every hierarchy."""
    name = f"autotune-conformance-{os.getpid()}"
    mounts = [mount for kind, _, mount, _ in layout.mounts("/proc") if kind.startswith("cgroup")]
    folders = [Path(mount, name) for mount in mounts if os.access(mount, os.W_OK)]
    for folder in folders:
        folder.mkdir()
    yield name
    for folder in folders:
        folder.rmdir()


@pytest.mark.needs("root")
@pytest.mark.parametrize(
    ("attribute", "values"),
    [
        ("cpu.weight", (1, 50, 100, 333, 10_000)),
        ("cpu.max", (50_000, "max")),
        ("cpu.max", ("20000 50000", "50000 200000")),
        ("memory.max", (256 << 20, "max")),
        ("pids.max", (64, "max")),
    ],
)
def test_an_attribute_of_a_control_group(
    case: Make, group: str, attribute: str, values: tuple[Value, ...]
) -> None:
    prove(there(case("cgroup", *values, name=group, attribute=attribute)))


@pytest.fixture
def pidfile(tmp_path: Path) -> Iterator[str]:
    """The file with the number of a process of our own."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"]) as process:
        (tmp_path / "child.pid").write_text(str(process.pid))
        yield "child.pid"
        process.kill()


@pytest.mark.needs("root")
@pytest.mark.parametrize(
    ("attribute", "values"),
    [
        ("nice", (-5, 0, 7)),
        ("ionice", ("idle", "best-effort:2", "none")),
        ("policy", ("batch", "idle", "fifo:3", "other")),
        pytest.param("affinity", (0, "0-1"), marks=pytest.mark.needs("cores")),
    ],
)
def test_the_schedule_of_a_process(
    case: Make, pidfile: str, attribute: str, values: tuple[Value, ...]
) -> None:
    prove(case("process", *values, name=attribute, pidfile=pidfile))


@pytest.mark.needs("postgres")
@pytest.mark.xdist_group("servers")
@pytest.mark.parametrize(
    ("name", "values", "template"),
    [
        ("work_mem", (8, 64), "{value}MB"),
        ("synchronous_commit", (False, True), "{value}"),
        ("wal_buffers", (64, 128), "{value}"),
        ("log_line_prefix", ("it's \\ %m $(id)", ""), "{value}"),
    ],
)
def test_a_variable_of_postgresql(
    case: Make, postgres_dsn: str, name: str, values: tuple[Value, ...], template: str
) -> None:
    prove(case("postgres", *values, name=name, dsn=postgres_dsn, value=template))


@pytest.mark.needs("redis-server")
@pytest.mark.xdist_group("servers")
@pytest.mark.parametrize(
    ("name", "values", "template"),
    [
        ("maxmemory", (64, 128), "{value}mb"),
        ("maxmemory-policy", ("allkeys-lru", "noeviction"), "{value}"),
        ("lazyfree-lazy-expire", (True, False), "{value}"),
        ("save", ("3600 1 300 100", ""), "{value}"),
    ],
)
def test_a_value_of_redis(
    case: Make, redis_port: str, name: str, values: tuple[Value, ...], template: str
) -> None:
    prove(case("redis", *values, name=name, port=redis_port, value=template))


@pytest.mark.needs("mariadb")
@pytest.mark.xdist_group("servers")
@pytest.mark.parametrize(
    ("name", "values", "template"),
    [
        ("innodb_io_capacity", (400, 1600), "{value}"),
        ("innodb_flush_neighbors", (0, 2), "{value}"),
        ("innodb_adaptive_flushing", (False, True), "{value}"),
        ("innodb_max_dirty_pages_pct", (0.0, 12.5, 75.0), "{value}"),
        ("long_query_time", (1, 4), "{value}"),
        ("tmp_table_size", (8, 32), "{value}M"),
        ("innodb_change_buffering", ("inserts", "none"), "{value}"),
        ("enforce_storage_engine", ("InnoDB", "Aria"), "{value}"),
        ("binlog_format", ("ROW", "STATEMENT"), "{value}"),
        ("ft_boolean_syntax", ('+ -><()~*:""&^', '+ -><()~*:""&|'), "{value}"),
    ],
)
def test_a_variable_of_mariadb(
    case: Make, mariadb, name: str, values: tuple[Value, ...], template: str
) -> None:
    prove(case("mysql", *values, name=name, socket=mariadb.socket, user="root", value=template))


@pytest.mark.parametrize(
    ("name", "values"),
    [("journal_mode", ("wal", "delete")), ("page_size", (1024, 8192)), ("auto_vacuum", ("full", "none"))],
)
def test_what_a_database_of_sqlite_keeps(
    case: Make, tmp_path: Path, name: str, values: tuple[Value, ...]
) -> None:
    database = sqlite3.connect(tmp_path / "a.db")
    database.execute("CREATE TABLE t (x)")
    database.close()
    prove(case("pragma", *values, name=name, database="a.db"))


@pytest.mark.parametrize("template", ["{value}", '{"workers": {value}, "mode": "fast"}'])
def test_a_value_of_an_http_service(case: Make, http_url: str, template: str) -> None:
    prove(case("http", 2, 4, name=f"{http_url}/workers", value=template))


def test_an_entry_of_a_file_whose_session_writes_it(case: Make, tmp_path: Path) -> None:
    (tmp_path / "app.json").write_text('{"workers": 1}')
    one = case("file", 2, 4, name="app.json", key="workers")
    prove_probe(one)
    prove_texts(one)


def test_every_host_actuator_is_proved_here() -> None:
    known = {name for name in registry.names("actuators") if _is_host(name)}
    services = {"mysql", "postgres", "redis", "pragma", "http"}
    proved = {"file", "sysctl", "sysfs", "cgroup", "process", *services}
    assert known == proved


def _is_host(name: str) -> bool:
    return isinstance(registry.load("actuators", name)(), HostActuator)


class _Odd:
    """An actuator that breaks the promise that a test names, over the means of files of the kernel."""

    def __init__(self, good: HostActuator, broken: str) -> None:
        self._good, self._broken = good, broken

    def problem(self, parameter, workload):
        return "" if self._broken == "problem" else self._good.problem(parameter, workload)

    def target(self, apply, folder):
        target = self._good.target(apply, folder)
        return replace(target, key="two\nlines") if self._broken == "key" else target

    def text(self, apply, value):
        return "5" if self._broken == "text" else self._good.text(apply, value)

    def value(self, apply, text, like):
        return text if self._broken == "value" else from_text(apply, text, like, bools=("1", "0"))


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ("problem", "names an option that it does not know"),
        ("key", "a name of one line"),
        ("text", "each of two values as another text"),
        ("value", "which 4 was written as, as '4'"),
    ],
)
def test_a_broken_promise_is_named(case: Make, http_url: str, broken: str, message: str) -> None:
    good = case("http", 4, 5, name=f"{http_url}/x")
    with pytest.raises(AssertionError, match=message):
        prove(replace(good, actuator=_Odd(good.actuator, broken)))
    prove(replace(good, actuator=_Odd(good.actuator, "")))


@pytest.mark.parametrize(
    ("proof", "function", "message"),
    [
        (prove_writes, "write", "reads back '4' as it was written"),
        (prove_by_hand, "by_hand", "prints a command that writes"),
        (prove_identity, "identity", "by the same identity"),
    ],
)
def test_means_that_break_a_promise_are_named(
    case: Make, http_url: str, *, monkeypatch, proof, function: str, message: str
) -> None:
    good = case("http", 4, 5, name=f"{http_url}/x")
    answers = iter(range(100))
    odd = {"write": lambda *_: None, "by_hand": lambda *_: "true", "identity": lambda _: str(next(answers))}
    monkeypatch.setattr(good.means, function, odd[function])
    prove_probe(good)
    prove_texts(good)
    with pytest.raises(AssertionError, match=message):
        proof(good)
