"""A small real service, and a bench that measures loads on it."""

from __future__ import annotations

import tempfile
import textwrap
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from autotune.core.registry import load as registered
from autotune.flow.bench import Bench
from autotune.flow.host import Host
from autotune.measure.launcher import Launcher
from autotune.measure.serving.serving import serving
from autotune.study.load import load_workload

FACTS = {"host.cpus": 2, "host.memory_mib": 4096}

SERVER = """
import os, signal, socket, sys, time

def read(*_):
    global told
    told = open("service.conf").read().split() if os.path.exists("service.conf") else []
    print("read", *told, flush=True)

def end(*_):
    print("ended in order", flush=True)
    sys.exit(0)

print("started", *sys.argv[2:], os.getuid(), flush=True)
signal.signal(signal.SIGHUP, read)
signal.signal(signal.SIGTERM, end)
read()
if "fail" in sys.argv:
    sys.exit("no such mode")
if "hang" in sys.argv:
    time.sleep(60)
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print("listening", flush=True)
while True:
    connection, _ = server.accept()
    asked = connection.recv(1000)
    if b"/crash" in asked:
        print("cannot go on", flush=True)
        os._exit(3)
    if b"/dying" in asked:
        connection.close()
        time.sleep(0.2)
        os._exit(3)
    if b"/burn" in asked:
        until = time.process_time() + 0.3
        while time.process_time() < until:
            pass
    if b"/keep" in asked:
        open("kept", "a").write("x")
    answer = " ".join([*sys.argv[2:], *told, os.path.exists("kept") and open("kept").read() or "-"])
    if b"/stall" in asked:
        time.sleep(60)
    connection.sendall(b"HTTP/1.0 200 OK\\r\\n\\r\\n" + answer.encode())
    connection.close()
"""
LOAD = """
import socket, sys
connection = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=10)
connection.sendall(b"GET /%s HTTP/1.0\\r\\n\\r\\n" % sys.argv[2].encode())
answer = b""
while part := connection.recv(1000):
    answer += part
print(answer.decode().split("\\r\\n\\r\\n")[1], "value=1")
"""

PLAIN = """
workload: small
driver: service
files: {server.py: server.py}
service:
  start: [/usr/bin/python3, -I, -S, server.py, "{port}", "{mode}"]
  reload: HUP
  ready: {tcp: "127.0.0.1:{port}", within: 10s}
load: {command: ["{python}", -I, -S, load.py, "{port}", "{path}"], duration: 1s, warmup: 0s}
metrics: {value: {regex: 'value=(\\S+)'}}
parameters:
  mode:  {choice: [good, better, fail, hang], default: good}
  path:  {choice: [plain, keep, burn, crash, dying, stall], default: plain, scope: runtime}
  level:
    int: [1, 9]
    default: 5
    scope: reload
    apply: {file: "{data}/service.conf", key: level, format: words}
"""


@pytest.fixture
def places() -> Iterator[Path]:
    """Where folders of services are made: not below pytest's own, which other users cannot pass through."""
    with tempfile.TemporaryDirectory(prefix="test-services-", dir="/var/tmp") as made:
        Path(made).chmod(0o755)
        yield Path(made)


@pytest.fixture
def folder(tmp_path: Path, places: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The workload's folder with the programs."""
    monkeypatch.setenv("TMPDIR", str(places))
    (tmp_path / "server.py").write_text(SERVER)
    (tmp_path / "load.py").write_text(LOAD)
    return tmp_path


@pytest.fixture
def notes() -> list[str]:
    """What the bench had to tell."""
    return []


@pytest.fixture
def make(folder: Path, notes: list[str]) -> Iterator[Callable[..., Bench]]:
    """A bench of the plain workload, changed by replacing text in it; closed in the end."""
    with ExitStack() as stack:

        def made(*changes: tuple[str, str], more: str = "") -> Bench:
            text = textwrap.dedent(PLAIN) + textwrap.dedent(more)
            for old, new in changes:
                assert old in text
                text = text.replace(old, new)
            path = folder / "small.yaml"
            path.write_text(text)
            workload = load_workload(path, facts=FACTS)
            launcher = stack.enter_context(Launcher())
            bench = Bench(
                workload=workload,
                baseline=workload.space.defaults(),
                launcher=launcher,
                driver=registered("drivers", workload.driver)(),
                host=Host(notes.append),
                scratch=folder / "scratch",
                seed=1,
                secrets=frozenset(),
                note=notes.append,
                serving=serving(workload, launcher, notes.append),
                pause=lambda _: None,
            )
            stack.callback(bench.close)
            return bench

        yield made
