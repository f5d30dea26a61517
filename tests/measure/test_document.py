import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autotune.measure import document
from autotune.measure.number import MetricError


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        ("$.ops", '{"ops": 3}', 3),
        ("$.runs[0].ops", '{\n "runs": [{"ops": 3.5}]\n}\n', 3.5),
        ("$.ops", 'starting\n{"ops": 1}\n{"ops": 2}\n\n', 2),
        ("$['a b']", '{"a b": -1e3}', -1000),
    ],
)
def test_number_at_the_path(path: str, text: str, value: float) -> None:
    assert document.find(path, text) == value


@pytest.mark.parametrize(
    ("path", "text", "kind"),
    [
        ("$.ops", "", "metric_missing"),
        ("$.ops", "no json", "metric_missing"),
        ("$.ops", '{"ops": 1}\ndone', "metric_missing"),
        ("$.ops", '{"ops": 1', "metric_missing"),
        ("$.ops", "{}", "metric_missing"),
        ("$.ops", "3", "metric_missing"),
        ("$.ops", '"text"', "metric_missing"),
        ("$", '"3"', "metric_missing"),
        ("$..ops", '{"a": {"ops": 1}, "b": {"ops": 2}}', "bad_metric"),
        ("$.ops", '{"ops": NaN}', "bad_metric"),
        ("$.ops", '{"ops": -Infinity}', "bad_metric"),
        ("$.ops", '{"ops": 1e400}', "bad_metric"),
        ("$.ops", '{"ops": "1,5"}', "bad_metric"),
        ("$.ops", '{"ops": true}', "bad_metric"),
        ("$.ops", '{"ops": null}', "bad_metric"),
        ("$.ops", '{"ops": [1]}', "bad_metric"),
        ("$.ops", '{"ops": ' + "9" * 400 + "}", "bad_metric"),
        ("$.ops", '{"ops": ' + "9" * 5000 + "}", "metric_missing"),
        ("$.ops", "[" * 100_000, "metric_missing"),
        ("$[", "{}", "bad_metric"),
    ],
)
def test_anything_else_is_no_value(path: str, text: str, kind: str) -> None:
    with pytest.raises(MetricError) as caught:
        document.find(path, text)
    assert caught.value.kind == kind


@settings(max_examples=50)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda s: st.lists(s) | st.dictionaries(st.text(), s),
    )
)
def test_any_document_ends_in_a_number_or_a_metric_error(data: object) -> None:
    try:
        number = document.find("$.*", json.dumps(data))
    except MetricError:
        return
    assert number - number == 0


def test_problem_names_the_mistake() -> None:
    assert document.problem("$.a") == ""
    assert "not a JSON path" in document.problem("$[")
