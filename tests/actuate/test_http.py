from __future__ import annotations

import pytest

from autotune.actuate.http import Http
from autotune.model.space import Apply
from autotune.sidecar.means import http as means


def address(url: str, **more: str) -> dict[str, str]:
    return {"url": url, **more}


def test_a_value_is_read_back_and_can_be_taken_away(http_url) -> None:
    place = address(f"{http_url}/workers")
    assert means.read(place) is None
    means.write(place, "4")
    assert means.read(place) == "4"
    means.write(place, None)
    assert means.read(place) is None


def test_json_is_the_same_whatever_its_white_space(http_url) -> None:
    one = Apply(
        actuator="http", options={"name": f"{http_url}/pool", "value": '{"size": {value}, "a": true}'}
    )
    text = Http().text(one, 7)
    assert text == '{"a":true,"size":7}'
    means.write(address(f"{http_url}/pool"), text)
    assert means.read(address(f"{http_url}/pool")) == text
    assert Http().value(one, text, like=1) == 7


def test_a_redirect_is_not_followed(http_url) -> None:
    with pytest.raises(OSError, match="302"):
        means.read(address(f"{http_url}/redirect"))


def test_a_proxy_is_never_asked(http_url, monkeypatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert means.read(address(f"{http_url}/nothing")) is None


def test_a_refusal_raises_with_the_words_of_the_service(http_url) -> None:
    with pytest.raises(OSError, match=r"PUT .*/refuse: 400 Bad Request: too many"):
        means.write(address(f"{http_url}/refuse"), "900")
    with pytest.raises(OSError, match="refused"):
        means.read(address("http://127.0.0.1:1/x"))


def test_an_endless_answer_is_no_value(http_url) -> None:
    with pytest.raises(OSError, match="larger than 65536 bytes"):
        means.read(address(f"{http_url}/large"))


def test_a_token_comes_from_its_variable_and_stands_nowhere_else(http_url, monkeypatch) -> None:
    monkeypatch.setenv("ADMIN_TOKEN", "canary-7")
    place = address(f"{http_url}/token", token="ADMIN_TOKEN")
    assert means.read(place) == "Bearer canary-7"
    assert "canary-7" not in means.by_hand(place, "1") + str(place)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"name": "ftp://127.0.0.1/x"}, "is no URL such as"),
        ({"name": "http://u:secret@127.0.0.1/x"}, "would end up in reports"),
        ({"name": "http://api.example.com/x"}, "another machine, 'api.example.com'"),
        ({"name": "http://127.0.0.1/x", "method": "GET"}, "sends no value"),
        ({"name": "http://127.0.0.1/x", "token": "a b"}, "name of the variable"),
        ({"name": "http://127.0.0.1/x", "mehtod": "PUT"}, "Did you mean 'method'?"),
    ],
)
def test_what_makes_no_sense_is_told_before_anything_is_sent(parameter, workload, options, message) -> None:
    one = parameter("p", "http", options=options)
    said = Http().problem(one, workload(one))
    assert message in said
    assert "secret" not in said
