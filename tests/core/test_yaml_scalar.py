from __future__ import annotations

import pytest

from autotune.core.yaml_scalar import resolved

GOLDEN = [
    ("", None), ("~", None), ("null", None), ("NULL", None), ("nULL", "nULL"),
    ("true", True), ("True", True), ("FALSE", False), ("tRue", "tRue"),
    ("yes", "yes"), ("no", "no"), ("on", "on"), ("off", "off"), ("y", "y"), ("N", "N"),
    ("0", 0), ("-0", 0), ("+7", 7), ("010", 10), ("-08", -8), ("0o17", 15), ("0o8", "0o8"), ("0x1F", 31),
    ("0b11", "0b11"), ("1_000", "1_000"), ("1:30", "1:30"), ("190:20:30", "190:20:30"),
    ("9223372036854775807", 2**63 - 1), ("-9223372036854775808", -(2**63)),
    ("1.5", 1.5), ("1.", 1.0), (".5", 0.5), ("1.10", 1.1), ("1e3", 1000.0), ("1E-9", 1e-9), ("-.5e+2", -50.0),
    ("1e", "1e"), (".", "."), ("-", "-"), ("1.2.3", "1.2.3"), ("1,5", "1,5"), ("٣", "٣"),
    ("2026-01-02", "2026-01-02"), ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"), ("=", "="),
    ("nan", "nan"), ("inf", "inf"), ("20s", "20s"), ("2%", "2%"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), GOLDEN)
def test_a_plain_scalar_means_what_yaml_1_2_says(text, value):
    found = resolved(text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("text", [".nan", ".NaN", ".inf", "-.INF", "+.Inf", "1e999", "-1e400"])
def test_a_number_that_is_not_finite_is_refused(text):
    with pytest.raises(ValueError, match="not a finite number"):
        resolved(text)


@pytest.mark.parametrize(
    "text",
    ["9223372036854775808", "-9223372036854775809", "0x8000000000000000", "1" * 4000, "0x" + "f" * 9000],
)
def test_an_integer_beyond_64_bit_is_refused(text):
    with pytest.raises(ValueError, match="64 bit") as caught:
        resolved(text)
    assert len(str(caught.value)) < 120


def test_leading_zeros_do_not_make_a_number_too_long():
    assert resolved("0" * 100 + "12") == 12
