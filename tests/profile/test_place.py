from __future__ import annotations

import pytest

from autotune.actuate.edit import format_of
from autotune.model.space import Apply
from autotune.profile.place import place_of, plain_sysctl, spellings

_FORMATS = {"postgres": "postgres", "redis": "words", "nginx": "nginx", "mysql": "ini", "systemd": "systemd"}


def _file(name: str, key: str = "a", **options: str) -> Apply:
    return Apply(actuator="file", options={"name": name, "key": key, **options})


@pytest.mark.parametrize(
    ("name", "system"),
    [
        ("postgresql.conf", "postgres"),
        ("/var/lib/postgresql/15/main/postgresql.auto.conf", "postgres"),
        ("redis.conf", "redis"),
        ("valkey.conf", "redis"),
        ("nginx.conf", "nginx"),
        ("/etc/nginx/nginx.conf", "nginx"),
        ("my.cnf", "mysql"),
        ("x.service", "systemd"),
        ("/etc/systemd/system/x.service.d/override.conf", "systemd"),
        ("/etc/sysctl.d/90-x.conf", "sysctl"),
        ("sysctl.conf", "sysctl"),
        ("app.ini", ""),
        ("x.conf", ""),
    ],
)
def test_the_reader_of_a_file_is_known_by_its_name_or_folder(name: str, system: str) -> None:
    assert place_of(_file(name)).system == system
    if system in _FORMATS:
        assert format_of(name) == _FORMATS[system]


def test_a_format_tells_where_the_name_does_not() -> None:
    assert place_of(_file("x.conf", format="postgres")).system == "postgres"
    assert place_of(_file("postgresql.conf", format="keyvalue")).system == "postgres"


@pytest.mark.parametrize(
    ("name", "entry", "key"),
    [
        ("nginx.conf", "http.server.Gzip", "gzip"),
        ("nginx.conf", 'http."server_name a.example".gzip', "gzip"),
        ("x.service", "Service.CPUWeight", "cpuweight"),
        ("my.cnf", "mysqld.max_connections", "max_connections"),
        ("postgresql.conf", "auto_explain.log_analyze", "auto_explain.log_analyze"),
        ("sysctl.conf", "net/ipv4/tcp_sack", "net.ipv4.tcp_sack"),
        ("app.yaml", 'a."b c"', "b c"),
        ("app.yaml", "", ""),
    ],
)
def test_an_entry_is_judged_by_its_own_last_name(name: str, entry: str, key: str) -> None:
    assert place_of(_file(name, entry)).key == key


def test_a_dot_in_a_part_of_a_sysctl_is_kept_apart() -> None:
    assert plain_sysctl("net/ipv4/conf/eth0.100/mtu") == "net.ipv4.conf.eth0/100.mtu"
    assert plain_sysctl("vm.swappiness") == "vm.swappiness"


def test_all_that_an_entry_could_mean_is_looked_at() -> None:
    assert {"listen 80", "listen", "80"} <= spellings(_file("x", 'http."listen 80"'))
    assert "kernel.core_pattern" in spellings(_file("x", "-kernel/core_pattern"))
