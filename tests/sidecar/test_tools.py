from __future__ import annotations

import os

import pytest

from autotune.sidecar import tools
from autotune.sidecar.means import client


@pytest.fixture
def fake(tmp_path, monkeypatch):
    """A fake `id`, first in PATH, that leaves a mark when it is run."""
    tool, mark = tmp_path / "id", tmp_path / "mark"
    tool.write_text(f"#!/bin/sh\ntouch {mark}\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.chdir(tmp_path)
    return mark


def test_a_fake_tool_that_is_first_in_the_path_is_never_run(fake) -> None:
    assert tools.ask(("id", "-u"), timeout_s=10).strip() == str(os.geteuid())
    assert client.read({"read": ("id", "-u")}) == str(os.geteuid())
    assert not fake.exists()


def test_a_client_sees_no_variable_that_brings_foreign_code_and_its_password(monkeypatch) -> None:
    for name in ("LD_PRELOAD", "PYTHONPATH", "PERL5LIB", "REDISCLI_AUTH", "PGPASSWORD", "OTHER"):
        monkeypatch.setenv(name, "/x.so")
    seen = tools.ask(("env",), timeout_s=10)
    names = {line.partition("=")[0] for line in seen.splitlines()}
    assert {"REDISCLI_AUTH", "PGPASSWORD", "PATH"} <= names
    assert not names & {"LD_PRELOAD", "PYTHONPATH", "PERL5LIB", "OTHER"}
    assert "LD_PRELOAD" not in tools.service_environment()


def test_a_tool_that_hangs_is_ended_with_what_it_started() -> None:
    with pytest.raises(TimeoutError, match=r"sh gave no answer within 0\.2 s"):
        tools.ask(("sh", "-c", "sleep 60 & wait"), timeout_s=0.2)


def test_a_tool_that_fails_raises_with_its_words_and_one_that_is_missing_with_the_places() -> None:
    with pytest.raises(OSError, match="sh: no luck"):
        tools.ask(("sh", "-c", "echo no luck >&2; exit 3"), timeout_s=10)
    with pytest.raises(OSError, match="no-such-tool' in /") as caught:
        tools.ask(("no-such-tool",), timeout_s=10)
    assert not isinstance(caught.value, FileNotFoundError)  # the undo would take its value for gone


@pytest.mark.parametrize("value", ["; touch /tmp/p $(id)", "a\nb", "'\"", "%s%n", "x" * 10_000, ""])
def test_a_value_is_one_element_of_the_argv(value) -> None:
    address = {"read": ("true",), "write": ("test", "{value}", "=", value)}
    client.write(address, value)


@pytest.mark.needs("root")
def test_a_client_runs_as_the_user_that_is_named() -> None:
    assert tools.ask(("id", "-un"), timeout_s=10, user="nobody").strip() == "nobody"
    with pytest.raises(OSError, match="has no user 'nobody-else'"):
        tools.ask(("id",), timeout_s=10, user="nobody-else")
