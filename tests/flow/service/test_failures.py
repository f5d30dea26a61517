"""Services that do not start, do not answer, crash, or are in somebody's way."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable
from typing import Any

import pytest

from autotune.core.errors import WorkloadError
from autotune.flow.bench import Bench
from autotune.model.trial import Sample, State

Make = Callable[..., Bench]


def take(bench: Bench, **values: Any) -> Sample:
    return bench.sample({**bench.baseline, **values}, trial=0)


def test_crash_under_the_load_fails_the_configuration_with_the_log(make: Make) -> None:
    bench = make()
    sample = take(bench, path="crash")
    assert sample.state is State.FAILED_CONFIG
    assert sample.reason == "service: it ended with exit code 3 under the load"
    assert "cannot go on" in sample.output


def test_load_that_fails_before_the_service_has_died_names_the_service(make: Make) -> None:
    sample = take(make(), path="dying")
    assert sample.state is State.FAILED_CONFIG
    assert sample.reason == "service: it ended with exit code 3 under the load"


def test_next_sample_after_a_crash_is_good(make: Make) -> None:
    bench = make()
    take(bench, path="crash")
    assert take(bench).state is State.OK


def test_service_that_does_not_start_fails_the_configuration(make: Make) -> None:
    bench = make()
    assert take(bench).state is State.OK
    sample = take(bench, mode="fail")
    assert sample.state is State.FAILED_CONFIG
    assert sample.reason == "service: it ended with exit code 1 when it was started: no such mode"
    assert take(bench).state is State.OK


def test_service_that_never_works_fails_in_time(make: Make) -> None:
    bench = make(("within: 10s", "within: 500ms"))
    sample = take(bench, mode="hang")
    assert sample.state is State.FAILED_CONFIG
    assert "it does not work 0.5 s after its start" in sample.reason


def test_missing_program_is_the_environments_failure(make: Make) -> None:
    bench = make(("start: [/usr/bin/python3,", "start: [no-such-program,"))
    with pytest.raises(WorkloadError, match="no-such-program"):
        take(bench)


def test_program_may_be_the_interpreter_that_runs_autotune(make: Make) -> None:
    bench = make(("start: [/usr/bin/python3,", 'user: self\n  start: ["{python}",'))
    assert take(bench).state is State.OK


def test_service_that_died_between_two_samples_is_started_anew(make: Make, notes: list[str]) -> None:
    bench = make()
    take(bench)
    assert bench.serving
    started = bench.serving._now.started
    assert started
    os.kill(started.pid, signal.SIGKILL)
    assert started.ended(5)
    assert take(bench).state is State.OK
    assert notes == ["the service was ended by SIGKILL between two samples, and is started anew"]


def test_port_that_somebody_took_is_left_to_him(make: Make) -> None:
    bench = make()
    assert bench.serving
    port = bench.serving.around.port
    with socket.create_server(("127.0.0.1", port)):
        assert take(bench).state is State.OK
    assert bench.serving.around.port != port


def test_failed_check_is_the_configurations(make: Make) -> None:
    bench = make(more='check: {command: ["false"]}\n')
    sample = take(bench)
    assert sample.state is State.FAILED_CONFIG
    assert sample.reason.startswith("check:")


def test_failing_warm_up_is_told(make: Make) -> None:
    bench = make(("warmup: 0s", "warmup: 1s"))
    sample = take(bench, path="crash")
    assert sample.state is State.FAILED_CONFIG
    assert sample.reason.startswith("warm-up:")


def test_server_of_somebody_else_is_never_measured(make: Make) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        place = f"127.0.0.1:{other.getsockname()[1]}"
        bench = make(('tcp: "127.0.0.1:{port}"', f'tcp: "{place}"'))
        with pytest.raises(WorkloadError, match=f"somebody else answers at {place} already"):
            take(bench)


def test_service_that_goes_into_the_background_is_told_to_stay(make: Make) -> None:
    bench = make(
        ("[/usr/bin/python3, -I, -S, server.py,", '[sh, -c, "/usr/bin/python3 server.py $0 $1 & true",')
    )
    sample = take(bench)
    assert sample.state is State.FAILED_CONFIG
    assert sample.reason.endswith(
        "ended with exit code 0 when it was started. It has to stay in the foreground"
    )


def test_secrets_of_a_failed_preparation_are_hidden(make: Make) -> None:
    bench = make(more='prepare: {command: [sh, -c, "echo password=hunter22 >&2; exit 4"]}\n')
    with pytest.raises(WorkloadError) as caught:
        take(bench)
    assert "hunter22" not in str(caught.value)
    assert "password=[hidden]" in str(caught.value)


def test_service_that_does_nothing_under_the_load_is_doubted(make: Make) -> None:
    bench = make(
        (
            '[/usr/bin/python3, -I, -S, server.py, "{port}", "{mode}"]',
            '[sleep, "60"]\n  user: "{mode}"'.replace("{mode}", "self"),
        ),
        ('{tcp: "127.0.0.1:{port}", within: 10s}', '{command: ["true"]}'),
        (
            '"{python}", -I, -S, load.py, "{port}", "{path}"',
            'sh, -c, "sleep 0.6; echo value=1 {mode} {path}"',
        ),
    )
    sample = take(bench)
    assert sample.state is State.OK, sample.reason
    assert "the service used no CPU time under the load. Does the load reach it?" in sample.warnings


def test_service_whose_load_was_ended_is_not_left_at_work_on_it(make: Make) -> None:
    bench = make()
    take(bench)
    assert bench.serving
    before = bench.serving._now.started
    sample = bench.sample({**bench.baseline, "path": "stall"}, trial=0, abort_s=0.5)
    assert sample.state is State.ABORTED
    assert take(bench).state is State.OK
    assert bench.serving._now.started is not before
