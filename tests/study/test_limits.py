from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotune.study.limits import limit, until

UNITS = {"p95_ms": "ms", "tps": "1/s"}


@pytest.mark.parametrize(
    ("text", "bound", "kind"),
    [
        ("p95_ms <= baseline", 1, "relative"),
        ("p95_ms <= baseline * 1.1", 1.1, "relative"),
        ("p95_ms<=105%*baseline", 1.05, "relative"),
        ("p95_ms <= 20", 20, "absolute"),
        ("p95_ms <= 870us", 0.87, "absolute"),
        ("tps >= -1e3", -1000, "absolute"),
    ],
)
def test_a_limit_is_a_bound_in_the_unit_of_its_metric(text, bound, kind):
    found = limit(text, UNITS)
    assert (found.bound, found.kind, found.text) == (pytest.approx(bound), kind, text)


@given(st.text() | st.from_regex(r"p95_ms (<=|>=|==) \S+( \* \S+)?", fullmatch=True))
def test_any_text_is_a_limit_or_a_sentence(text):
    try:
        assert limit(text, UNITS).metric in {*UNITS, "failures"}
    except ValueError as error:
        assert len(str(error)) > 20  # noqa: PT017  either outcome is right


def test_a_precision_is_a_share():
    assert until("ci95 <= 3%") == pytest.approx(0.03)
    for text in ("ci95 <= 0%", "ci95 <= 3", "ci90 <= 3%", "ci95 < 3%", "ci95 <= 200%"):
        with pytest.raises(ValueError, match="expected a precision"):
            until(text)
