import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotune.measure import pattern
from autotune.measure.number import MetricError


@pytest.mark.parametrize(
    ("expression", "text", "unit", "value"),
    [
        (r"tps = ([\d.]+)", "tps = 1\nnoise\ntps = 2.5\n", "", 2.5),
        (r"Latency\s+(\S+)", "Latency   870us", "ms", 0.87),
        (r"(?:p95|P95): (?<value>\S+) (\w+)", "P95: 12 ms", "ms", 12),
        (r"\d+", "a 1 b 22", "", 22),
        (r"^ops (\d+)$", "x\nops 3\ny", "", 3),
        (r"^(\d+),", "100,5,7", "", 100),
        (r"took (\d+)", "took 12.", "s", 12),
        (r"took (\d+)", "took 12, then more", "s", 12),
        (r"\x00(\d+)", "\x1b[31m\x007\ufffd", "", 7),
    ],
)
def test_last_match_counts(expression: str, text: str, unit: str, value: float) -> None:
    assert pattern.find(expression, text, unit) == pytest.approx(value)


@pytest.mark.parametrize(
    ("expression", "text", "kind"),
    [
        (r"tps = ([\d.]+)", "", "metric_missing"),
        (r"tps = ([\d.]+)?", "tps = x", "metric_missing"),
        (r"tps = (\S+)", "tps = nan", "bad_metric"),
        (r"tps = (\S+)", "tps = 1e400", "bad_metric"),
        (r"tps = (\S+)", "tps = 1,5", "bad_metric"),
        (r"tps = ([\d.]+)", "tps = 1,5", "bad_metric"),
        (r"tps = (\d+)", "tps = 1.5", "bad_metric"),
        (r"tps = ([\d.]+)", "tps = 1.5e400", "bad_metric"),
        (r"tps = (\d)", "tps = 15", "bad_metric"),
        (r"tps = ([\d.]+)", "tps = 1.2.3", "bad_metric"),
        (r"tps = (", "tps = 1", "bad_metric"),
    ],
)
def test_anything_else_is_no_value(expression: str, text: str, kind: str) -> None:
    with pytest.raises(MetricError) as caught:
        pattern.find(expression, text, "")
    assert caught.value.kind == kind


@pytest.mark.parametrize(
    ("expression", "text", "unit", "group"),
    [
        (r"lat: ([0-9.]+)", "lat: 870us", "ms", r"(\S+) does"),
        (r"lat: ([0-9.]+)us", "lat: 870us", "ms", r"(\S+) does"),
        (r"lat: ([0-9.]+)", "lat: 870 us (p95)", "ms", r"(\S+ \S+) does"),
        (r"[0-9.]+", "lat: 1.MiB", "MB", r"(\S+) does"),
        (r"(\d+)", "300 ops/min", "ops/s", r"(\S+ \S+) does"),
    ],
)
def test_a_number_without_the_other_unit_that_follows_it_is_refused(
    expression: str, text: str, unit: str, group: str
) -> None:
    with pytest.raises(MetricError, match="without its unit, and the metric is in") as caught:
        pattern.find(expression, text, unit)
    assert caught.value.kind == "bad_metric"
    assert group in caught.value.sentence


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("lat: 870ms", "ms"),
        ("lat: 870 ms", "ms"),
        ("lat: 870us", ""),
        ("lat: 870us", "ticks"),
        ("lat: 870 min", "m"),
        ("lat: 870 sum", "ms"),
        ("lat: 870 s3", "ms"),
        ("lat: 870\nms", "s"),
        ("lat: 870 MB", "ms"),
        ("lat: 870/s", "requests/s"),
    ],
)
def test_a_number_before_its_own_unit_or_some_other_word_counts(text: str, unit: str) -> None:
    assert pattern.find(r"lat: ([0-9.]+)", text, unit) == 870


def test_pattern_that_explodes_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pattern, "_TIMEOUT_S", 0.1)
    with pytest.raises(MetricError, match="took longer than"):
        pattern.find(r"^(a|aa|a?a)+(\d)$(?<!x)", "a" * 5000 + "!", "")


def test_only_the_beginning_of_a_long_line_is_searched() -> None:
    assert pattern.find(r"(\d)", "1" + " " * 20_000 + "2", "") == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "a\n" + "." * 20_000 + " ops 7",
            "; line 2 was cut at 16 KiB: print the number on a line of its own",
        ),
        (("." * 20_000 + " ops 7\n") * 3, "; line 1 and 2 more was cut at 16 KiB"),
        ("." * 10_000, ""),
    ],
)
def test_a_number_beyond_the_beginning_of_a_long_line_is_told(text: str, told: str) -> None:
    with pytest.raises(MetricError) as caught:
        pattern.find(r"ops (\d+)", text, "")
    assert caught.value.sentence.startswith(f"nothing matches 'ops (\\d+)'{told}")
    assert ("16 KiB" in caught.value.sentence) == bool(told)


def test_a_number_that_the_cut_goes_through_is_refused() -> None:
    line = "." * (16 * 1024 - 2) + "12345"
    with pytest.raises(MetricError, match="matches up to where the number may go on; line 2 was cut"):
        pattern.find(r"\d+", f"3\n{line}", "")
    assert pattern.find(r"\d+", f"3\n{line[:-3]}\n", "") == 12


@given(st.text())
def test_any_output_ends_in_a_number_or_a_metric_error(text: str) -> None:
    try:
        number = pattern.find(r"(\S+)", text, "ms")
    except MetricError:
        return
    assert number - number == 0


def test_problem_names_the_mistake() -> None:
    assert pattern.problem(r"(\d+)") == ""
    assert "not a regular expression" in pattern.problem("(")
