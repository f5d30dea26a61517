from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotune.core.units import (
    UnitError,
    convert,
    duration_s,
    rate_period_s,
    share,
    show_bytes,
    show_seconds,
    size_bytes,
)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("20s", 20), ("1.5m", 90), ("250ms", 0.25), ("2h", 7200), ("1d", 86400), ("5 min", 300), ("10us", 1e-5)],
)
def test_a_duration_is_read_in_seconds(text, seconds):
    assert duration_s(text) == pytest.approx(seconds)


@pytest.mark.parametrize("text", ["20", "", "s", "20 parsecs", "1:30", "2%", "1,5s", "20S", "--1s", "0x10s"])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(UnitError):
        duration_s(text)


def test_sizes_and_shares_need_their_own_units():
    assert size_bytes("64MiB") == 64 * 2**20
    assert size_bytes("10kB") == 10_000
    assert share("2%") == pytest.approx(0.02)
    for parse, text in ((size_bytes, "64M"), (size_bytes, "64s"), (share, "0.02"), (share, "2 s")):
        with pytest.raises(UnitError):
            parse(text)


@pytest.mark.parametrize(
    ("text", "unit", "number"),
    [
        ("870us", "ms", 0.87),
        ("1.2ms", "ms", 1.2),
        ("5", "ms", 5),
        ("1MiB/s", "KiB/s", 1024),
        ("3", "", 3),
        ("3/s", "1/min", 180),
        ("3/s", "requests/min", 180),
        ("60 ops/min", "ops/s", 1),
        ("1MB/s", "MB/min", 60),
    ],
)
def test_a_figure_is_converted_to_the_unit_of_its_metric(text, unit, number):
    assert convert(text, unit) == pytest.approx(number)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("1,5", "ms"),
        ("5MB", "ms"),
        ("5MB/s", "MB"),
        ("x", ""),
        ("5s", ""),
        ("5/s", "MB/s"),
        ("5MB/s", "1/s"),
        ("5 ops/s", "rows/s"),
        ("5/s", "s"),
    ],
)
def test_a_figure_in_another_kind_of_unit_is_refused(text, unit):
    with pytest.raises(UnitError):
        convert(text, unit)


def test_a_rate_knows_the_time_that_it_is_counted_per():
    assert [rate_period_s(unit) for unit in ("1/s", "frames/min", "s", "", "MB", "a/b")] == [
        1,
        60,
        *[None] * 4,
    ]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1e-5, "0.0 s"), (0.42, "0.4 s"), (3, "3.0 s"), (12, "12 s"), (200, "3 min 20 s"), (7500, "2 h 5 min")],
)
def test_seconds_are_said_as_people_say_them(seconds, words):
    assert show_seconds(seconds) == words


@pytest.mark.parametrize(("count", "words"), [(512, "512 B"), (4300, "4.2 KiB"), (18 * 2**20, "18 MiB")])
def test_bytes_are_said_as_people_say_them(count, words):
    assert show_bytes(count) == words


@given(st.floats(1e-6, 1e6), st.sampled_from(["ns", "us", "ms", "s", "min", "h", "d"]))
def test_converting_there_and_back_changes_nothing(number, unit):
    seconds = convert(f"{number!r}{unit}", "s")
    assert convert(f"{seconds!r}s", unit) == pytest.approx(number)


@given(st.text())
def test_any_text_is_a_number_or_a_unit_error(text):
    with suppress(UnitError):
        assert isinstance(convert(text, "ms"), float)
