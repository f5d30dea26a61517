"""What the tests of the actuators share."""

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from autotune.actuate.sysctl import Sysctl
from autotune.model.space import Apply, Parameter, Space
from autotune.model.target import Target
from autotune.model.workload import Workload

HARNESS = """
import sys
from pathlib import Path
from autotune.actuate.session import opened
from autotune.actuate.sysctl import Sysctl
from autotune.model.space import Apply
from autotune.model.target import Target

def target(path):
    if path.startswith("/proc/sys/"):
        name = path.removeprefix("/proc/sys/").replace("/", ".")
        return Sysctl().target(Apply(actuator="sysctl", options={"name": name}), Path())
    return Target(key=path, means="kernel", address={"path": path})

def say(text):
    print(text, flush=True)

state, *pairs = sys.argv[1:]
pairs = [pair.split("=") for pair in pairs]
wanted = [(target(path), text) for path, text in pairs]
with opened(Path(state), kind="trial", note=say) as session:
    session.bring(wanted)
    say(session.guardian_pid)
    sys.stdin.read()
say("restored")
"""


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """The folder of the journal."""
    return tmp_path / "state"


@pytest.fixture
def value(tmp_path: Path) -> Callable[..., Target]:
    """The target of a value as the kernel shows it: a file of this name, made with `text` where given."""

    def make(name: str, text: str | None = None) -> Target:
        path = tmp_path / name
        if text is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{text}\n")
        return Target(key=name, means="kernel", address={"path": str(path)})

    return make


@pytest.fixture
def held() -> Callable[[Target], str]:
    """What the place of a target holds, read without autotune."""
    return lambda target: " ".join(Path(str(target.address["path"])).read_text().split())


@pytest.fixture
def sysctl() -> Iterator[Callable[[str], Target]]:
    """A real sysctl as a target; it has its value again afterwards, also where the test fails."""
    before: dict[Path, str] = {}

    def target(name: str) -> Target:
        made = Sysctl().target(Apply(actuator="sysctl", options={"name": name}), Path())
        for place in (made, *made.also):
            path = Path(str(place.address["path"]))
            before.setdefault(path, path.read_text())
        return made

    yield target
    for path, text in before.items():
        if path.read_text() != text and text.strip() != "0":  # of two coupled ones the other sets it to 0
            path.write_text(text)


@pytest.fixture
def harness() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts a process that holds values changed until its standard input ends."""
    started: list[subprocess.Popen[str]] = []

    def start(state: Path, wanted: list[tuple[Target, str]]) -> subprocess.Popen[str]:
        pairs = [f"{target.address['path']}={text}" for target, text in wanted]
        process = subprocess.Popen(
            (sys.executable, "-c", HARNESS, str(state), *pairs),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(Path(sys.modules["autotune"].__path__[0]).parent)},
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def parameter() -> Callable[..., Parameter]:
    """A parameter of the given name and actuator."""

    def make(name: str = "jobs", actuator: str = "argv", **changes: Any) -> Parameter:
        options = changes.pop("options", {})
        plain = Parameter(
            name=name,
            kind="choice",
            default="a",
            values=("a", "b"),
            apply=Apply(actuator=actuator, options=options),
        )
        return replace(plain, **changes)

    return make


@pytest.fixture
def workload(tmp_path: Path) -> Callable[..., Workload]:
    """A workload of the given parameters."""

    def make(*parameters: Parameter, **changes: Any) -> Workload:
        plain = Workload(
            name="w",
            driver="command",
            folder=tmp_path,
            command=("bench", "-j{jobs}"),
            metrics=(),
            space=Space(parameters=parameters),
        )
        return replace(plain, **changes)

    return make


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Waits until somebody answers there, or the process is gone."""
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    pytest.fail(f"{process.args} ended with {process.returncode}")


@pytest.fixture(scope="module")  # no longer: other tests end all that this process has started
def redis_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The port of a Redis server of our own."""
    port, folder = free_port(), tmp_path_factory.mktemp("redis")
    argv = ("redis-server", "--port", str(port), "--save", "", "--bind", "127.0.0.1", "--dir", str(folder))
    with subprocess.Popen(argv, stdout=subprocess.DEVNULL) as process:
        wait_for(port, process)
        yield str(port)
        process.terminate()


@pytest.fixture(scope="module")
def postgres_dsn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """How psql reaches a PostgreSQL server of our own, as the user that may do all."""
    binaries = max(Path("/usr/lib/postgresql").glob("*/bin"))
    port = free_port()
    folder = Path(f"/tmp/autotune-postgres-{port}")
    user = ("runuser", "-u", "postgres", "--") if os.geteuid() == 0 else ()
    folder.mkdir(mode=0o700)
    if user:
        shutil.chown(folder, "postgres", "postgres")
    try:
        make = (binaries / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "-N")
        subprocess.run((*user, *make), check=True, stdout=subprocess.DEVNULL, cwd="/")
        options = ("-p", str(port), "-k", folder, "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off")
        small = ("-c", "max_connections=10", "-c", "shared_buffers=1MB")
        log = tmp_path_factory.mktemp("postgres") / "log"
        with log.open("wb") as said:
            server = subprocess.Popen(
                (*user, binaries / "postgres", "-D", folder / "data", *options, *small), stderr=said, cwd="/"
            )
        with server:
            wait_for(port, server)
            dsn = f"host=127.0.0.1 port={port} user=postgres dbname=postgres"
            while subprocess.run((binaries / "pg_isready", "-q", "-d", dsn), check=False).returncode == 1:
                time.sleep(0.02)  # it answers, and says that it is still starting
            yield dsn
            subprocess.run((*user, "kill", "-INT", _postmaster(folder)), check=False)
            server.wait(timeout=60)
    finally:
        shutil.rmtree(folder)


def _postmaster(folder: Path) -> str:
    return (folder / "data" / "postmaster.pid").read_text().splitlines()[0]


class MariaDb:
    """A MariaDB server of our own, which only its socket leads to."""

    def __init__(self, folder: Path) -> None:
        self._data, self.socket = folder / "data", str(folder / "socket")
        self._log = folder / "log"
        # A server that starts removes the temporary tables of every other one in the same folder.
        (folder / "tmp").mkdir()
        self._tmp = f"--tmpdir={folder / 'tmp'}"
        self._user = ("--user=root",) if os.geteuid() == 0 else ()
        make = (
            "mariadb-install-db",
            "--no-defaults",
            f"--datadir={self._data}",
            "--skip-test-db",
            self._tmp,
            *self._user,
        )
        quiet = ("--auth-root-authentication-method=normal", "--skip-name-resolve")
        subprocess.run((*make, *quiet), check=True, stdout=subprocess.DEVNULL)

    def start(self) -> None:
        """Starts it and waits until it answers."""
        tool = shutil.which("mariadbd", path=f"{os.defpath}:/usr/sbin")
        where = (
            f"--datadir={self._data}",
            f"--socket={self.socket}",
            "--skip-networking",
            self._tmp,
            *self._user,
        )
        small = ("--innodb-buffer-pool-size=8M", "--innodb-log-file-size=4M", "--innodb-flush-method=fsync")
        with self._log.open("ab") as log:
            self._process = subprocess.Popen((str(tool), "--no-defaults", *where, *small), stderr=log)
        while subprocess.run(self._client("SELECT 1"), check=False, capture_output=True).returncode:
            if self._process.poll() is not None:
                pytest.fail(self._log.read_text())
            time.sleep(0.05)

    def stop(self) -> None:
        """Stops it, by its process."""
        self._process.terminate()
        self._process.wait(timeout=60)

    def ask(self, sql: str) -> str:
        """What the server says, asked without autotune."""
        return subprocess.run(self._client(sql), check=True, text=True, capture_output=True).stdout.strip()

    def _client(self, sql: str) -> tuple[str, ...]:
        return ("mariadb", "--no-defaults", "--user=root", f"--socket={self.socket}", "-BNre", sql)


@pytest.fixture(scope="module")
def mariadb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MariaDb]:
    """A MariaDB server of our own, whose root needs no password."""
    server = MariaDb(tmp_path_factory.mktemp("mariadb"))
    server.start()
    yield server
    server.stop()


class _Values(BaseHTTPRequestHandler):
    """Keeps what is sent to a path; some paths have ways of their own."""

    kept: dict[str, bytes]

    def do_GET(self) -> None:
        own = {
            "/redirect": (302, b""),
            "/large": (200, b"x" * 100_000),
            "/token": (200, self.headers.get("Authorization", "").encode()),
        }
        found = self.kept.get(self.path)
        self._answer(*own.get(self.path, (200, b" " + found + b"\n") if found is not None else (404, b"")))

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/refuse":
            self._answer(400, b"too many")
        else:
            self.kept[self.path] = body
            self._answer(204, b"")

    def do_DELETE(self) -> None:
        self.kept.pop(self.path, None)
        self._answer(204, b"")

    def _answer(self, code: int, body: bytes) -> None:
        self.send_response(code)
        if code == 302:
            self.send_header("Location", "http://192.0.2.1/elsewhere")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def http_url() -> Iterator[str]:
    """The address of a small service that keeps values."""
    handler = type("Values", (_Values,), {"kept": {}})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()
