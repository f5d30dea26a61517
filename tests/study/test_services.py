from __future__ import annotations

import pytest

from autotune.model.service import Ready, Service
from autotune.study.load import load_workload

START = """\
workload: build
command: [make]
metrics: {seconds: {wall: true}}
"""
SERVICES = """\
services:
  db:
    start: [pg_ctl, start]
    stop: [pg_ctl, stop]
    signal: SIGHUP
    pidfile: run/db.pid
    ready: {tcp: "127.0.0.1:5432", within: 10s}
  web: {unit: nginx.service}
"""
PARAMETER = """\
parameters:
  memory:
    int: [1, 8]
    default: 1
    apply:
      redis: maxmemory
      port: 6380
      remote: true
      service: db
"""


@pytest.fixture
def workload(folder, facts):
    """A function that loads a workload of the given lines."""

    def made(text: str):
        (folder / "w.yaml").write_text(START + text)
        return load_workload(folder / "w.yaml", facts=facts)

    return made


def test_services_are_read_with_their_words_for_the_action(workload, folder) -> None:
    made = workload(SERVICES)
    assert made.services["db"] == Service(
        name="db",
        folder=folder,
        start=("pg_ctl", "start"),
        stop=("pg_ctl", "stop"),
        signal="HUP",
        pidfile="run/db.pid",
        ready=Ready(tcp="127.0.0.1:5432", within_s=10),
    )
    action = made.services["db"].action()
    assert action["kind"] == "commands"
    assert action["pidfile"] == str(folder / "run/db.pid")
    assert made.services["web"].action()["unit"] == "nginx.service"


def test_options_may_be_numbers_and_true_or_false(workload) -> None:
    (parameter,) = workload(SERVICES + PARAMETER).space.parameters
    assert parameter.apply.options == {"name": "maxmemory", "port": "6380", "remote": "true", "service": "db"}


def test_a_service_that_is_not_there_is_told_at_its_line(problems) -> None:
    (found,) = problems(START + SERVICES + PARAMETER.replace("service: db", "service: dbb"))
    assert found == "study.yaml:20:16: 'dbb' is no service. Known: db, web. Did you mean 'db'?"
    (found,) = problems(START + PARAMETER)
    assert found.endswith("'db' is no service. Known: none, as 'services:' of the workload names none.")


def test_an_option_that_is_not_there_is_told_at_the_line_of_apply(problems) -> None:
    (found,) = problems(START + SERVICES + PARAMETER.replace("port: 6380", "prot: 6380"))
    assert found.startswith("study.yaml:17:7: parameter 'memory' is applied by redis")
    assert "which has no option 'prot'" in found
    assert "Did you mean 'port'?" in found


@pytest.mark.parametrize(
    ("service", "message"),
    [
        ("{unit: nginx.service, start: [a]}", "systemd knows how to start"),
        ("{unit: nginx}", "Did you mean 'nginx.service'?"),
        ("{ready: {tcp: '127.0.0.1:1'}}", "a service needs 'unit'"),
        ("{start: [a]}", "'start' and 'stop' belong together"),
        ("{reload: [a], signal: HUP, pidfile: x}", "two ways to do the same"),
        ("{signal: HUP}", "'signal' and 'pidfile' belong together"),
        ("{signal: HOP, pidfile: x}", "there is no signal 'HOP'"),
        ("{unit: a.service, ready: {}}", "one of 'tcp' and 'command'"),
        ("{unit: a.service, ready: {tcp: localhost}}", "expected HOST:PORT"),
        ("{unit: a.service, ready: {tcp: 'a:1', within: 5}}", "Did you mean '5s'?"),
        ("{unti: a.service}", "unknown key 'unti'"),
    ],
)
def test_a_service_that_makes_no_sense_is_told_at_its_line(problems, service, message) -> None:
    (found,) = problems(f"{START}services:\n  db: {service}\n")
    assert found.startswith("study.yaml:5:")
    assert message in found
