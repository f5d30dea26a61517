from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autotune.measure.metrics import Sources, extract
from autotune.measure.number import MetricError
from autotune.measure.outcome import Outcome, Used
from autotune.measure.resources import resources
from autotune.measure.texts import returned
from autotune.model.workload import Metric, Workload

MakeWorkload = Callable[..., Workload]


def sources(folder: Path, **changes: Any) -> Sources:
    """Sources with plain values, but for the changes."""
    folder.joinpath("data").mkdir(exist_ok=True)
    used = Used(cpu_user_s=0.5, read_bytes=4096, written_bytes=None)
    plain: dict[str, Any] = {
        "stdout": "ops=5\n",
        "folder": folder,
        "fields": {"out": str(folder), "data": str(folder / "data")},
        "wall_s": 1.25,
        "exit_code": 3,
        "resources": resources(Outcome(used=used)),
        "returned": {"ops": 7, "n": 3},
    }
    return Sources(**{**plain, **changes})


@pytest.mark.parametrize(
    ("metric", "value"),
    [
        (Metric(name="ops", source="regex", where=r"ops=(\d+)"), 5),
        (Metric(name="wall", source="wall"), 1.25),
        (Metric(name="wall", source="wall", unit="ms"), 1250),
        (Metric(name="cpu", source="resource", where="cpu_s"), 0.5),
        (Metric(name="cpu", source="resource", where="cpu_s", unit="ms"), 500),
        (Metric(name="read_bytes", source="resource", unit="KiB"), 4),
        (Metric(name="code", source="exit"), 3),
        (Metric(name="ops", source="returned"), 7),
        (Metric(name="other", source="returned", where="ops"), 7),
    ],
)
def test_each_source_gives_its_number(
    tmp_path: Path, workload: MakeWorkload, metric: Metric, value: float
) -> None:
    found = extract(workload(metrics=(metric,)), sources(tmp_path))
    assert found.metrics == {metric.name: pytest.approx(value)}
    assert (found.counts, found.distributions) == ({}, {})


@pytest.mark.parametrize("file", ["result.json", "{out}/result.json"])
def test_file_in_the_samples_folder_is_read(tmp_path: Path, workload: MakeWorkload, file: str) -> None:
    (tmp_path / "result.json").write_text('{"p95": 4.5, "n": 120}')
    metric = Metric(name="p95", source="json", where="$.p95", count="$.n", file=file)
    found = extract(workload(metrics=(metric,)), sources(tmp_path))
    assert (found.metrics, found.counts) == ({"p95": 4.5}, {"p95": 120})


def test_counts_come_from_each_kind_of_source(tmp_path: Path, workload: MakeWorkload) -> None:
    metrics = (
        Metric(name="ops", source="regex", where=r"ops=(\d+)", count=r"ops=(\d+)"),
        Metric(name="got", source="returned", where="ops", count="n"),
    )
    assert extract(workload(metrics=metrics), sources(tmp_path)).counts == {"ops": 5, "got": 3}


@pytest.mark.parametrize(
    ("metric", "message"),
    [
        (Metric(name="x", source="regex", where=r"no=(\d)"), "metric_missing: metric 'x': nothing matches"),
        (
            Metric(name="x", source="json", where="$.x"),
            "metric_missing: metric 'x': neither the whole output",
        ),
        (Metric(name="x", source="json", where="$.x", file="none.json"), "file none.json was not written"),
        (Metric(name="x", source="json", where="$.x", file="data"), "no regular file"),
        (Metric(name="x", source="json", where="$.x", file="../old.json"), "not in the sample's own folder"),
        (Metric(name="x", source="json", where="$.x", file="link"), "not in the sample's own folder"),
        (Metric(name="x", source="json", where="$.x", file="big"), "larger than 16 MiB"),
        (Metric(name="x", source="returned"), "metric_missing: metric 'x': 'x' was not returned, but ops, n"),
        (Metric(name="x", source="returned", where="ops", count="half"), "its count is 0.5"),
        (Metric(name="x", source="wall", count="n"), "has no count"),
        (Metric(name="x", source="resource", where="cpu"), "there is no resource 'cpu'. Known: wall_s"),
        (Metric(name="x", source="resource", where="written_bytes"), "cannot be measured here"),
        (Metric(name="x", source="resource", where="cpu_s", unit="MiB"), "bad_metric: metric 'x'"),
    ],
)
def test_metric_without_a_value_is_told_by_name(
    tmp_path: Path, workload: MakeWorkload, metric: Metric, message: str
) -> None:
    folder = tmp_path / "sample"
    folder.mkdir()
    (tmp_path / "old.json").write_text('{"x": 1}')
    (folder / "link").symlink_to(tmp_path / "old.json")
    with (folder / "big").open("wb") as big:
        big.truncate((16 << 20) + 1)
    with pytest.raises(MetricError) as caught:
        extract(
            workload(metrics=(metric,)),
            sources(folder, returned={"ops": 1, "n": 2, "half": 0.5} if metric.count else {"ops": 7, "n": 3}),
        )
    assert message in str(caught.value)


def test_output_that_was_cut_is_named_as_the_likely_reason(tmp_path: Path, workload: MakeWorkload) -> None:
    metric = Metric(name="x", source="regex", where="nothing")
    with pytest.raises(MetricError, match="the middle was not kept: write results to a file"):
        extract(workload(metrics=(metric,)), sources(tmp_path, cut=True))


@pytest.mark.parametrize("text", [None, "", "[1]", "{", "3", "[" * 100_000])
def test_returned_file_that_is_no_mapping_holds_nothing(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "returned.json").write_text(text)
    assert returned(tmp_path / "returned.json") == {}
