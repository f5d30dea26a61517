"""Where the load comes from: a command, requests of our own, another machine."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autotune.core.errors import WorkloadError
from autotune.flow.bench import Bench
from autotune.measure.serving.port import free_port
from autotune.model.trial import Sample, State

Make = Callable[..., Bench]


def good(bench: Bench) -> Sample:
    sample = bench.sample(bench.baseline, trial=0)
    assert sample.state is State.OK, (sample.reason, sample.output)
    return sample


def test_warm_up_runs_the_load_before_it_is_measured(make: Make) -> None:
    bench = make(("warmup: 0s", "warmup: 2s"), ("default: plain", "default: keep"))
    assert " xx value" in good(bench).output


def test_requests_of_our_own_reach_a_service_that_the_study_starts(make: Make) -> None:
    bench = make(
        ("driver: service", "driver: http"),
        (
            '{command: ["{python}", -I, -S, load.py, "{port}", "{path}"], duration: 1s, warmup: 0s}',
            '{url: "http://127.0.0.1:{port}/{path}", rate: 50/s, duration: 500ms, warmup: 200ms}',
        ),
        (
            "metrics: {value: {regex: 'value=(\\S+)'}}",
            "metrics: {latency_s: {percentile: 50, unit: ms}, error_share: {}}",
        ),
    )
    sample = good(bench)
    assert sample.metrics["error_share"] == 0
    assert sample.metrics["latency_s"] > 0


@pytest.fixture
def sshd(tmp_path: Path, wait_until: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A real ssh server on loopback with keys of its own, and the real client that knows them."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    for name in ("host", "user"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", home / name], check=True)
    port = free_port()
    client = home / "config"
    client.write_text(
        f"IdentityFile {home / 'user'}\nUserKnownHostsFile {home / 'known'}\nStrictHostKeyChecking no\n"
    )
    wrapper = home / "bin" / "ssh"
    wrapper.parent.mkdir()
    wrapper.write_text(f'#!/bin/sh\nexec /usr/bin/ssh -F {client} "$@"\n')
    wrapper.chmod(0o755)
    monkeypatch.setenv("PATH", f"{wrapper.parent}:{os.environ['PATH']}")
    server = Path(__file__).with_name("ssh_server.py")
    argv = [sys.executable, server, str(port), home / "host", home / "user.pub"]
    with subprocess.Popen(argv, stderr=subprocess.DEVNULL) as process:
        probe = ["ssh", "-p", str(port), "127.0.0.1", "true"]
        wait_until(lambda: subprocess.run(probe, check=False, capture_output=True).returncode == 0)
        yield f"ssh://127.0.0.1:{port}"
        process.terminate()


@pytest.mark.needs("ssh-keygen")
def test_load_runs_on_another_machine_word_for_word(make: Make, sshd: str, folder: Path) -> None:
    bench = make(
        ("warmup: 0s}", f"warmup: 0s, on: '{sshd}'}}"),
        ("load.py,", f"{folder / 'load.py'},"),
        ('"{path}"]', '"{path}", "two words; $HOME"]'),
    )
    assert "good level 5 - value=1" in good(bench).output


@pytest.mark.needs("ssh-keygen")
def test_machine_that_cannot_be_reached_says_so(make: Make) -> None:
    bench = make(("warmup: 0s}", "warmup: 0s, on: 'ssh://127.0.0.1:1'}"))
    with pytest.raises(WorkloadError, match="Connection refused"):
        bench.sample(bench.baseline, trial=0)
