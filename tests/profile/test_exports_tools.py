"""Each export as the tool reads it that it is for."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autotune.core.registry import load
from autotune.model.profile import Change, Profile
from autotune.model.space import Apply, Value

TOOLS = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"

Made = Callable[..., str]


@pytest.fixture
def made(make_profile: Callable[..., Profile], make_change: Callable[..., Change]) -> Made:
    """The export `format` of changes, each an actuator, its name, the value, and further options."""

    def make(format_: str, *changes: tuple[str, str, Value, dict[str, str]]) -> str:
        profile = make_profile(
            *(
                make_change(f"p{n}", value, apply=Apply(actuator=actuator, options={"name": name, **options}))
                for n, (actuator, name, value, options) in enumerate(changes)
            )
        )
        return str(load("exporters", format_)(profile))

    return make


def _run(*words: Any, **options: Any) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": TOOLS, **options.pop("env", {})}
    return subprocess.run(
        words, text=True, capture_output=True, check=False, env=environment, timeout=60, **options
    )


NET = (
    ("sysctl", "net.core.somaxconn", 1234, {}),
    ("sysctl", "net/ipv4/tcp_rmem", "4096 140000 7000000", {}),
    ("sysctl", "net.ipv4.tcp_sack", False, {}),
)
SHOW = "cat /proc/sys/net/core/somaxconn /proc/sys/net/ipv4/tcp_rmem /proc/sys/net/ipv4/tcp_sack"
SET = ["1234", "4096 140000 7000000", "0"]


def _values(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line[:1].isdigit()]


@pytest.mark.needs("netns", "sysctl")
def test_sysctl_takes_the_file(made: Made, tmp_path: Path) -> None:
    (tmp_path / "x.conf").write_text(made("sysctl", *NET))
    done = _run("unshare", "-n", "sh", "-c", f"sysctl -q -p {tmp_path}/x.conf && {SHOW}")
    assert (done.returncode, done.stderr) == (0, "")
    assert _values(done.stdout) == SET


@pytest.mark.needs("systemd-analyze")
def test_systemd_takes_the_drop_in(server_profile: Profile, made: Made, tmp_path: Path) -> None:
    (tmp_path / "x.service").write_text("[Service]\nExecStart=/bin/true\n")
    drop_in = tmp_path / "x.service.d" / "autotune.conf"
    drop_in.parent.mkdir()

    def verify(text: str) -> str:
        drop_in.write_text(text)
        done = _run(
            "systemd-analyze", "verify", tmp_path / "x.service", env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:"}
        )
        return "\n".join(line for line in done.stderr.splitlines() if str(drop_in) in line)

    text = load("exporters", "systemd")(server_profile)
    assert verify(text) == ""
    others = [("io.weight", "default 200"), ("cpu.max", "max"), ("cpuset.cpus", "0-1"), ("pids.max", "max")]
    changes = [("cgroup", "g", value, {"attribute": key}) for key, value in [*others, ("memory.max", "1G")]]
    hostile = ("env", "MALLOC_ARENA_MAX", "50% \"a\" 'b' \\ $HOME ; #", {})
    process = [("process", "affinity", "0,1", {}), ("process", "policy", "batch", {})]
    file = ("file", "x.service", 4096, {"key": "Service.LimitNOFILE"})
    assert verify(made("systemd", *changes, hostile, *process, file)) == ""
    assert "Invalid CPU weight" in verify(text + "CPUWeight=many\n")


@pytest.mark.needs("postgres")
def test_postgres_takes_the_file_and_reads_the_values_as_they_are(made: Made, tmp_path: Path) -> None:
    postgres = max(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    name = 'it\'s a \\n "name" # not; a $comment'
    text = made(
        "postgres",
        ("file", "postgresql.conf", 64, {"key": "shared_buffers", "value": "{value}MB"}),
        ("postgres", "random_page_cost", 1.1, {}),
        ("postgres", "jit", False, {}),
        ("postgres", "cluster_name", name, {}),
    )
    (tmp_path / "autotune.conf").write_text(text)
    (tmp_path / "postgresql.conf").write_text("include_if_exists 'autotune.conf'\n")
    for key, value in {
        "shared_buffers": "8192",
        "random_page_cost": "1.1",
        "jit": "off",
        "cluster_name": name,
    }.items():
        done = _run(postgres, "-C", key, "-D", tmp_path)
        assert (done.stdout.strip(), done.returncode) == (value, 0), done.stderr


@pytest.mark.needs("redis-server")
def test_redis_starts_with_the_file(made: Made, tmp_path: Path) -> None:
    (tmp_path / "autotune.conf").write_text(
        made(
            "redis",
            ("redis", "maxmemory", 32, {"value": "{value}mb"}),
            ("redis", "maxmemory-policy", "allkeys-lru", {"port": "6379"}),
            ("file", "redis.conf", False, {"key": "rdbcompression"}),
            ("redis", "save", "900 1 300 10", {}),
        )
    )
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    conf = tmp_path / "redis.conf"
    conf.write_text(f"bind 127.0.0.1\nport {port}\ndir {tmp_path}\ninclude {tmp_path}/autotune.conf\n")
    with subprocess.Popen(
        [shutil.which("redis-server", path=TOOLS) or "", conf], stdout=subprocess.PIPE
    ) as server:
        try:
            assert server.stdout
            assert any(b"Ready to accept" in line for line in server.stdout)
            cli = ["redis-cli", "-p", str(port), "config", "get"]
            found = {
                key: _run(*cli, key).stdout.split("\n")[1]
                for key in ("maxmemory", "maxmemory-policy", "save")
            }
            found["rdbcompression"] = _run(*cli, "rdbcompression").stdout.split("\n")[1]
        finally:
            server.send_signal(signal.SIGKILL)
    assert found == {
        "maxmemory": str(32 << 20),
        "maxmemory-policy": "allkeys-lru",
        "save": "900 1 300 10",
        "rdbcompression": "no",
    }


@pytest.mark.needs("nginx")
@pytest.mark.parametrize(
    ("part", "changes"),
    [
        (
            "http",
            [
                ("http.gzip", True),
                ("keepalive_timeout", "30s 20s"),
                ("output_buffers", "2 32k"),
                ("aio", "threads"),
            ],
        ),
        ("main", [("worker_processes", "auto"), ("worker_rlimit_nofile", 4096)]),
        ("events", [("events.worker_connections", 512), ("multi_accept", True)]),
    ],
)
def test_nginx_takes_the_snippet(
    part: str, changes: list[tuple[str, Value]], made: Made, tmp_path: Path
) -> None:
    text = made("nginx", *(("file", "nginx.conf", value, {"key": key}) for key, value in changes))
    (tmp_path / "snippet.conf").write_text(text)
    include = dict.fromkeys(("main", "events", "http"), "") | {part: f"include {tmp_path}/snippet.conf;"}
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; error_log stderr;\n{include['main']}\nevents {{ {include['events']} }}\n"
        f"http {{ access_log off; {include['http']} }}\n"
    )
    done = _run("nginx", "-t", "-c", tmp_path / "nginx.conf", "-p", tmp_path, "-e", "stderr")
    assert done.returncode == 0, done.stderr
    (tmp_path / "snippet.conf").write_text(text + "no_such_directive on;\n")
    assert _run("nginx", "-t", "-c", tmp_path / "nginx.conf", "-p", tmp_path, "-e", "stderr").returncode == 1


def _in_a_netns(script: Path, *steps: str) -> list[str]:
    """What the shell says to the steps, run one after another in a network of its own; $S is the script."""
    lines = "\n".join(steps)
    environment = {"AUTOTUNE_UNDO": str(script.parent / "undo"), "S": str(script)}
    return _run("unshare", "-n", "sh", "-c", lines, env=environment).stdout.splitlines()


@pytest.fixture
def script(made: Made, tmp_path: Path) -> Path:
    path = tmp_path / "script.sh"
    path.write_text(made("shell", *NET))
    return path


def test_the_shell_finds_no_mistake_in_the_script(server_profile: Profile, tmp_path: Path) -> None:
    (tmp_path / "x.sh").write_text(load("exporters", "shell")(server_profile))
    assert _run("sh", "-n", tmp_path / "x.sh").returncode == 0
    assert _run("sh", tmp_path / "x.sh").returncode == 2
    if shutil.which("bash"):
        assert _run("bash", "--posix", "-n", tmp_path / "x.sh").returncode == 0


@pytest.mark.needs("netns")
def test_the_script_applies_and_undoes(script: Path) -> None:
    told = [f"sh $S {word} >&2; echo {word[0]}$?" for word in ("status", "apply", "status", "undo")]
    steps = [SHOW, *told[:2], SHOW, *told[2:], SHOW, "sh $S undo"]
    said = _in_a_netns(script, *steps)
    before, after = _values("\n".join(said[:3])), _values("\n".join(said[5:8]))
    assert said[3:5] == ["s1", "a0"]
    assert after == SET
    assert said[8:10] == ["s0", "u0"]
    assert _values("\n".join(said[10:13])) == before
    assert said[13:] == ["nothing to undo"]
    assert not list(script.parent.glob("undo*"))


@pytest.mark.needs("netns")
def test_a_second_apply_never_overwrites_the_first_old_values(script: Path) -> None:
    said = _in_a_netns(script, SHOW, "sh $S apply >/dev/null", "sh $S apply; echo $?", "sh $S undo", SHOW)
    assert said[3] == "7"
    assert said[5:] == said[:3]


@pytest.mark.needs("netns")
def test_a_script_that_is_killed_in_between_can_be_undone(script: Path) -> None:
    text = script.read_text()
    line = '  "$1" /proc/sys/net/ipv4/tcp_sack'
    assert line in text
    script.write_text(text.replace(line, f'  [ "$1" = change ] && kill -9 $$\n{line}'))
    said = _in_a_netns(script, SHOW, "sh $S apply; echo $?", SHOW, "sh $S undo", SHOW)
    assert said[3] == "137"
    assert _values("\n".join(said[4:7]))[:2] == SET[:2]
    assert said[7] == "all is as it was"
    assert said[8:] == said[:3]


@pytest.mark.needs("netns")
def test_a_value_that_the_kernel_refuses_leaves_all_as_it_was(made: Made, tmp_path: Path) -> None:
    path = tmp_path / "script.sh"
    path.write_text(made("shell", NET[0], ("sysctl", "net.ipv4.tcp_sack", "many", {})))
    said = _in_a_netns(path, SHOW, "sh $S apply; echo $?", SHOW)
    assert said[3] == "4"
    assert said[4:] == said[:3]
    assert not list(tmp_path.glob("undo*"))


@pytest.mark.needs("netns")
def test_a_change_by_somebody_else_is_left_alone_unless_forced(script: Path) -> None:
    theirs = "echo 999 >/proc/sys/net/core/somaxconn"
    said = _in_a_netns(
        script,
        SHOW,
        "sh $S apply >/dev/null",
        theirs,
        "sh $S undo; echo u$?",
        SHOW,
        "sh $S undo force; echo u$?",
        SHOW,
    )
    assert said[3] == "u5"
    assert said[4] == "999"
    assert said[7:9] == ["all is as it was", "u0"]
    assert said[9:] == said[:3]


@pytest.mark.needs("root")
@pytest.mark.xdist_group("sysctl")
def test_coupled_values_come_back_with_their_partner(made: Made, tmp_path: Path) -> None:
    pair = [Path("/proc/sys/vm") / name for name in ("dirty_background_bytes", "dirty_background_ratio")]
    before = [path.read_text() for path in pair]
    script = tmp_path / "script.sh"
    script.write_text(made("shell", ("sysctl", "vm.dirty_background_bytes", 64 << 20, {})))
    environment = {"AUTOTUNE_UNDO": str(tmp_path / "undo")}
    assert _run("sh", script, "apply", env=environment).returncode == 0
    during = [path.read_text().strip() for path in pair]
    done = _run("sh", script, "undo", env=environment)
    assert (during, done.returncode, done.stderr) == ([str(64 << 20), "0"], 0, "")
    assert [path.read_text() for path in pair] == before


def test_a_script_without_rights_changes_nothing(script: Path, tmp_path: Path) -> None:
    fake = tmp_path / "proc"
    text = script.read_text().replace("/proc/sys/", f"{fake}/")
    script.write_text(text)
    done = _run("sh", script, "apply", env={"AUTOTUNE_UNDO": str(tmp_path / "undo")})
    assert done.returncode == 4
    assert "nothing was changed" in done.stderr
    assert not list(tmp_path.glob("undo*"))
