# ruff: noqa: E501  a row of the table is one case
"""Mistakes in what a workload says of its service, each with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from autotune.core.errors import FileError
from autotune.model.instance import Hint, Sign
from autotune.model.workload import Workload
from autotune.study.load import load_workload

START = "start: [x, '{port}']"
LOAD = "load: {command: [y], duration: 1s}"


def text(
    service: str = f"service: {{{START}}}", load: str = LOAD, more: str = "", driver: str = "service"
) -> str:
    return f"workload: w\ndriver: {driver}\n{service}\n{load}\n{more}\nmetrics: {{seconds: {{wall: true}}}}\n"


def read(tmp_path: Path, content: str) -> Workload:
    path = tmp_path / "w.yaml"
    path.write_text(content)
    return load_workload(path, facts={})


def said(tmp_path: Path, content: str) -> str:
    with pytest.raises(FileError) as caught:
        read(tmp_path, content)
    return "\n".join(str(problem) for problem in caught.value.problems)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (text(service=""), "driver service needs 'service', and it is missing"),
        (text(load=""), "driver service needs 'load', and it is missing"),
        (text(load="load: {url: 'http://127.0.0.1/', users: 1}"), "a load of driver service needs 'command'"),
        (text(load="load: {command: [y], rate: 5/s}"), "'rate' belongs to a load on a URL"),
        (text(load="load: {command: [y], on: host}"), "expected a machine such as ssh://user@host, found 'host'"),
        (text(load="load: {command: [y], on: 'ssh://-oProxyCommand=x'}"), "expected a machine such as"),
        (text(load="load: {command: ['{prot}']}"), "'{prot}' is no field. Known: data, duration, out, port"),
        (text(driver="http", load="load: {url: 'http://127.0.0.1/', users: 1, on: 'ssh://h'}"), "'on' needs driver service"),
        (text(driver="http", load="load: {command: [y]}"), "a load of driver http needs 'url'"),
        (text(driver="command", load="command: [z]"), "'service' belongs to driver service or http, found driver command"),
        (text(service="service: {start: [x, '{trial}']}"), "'{trial}' is no field. Known: data, duration, port, python, seed"),
        (text(service=f"service: {{{START}, stop: TEMR}}"), "there is no signal 'TEMR'. A command is a list"),
        (text(service=f"service: {{{START}, stop: []}}"), "'stop' is empty"),
        (text(service=f"service: {{{START}, user: no-such-user}}"), "this machine has no user 'no-such-user'"),
        (text(service=f"service: {{{START}, ready: {{}}}}"), "'ready' needs one of 'tcp', 'http', 'command' and 'log'"),
        (text(service=f"service: {{{START}, ready: {{tcp: '{{port}}'}}}}"), "expected HOST:PORT such as 127.0.0.1:{port}, found '{port}'"),
        (text(service=f"service: {{{START}, ready: {{http: 'ftp://127.0.0.1:{{port}}/'}}}}"), "expected a URL such as http://127.0.0.1:{port}/"),
        (text(service=f"service: {{{START}, ready: {{log: '('}}}}"), "'(' is no regular expression"),
        (text(service="service: {start: []}"), "start: expected at least one entry"),
        (text(more="prepare: {}"), "'prepare' needs 'command' or 'running'"),
        (text(more="reset: {}"), "'reset' needs one of 'command' and 'copy'"),
        (text(more="reset: {copy: '{prepared}'}"), "nothing makes {prepared}: write 'prepare:'"),
        (text(more="duration: 2s"), "driver service has the duration of its load"),
        (text(more="network: own"), "a network of its own reaches no service"),
        (text(more="parameters: {port: {int: [1, 2], default: 1, apply: {env: A}}}"), "'port' is a field of every command"),
        (text(more="parameters: {a: {int: [1, 2], default: 1, apply: {file: '{data}/../x', key: a}}}"), "the plain name of a file"),
        (text(driver="command", service="", load="command: [z]\nreset: {copy: d}"), "'copy' replaces the data of a service"),
    ],
)  # fmt: skip
def test_mistake_is_told(tmp_path: Path, content: str, message: str) -> None:
    assert message in said(tmp_path, content)


def test_what_is_left_out_has_its_default(tmp_path: Path) -> None:
    made = read(tmp_path, text())
    assert made.instance
    assert made.instance.user == "nobody"
    assert made.instance.stop == Hint(signal="TERM")
    assert made.instance.reload is None
    assert made.instance.ready == Sign()
    assert made.duration_s is None
    assert made.load
    assert made.load.warmup_s == 2


def test_own_user_is_nobody_elses(tmp_path: Path) -> None:
    made = read(tmp_path, text(service=f"service: {{{START}, user: self, stop: SIGINT, reload: [r]}}"))
    assert made.instance
    assert made.instance.user == ""
    assert made.instance.stop == Hint(signal="INT")
    assert made.instance.reload == Hint(command=("r",))


def test_own_files_of_the_service_are_no_change_of_the_machine(tmp_path: Path) -> None:
    one = "a: {int: [1, 2], default: 1, apply: {file: '{data}/nginx.conf', key: http.a}}"
    made = read(tmp_path, text(more=f"parameters: {{{one}}}"))
    assert made.space["a"].apply.options["name"] == "{data}/nginx.conf"
