"""Programs and libraries that read these files find what was put, and all else as before."""

from __future__ import annotations

import configparser
import json
import shutil
import subprocess
import tempfile
import tomllib
from pathlib import Path

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from autotune.actuate.edit import editor
from autotune.core import strict_yaml

WORDS = st.text(alphabet="abC1. '\"\\#;:,{}[]=-$\u00e9\U0001f600", max_size=10)


def put(name, text, entry, value):
    """The edited text; a value that is refused is a discarded example."""
    try:
        return editor(name).put(text, entry, value)
    except ValueError:
        assume(False)


@given(value=WORDS)
def test_json_reads_the_text_or_the_number(value):
    data = json.loads(put("json", '{"a": {"b": 1}, "c": [2]}', "a.b", value))
    assert data["c"] == [2]
    assert data["a"]["b"] == value or json.loads(value) == data["a"]["b"]


@given(value=WORDS)
def test_yaml_of_both_versions_reads_the_text_or_the_number(value):
    new = put("yaml", "a:\n  b: x # c\nc: [2]\n", "a.b", value)
    strict, loose = strict_yaml.load(new, "f").data, yaml.safe_load(new)
    assert strict["c"] == [2]
    assert strict["a"]["b"] == value or not isinstance(strict["a"]["b"], str) or json.loads(value)
    assert strict["a"]["b"] == loose["a"]["b"] or not isinstance(strict["a"]["b"], str)


@given(value=WORDS)
def test_toml_reads_the_text_or_the_number(value):
    data = tomllib.loads(put("toml", "[a]\nb = 1 # c\n[c]\nd = 2\n", "a.b", value))
    assert data["c"] == {"d": 2}
    assert data["a"]["b"] == value or not isinstance(data["a"]["b"], str) or json.loads(value)


@given(value=WORDS)
def test_configparser_reads_the_text(value):
    parser = configparser.ConfigParser(interpolation=None, inline_comment_prefixes=(" #", " ;"))
    parser.read_string(put("ini", "[a]\nb = 1\n[c]\nd = 2\n", "a.b", value))
    assert parser["a"]["b"] == value
    assert dict(parser["c"]) == {"d": "2"}


@pytest.mark.parametrize(
    "value", ["x", "a b", "it's", 'say "x"', "$HOME `id` $(id)", "a\\b", "#x", "~", "é; rm x", "a&b|c>d*"]
)
@pytest.mark.parametrize("line", ["A=1\n", "A='1'\n", 'A="1"\n', "export A=1 # c\n"])
def test_a_shell_reads_the_text_and_runs_nothing(tmp_path, value, line):
    path = tmp_path / "env"
    path.write_text(editor("keyvalue").put(line, "A", value))
    said = subprocess.run(
        ["sh", "-c", '. "$1"; printf %s "$A"', "sh", str(path)], capture_output=True, text=True, check=True
    )
    assert said.stdout == value
    assert said.stderr == ""


POSTGRES = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))


@pytest.mark.needs("root", "postgres")
@pytest.mark.parametrize("value", ["on", "it's", "a\\b", "#x", "a b", "é", "%m [%p] 'x' \\n"])
@pytest.mark.parametrize("line", ["", "cluster_name = 'x' # c\n", "cluster_name x\ncluster_name 'y'"])
def test_postgres_reads_the_text(value, line):
    entry = "log_line_prefix"
    text = editor("postgres").put(line.replace("cluster_name", entry), entry, value)
    assert postgres_says(text, entry) == value


@pytest.mark.needs("root", "postgres")
def test_postgres_reads_sizes_with_units():
    text = editor("postgres").put("#work_mem = 1MB\n", "work_mem", "64MB")
    assert postgres_says(text, "work_mem") == "65536"


def postgres_says(text, entry):
    """What PostgreSQL takes `entry` to be where `text` is its configuration.

    `postgres -C` needs no server, but refuses root, and asks for a data folder of its own.
    """
    with tempfile.TemporaryDirectory(prefix="autotune-postgres-") as name:
        folder = Path(name)
        (folder / "postgresql.conf").write_text(text)
        (folder / "PG_VERSION").write_text(f"{POSTGRES[-1].parts[-3]}\n")
        shutil.chown(folder, "postgres")
        command = [str(POSTGRES[-1]), "-D", name, "-C", entry]
        said = subprocess.run(
            command, capture_output=True, text=True, check=False, user="postgres", env={"LC_ALL": "C.UTF-8"}
        )
    assert said.returncode == 0, said.stderr
    return said.stdout.removesuffix("\n")


@pytest.mark.needs("nginx")
@pytest.mark.parametrize(
    ("entry", "value"),
    [
        ("worker_processes", "auto"),
        ("worker_rlimit_nofile", "4096"),
        ("events.worker_connections", "1024"),
        ("http.server.keepalive_timeout", "65 60"),
        ("http.upstream b.keepalive", "16"),
        ("http.gzip", "on"),
        ("http.server.add_header", 'X "a;{#} \\" b"'),
    ],
)
def test_nginx_reads_the_edited_file(tmp_path, entry, value):
    text = (
        f"pid {tmp_path}/pid;\nerror_log stderr;\nworker_processes 1; # c\n"
        "events { worker_connections 768; }\n"
        "http {\n  access_log off;\n  upstream b { server 127.0.0.1:9; }\n"
        "  server {\n    listen 127.0.0.1:18080;\n  }\n}\n"
    )
    path = tmp_path / "nginx.conf"
    path.write_text(editor("nginx").put(text, entry, value))
    command = [shutil.which("nginx") or "/usr/sbin/nginx", "-p", str(tmp_path), "-c", str(path), "-T"]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    assert f"{entry.rpartition('.')[2]} {value};" in said.stdout


@pytest.mark.needs("redis-server")
@pytest.mark.parametrize(
    ("entry", "value", "expected"),
    [
        ("maxmemory", "64mb", "67108864"),
        ("maxmemory-policy", "allkeys-lru", "allkeys-lru"),
        ("save", "900 1", "900 1"),
        ("notify-keyspace-events", '""', ""),
        ("proc-title-template", "\"{title} 'x' \\x41\"", "{title} 'x' A"),
    ],
)
def test_redis_reads_the_edited_file(tmp_path, entry, value, expected):
    text = f"# c\nport 0\nunixsocket {tmp_path}/s\nMAXMEMORY 1mb\ndir {tmp_path}"
    path = tmp_path / "redis.conf"
    path.write_text(editor("words").put(text, entry, value))
    with subprocess.Popen(["redis-server", str(path)], stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            assert any("eady to accept connections" in line for line in server.stdout)
            said = subprocess.run(
                ["redis-cli", "-s", f"{tmp_path}/s", "config", "get", entry],
                capture_output=True, text=True, check=True,
            )  # fmt: skip
        finally:
            server.terminate()
    assert said.stdout.rstrip("\n").partition("\n")[2] == expected


@pytest.mark.needs("systemd-analyze")
@pytest.mark.parametrize(
    ("entry", "value"),
    [
        ("Service.LimitNOFILE", "65536"),
        ("Service.CPUWeight", "200"),
        ("Service.ExecStart", "/bin/sleep 1 # no comment"),
        ("Unit.Description", "é 'x'"),
    ],
)
def test_systemd_accepts_the_edited_unit(tmp_path, entry, value):
    text = "[Unit]\nDescription=x\n\n[Service]\n# c\nExecStart=/bin/sleep \\\n  9\nLimitNOFILE=1024\n"
    path = tmp_path / "autotune-edited.service"
    path.write_text(editor("systemd").put(text, entry, value))
    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(path)], capture_output=True, text=True, check=False
    )
    assert [line for line in said.stderr.splitlines() if "autotune-edited" in line] == []
