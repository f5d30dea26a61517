"""What a change of a parameter does to the service: restart, reload, nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autotune.flow.bench import Bench
from autotune.model.trial import Sample, State

Make = Callable[..., Bench]


def take(bench: Bench, **values: Any) -> Sample:
    sample = bench.sample({**bench.baseline, **values}, trial=0)
    assert sample.state is State.OK, (sample.reason, sample.output)
    return sample


def log(bench: Bench) -> list[str]:
    assert bench.serving
    return bench.serving.around.place.log.read_text().splitlines()


def count(bench: Bench, word: str) -> int:
    return sum(line.startswith(word) for line in log(bench))


def test_service_is_started_once_for_samples_of_one_configuration(make: Make) -> None:
    bench = make()
    for _ in range(3):
        take(bench)
    assert count(bench, "started") == 1


def test_restart_scope_starts_it_anew_and_in_order(make: Make) -> None:
    bench = make()
    take(bench)
    assert "better 5 -" in take(bench, mode="better").output.replace("level ", "")
    assert count(bench, "started") == 2
    assert count(bench, "ended in order") == 1


def test_reload_scope_reloads_and_does_not_restart(make: Make) -> None:
    bench = make()
    take(bench)
    assert "level 7" in take(bench, level=7).output
    assert count(bench, "started") == 1
    assert count(bench, "read level") == 2


def test_reload_scope_restarts_where_nothing_else_makes_it_read(make: Make) -> None:
    bench = make(("  reload: HUP\n", ""))
    take(bench)
    assert "level 7" in take(bench, level=7).output
    assert count(bench, "started") == 2


def test_runtime_scope_leaves_the_service_alone(make: Make) -> None:
    bench = make()
    take(bench)
    take(bench, path="keep")
    assert count(bench, "started") == 1
    assert count(bench, "read") == 1


def test_reload_may_be_a_command(make: Make) -> None:
    bench = make(("reload: HUP", 'reload: [pkill, -HUP, -f, "server.py {port}"]'))
    take(bench)
    assert "level 9" in take(bench, level=9).output


def test_seconds_for_restarts_are_told_apart(make: Make) -> None:
    bench = make()
    first, second = take(bench), take(bench)
    seconds = [next(r.value for r in s.resources if r.name == "service_restart_s") for s in (first, second)]
    assert seconds[0]
    assert seconds[1] is not None
    assert seconds[0] > seconds[1]


def test_templates_see_port_and_data(make: Make, folder: Any) -> None:
    (folder / "own.conf").write_text("{{ port }} {{ data }} {{ mode }}\n")
    bench = make(("files: {", "files: {own.conf: own.conf, "))
    take(bench)
    assert bench.serving
    place = bench.serving.around.place
    assert (place.data / "own.conf").read_text() == f"{bench.serving.around.port} {place.data} good\n"
