from __future__ import annotations

from pathlib import Path

import pytest

from autotune.actuate.redis import Redis
from autotune.model.space import Apply
from autotune.sidecar.means import client

pytestmark = [pytest.mark.needs("redis-server"), pytest.mark.xdist_group("servers")]


def apply(port: str, name: str, **more: str) -> Apply:
    return Apply(actuator="redis", options={"name": name, "port": port, **more})


def address(port: str, name: str) -> dict[str, object]:
    return dict(Redis().target(apply(port, name), Path("/")).address)


def test_memory_is_read_back_as_it_was_written_whatever_its_unit(redis_port) -> None:
    wish = apply(redis_port, "maxmemory", value="{value}mb")
    place = Redis().target(wish, Path("/")).address
    text = Redis().text(wish, 100)
    client.write(place, text)
    assert client.read(place) == text == str(100 * 1024**2)
    assert Redis().value(wish, text, like=1) == 100
    client.write(place, "0")


def test_a_list_with_spaces_is_one_value(redis_port) -> None:
    place = address(redis_port, "save")
    client.write(place, "3600 1 300 100")
    assert client.read(place) == "3600 1 300 100"
    client.write(place, "")
    assert client.read(place) == ""


def test_a_value_that_redis_refuses_raises_with_its_words(redis_port) -> None:
    with pytest.raises(OSError, match="must be one of"):
        client.write(address(redis_port, "maxmemory-policy"), "sometimes")


def test_a_name_that_redis_does_not_have_has_no_value(redis_port) -> None:
    place = address(redis_port, "maxmemory-polity")
    assert client.read(place) is None
    with pytest.raises(OSError, match="cannot take it away"):
        client.write(place, None)


def test_a_server_that_was_started_again_is_another_place(redis_port) -> None:
    assert client.identity(address(redis_port, "maxmemory")).startswith("run_id:")


def test_a_server_that_is_not_there_raises() -> None:
    with pytest.raises(OSError, match="refused"):
        client.read(address("1", "maxmemory"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"name": "max memory"}, "is no name such as"),
        ({"name": "requirepass"}, "is not tuned"),
        ({"name": "dir"}, "is not tuned"),
        ({"name": "maxmemory", "port": "x"}, "no number of a port"),
        ({"name": "maxmemory", "host": "cache.example.com"}, "remote: yes"),
        ({"name": "maxmemory", "password": "x"}, "has no option 'password'"),
        ({"name": "maxmemory", "bool": "on"}, "has to be two words"),
    ],
)
def test_a_name_or_option_that_makes_no_sense_is_told(parameter, workload, options, message) -> None:
    one = parameter("p", "redis", options=options)
    assert message in Redis().problem(one, workload(one))
    fine = parameter("p", "redis", options={"name": "maxmemory", "host": "a.b", "remote": "yes"})
    assert Redis().problem(fine, workload(fine)) == ""
