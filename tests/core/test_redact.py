from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotune.core.redact import printable, redacted, secret_values, without_secret_words


def test_secrets_are_the_long_values_of_names_that_say_so():
    environment = {"API_KEY": "abcd1234", "DB_PASSWORD": "hunter22", "SHORT_TOKEN": "abc", "HOME": "/root"}
    assert secret_values(environment) == {"abcd1234", "hunter22"}


def test_a_longer_secret_is_hidden_before_the_shorter_one_in_it():
    assert redacted("x abcdefgh y", ["abcd", "abcdefgh"]) == "x [hidden] y"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("postgresql://me:s3cret@host/db", "postgresql://me:[hidden]@host/db"),
        ("see http://example.test:80/a b@c", "see http://example.test:80/a b@c"),
        ("redis://:pw@h", "redis://:[hidden]@h"),
    ],
)
def test_the_password_in_a_url_is_hidden(text, clean):
    assert redacted(text) == clean


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("\x1b]0;title\x07after", "after"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("a\r\nb\rc\td", "a\nb\nc\td"),
        ("nul\x00bell\x07", "nulbell"),
        ("\ud800\ufffe", ""),
        ("abc\u202edcb", "abcdcb"),
        ("\x9b31mred", "31mred"),
    ],
)
def test_what_steers_a_terminal_is_taken_out(text, clean):
    assert printable(text) == clean


@given(st.text(st.characters(codec=None)))
def test_printable_text_stays_as_it_is(text):
    once = printable(text)
    assert printable(once) == once
    assert not set(once) & set(map(chr, [*range(9), 11, 12, *range(13, 32), 127]))


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Authorization: Bearer abcdef0123", "Authorization: Bearer [hidden]"),
        ('"authorization": "Basic abcdef0123"', '"authorization": "Basic [hidden]"'),
        ("sent bearer abcdef0123 twice", "sent bearer [hidden] twice"),
        ("psql --password hunter22 -c x", "psql --password [hidden] -c x"),
        ("author: me", "author: me"),
    ],
)
def test_what_was_said_to_be_secret_is_hidden(text, clean):
    assert redacted(text) == clean


def test_secret_options_of_a_command_are_hidden_and_placeholders_stay():
    command = ["run", "--db-password", "hunter22", "--token={x}", "--api-key=abcd", "--size", "8"]
    hidden = ["run", "--db-password", "[hidden]", "--token={x}", "--api-key=[hidden]", "--size", "8"]
    assert without_secret_words(command) == hidden


def test_no_command_has_no_words():
    assert without_secret_words([]) == []


@pytest.mark.parametrize(
    ("command", "hidden"),
    [
        (["redis-server", "--requirepass", "hunter22"], ["redis-server", "--requirepass", "[hidden]"]),
        (["/usr/bin/redis-cli", "-a", "hunter22", "ping"], ["/usr/bin/redis-cli", "-a", "[hidden]", "ping"]),
        (["tar", "-a", "cf"], ["tar", "-a", "cf"]),
        (["mysql", "-phunter22", "-P", "3306"], ["mysql", "-p[hidden]", "-P", "3306"]),
        (["curl", "-u", "bob:hunter22", "x"], ["curl", "-u", "bob:[hidden]", "x"]),
        (["x", "{port} token=hunter22"], ["x", "{port} token=[hidden]"]),
        (["x", "--password", "{word}"], ["x", "--password", "{word}"]),
    ],
)
def test_secrets_are_hidden_where_known_programs_take_them(command, hidden):
    assert without_secret_words(command) == hidden
