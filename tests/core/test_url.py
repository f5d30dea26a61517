from __future__ import annotations

import pytest

from autotune.core.url import host, is_loopback


@pytest.mark.parametrize(
    ("url", "name"),
    [("http://127.0.0.1:80/a?b", "127.0.0.1"), ("https://[::1]/", "::1"), ("http://LocalHost", "localhost")],
)
def test_host_is_found_in_a_url(url: str, name: str) -> None:
    assert host(url) == name
    assert is_loopback(name)


@pytest.mark.parametrize(
    "url", ["", "x", "file:///a", "http://", "http://u:p@h/", "http://h:x/", "//h/", "http://[::1"]
)
def test_what_is_no_plain_url_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        host(url)


@pytest.mark.parametrize(
    "name", ["192.0.2.1", "localhost.example", "127.0.0.1.nip.io", "0.0.0.0", "::", "2130706433"]
)
def test_other_hosts_are_not_this_machine(name: str) -> None:
    assert not is_loopback(name)
