import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from autotune.sidecar.message import Reader, Writer

VALUES = st.none() | st.integers(0, 3) | st.text(max_size=3) | st.lists(st.integers(), max_size=2)


@given(st.lists(st.dictionaries(st.sampled_from("abcd"), VALUES)))
def test_reader_has_whole_messages_whatever_came_before(messages: list[dict[str, Any]]) -> None:
    writer, reader = Writer(), Reader()
    assert [reader.message(writer.line(dict(message))) for message in messages] == messages


def test_what_stays_the_same_is_not_said_again() -> None:
    writer = Writer()
    writer.line({"argv": ["true"], "env": {"A": "1"}})
    assert json.loads(writer.line({"argv": ["false"], "env": {"A": "1"}})) == {"argv": ["false"]}


def test_long_message_is_not_kept() -> None:
    writer, reader = Writer(), Reader()
    long = {"series": "x" * 100_000, "status": 0}
    assert reader.message(writer.line(long)) == long
    assert (writer._last, reader._last) == ({}, {})
    assert reader.message(writer.line({"status": 0})) == {"status": 0}


def test_what_is_done_to_a_message_stays_out_of_the_next() -> None:
    writer, reader = Writer(), Reader()
    reader.message(writer.line({"status": 0}))["status"] = 1
    assert reader.message(writer.line({"status": 0})) == {"status": 0}
