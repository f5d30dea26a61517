from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotune.model.trial import Series
from autotune.store.block import packed, unpacked


def test_nothing_takes_no_room() -> None:
    assert packed(Series()) is None
    assert unpacked(None) == Series()


def test_a_column_of_missing_readings_survives() -> None:
    series = unpacked(packed(Series(seconds=(0.0, 1.0), columns={"rss": (math.nan, 2.0)})))

    assert math.isnan(series.columns["rss"][0])
    assert series.columns["rss"][1] == 2.0


def test_columns_without_rows_survive() -> None:
    series = Series(seconds=(), columns={"rss": ()})

    assert unpacked(packed(series)) == series


def test_a_column_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="needs 2 values"):
        packed(Series(seconds=(0.0, 1.0), columns={"rss": (1.0,)}))


def test_regular_readings_are_compressed() -> None:
    rows = 1000
    seconds = tuple(n / 10 for n in range(rows))
    block = packed(Series(seconds=seconds, columns={"rss": (4096.0,) * rows, "cpu": (0.5,) * rows}))

    assert block is not None
    assert len(block) < 8 * rows


@given(st.data())
def test_a_damaged_block_is_an_error_or_a_series(data: st.DataObject) -> None:
    block = packed(Series(seconds=(0.0, 0.1), columns={"rss": (1.0, 2.0)})) or b""
    cut = data.draw(st.integers(0, len(block) - 1))
    flip = data.draw(st.integers(1, 255))

    with pytest.raises(ValueError, match="damaged"):
        unpacked(block[:cut])
    changed = block[:cut] + bytes([block[cut] ^ flip]) + block[cut + 1 :]
    try:
        unpacked(changed)
    except ValueError as error:
        assert "damaged" in str(error)  # noqa: PT017  a flip in a header bit that means nothing is allowed
