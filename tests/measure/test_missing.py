"""What a workload needs and this machine has not, and the command that installs it."""

from __future__ import annotations

import shlex
import sys

from autotune.measure import programs
from autotune.measure.missing import installing, missing, needs, sentence
from autotune.model.instance import Hint, Instance, Preparation, Sign
from autotune.model.space import Apply, Parameter, Space
from autotune.model.workload import Load, Need, PythonCall, Step, Workload


def workload(tmp_path, *, command=("true",), needs=(), parameters=(), **more):
    return Workload(
        name="w",
        driver="command",
        folder=tmp_path,
        command=command,
        metrics=(),
        space=Space(parameters=parameters),
        needs=needs,
        **more,
    )


GONE = Need(command="no-such-program", apt="no-such")
ABSENT = Need(module="no_such_module", pip="no-such>=2")


def test_what_is_there_is_not_missing(tmp_path):
    here = (Need(command="true", apt="coreutils"), Need(module="click", pip="click"))
    assert missing(workload(tmp_path, needs=here)) == ()


def test_one_command_installs_programs_and_modules_of_the_interpreter_in_use(tmp_path, monkeypatch):
    monkeypatch.setattr("os.geteuid", lambda: 0)
    system = workload(tmp_path, needs=(GONE, ABSENT, Need(command="true")))
    absent = missing(system)
    assert absent == (GONE, ABSENT)
    pip = shlex.join([sys.executable, "-m", "pip", "install", "no-such>=2"])
    assert installing(absent, system) == f"apt-get install -y no-such && {pip}"
    told = sentence(absent, system)
    assert "program no-such-program, module no_such_module. Install with: apt-get" in told
    assert "\n" not in told


def test_who_is_not_root_is_told_to_ask_for_it(tmp_path, monkeypatch):
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert installing([GONE], workload(tmp_path)) == "sudo apt-get install -y no-such"


def test_modules_are_those_of_the_function_s_own_interpreter(tmp_path):
    call = PythonCall(call="a:b", path=tmp_path, interpreter="/usr/bin/env")
    assert installing([ABSENT], workload(tmp_path, python=call)).startswith("/usr/bin/env -m pip install ")


def test_a_module_in_the_workload_s_folder_is_there(tmp_path):
    (tmp_path / "of_my_own.py").touch()
    assert missing(workload(tmp_path, needs=(Need(module="of_my_own"),))) == ()
    assert missing(workload(tmp_path, needs=(Need(module="click.no_such"),))) != ()


def test_programs_of_commands_are_needed_without_being_said(tmp_path):
    system = workload(
        tmp_path,
        command=("no-such-program",),
        reset=Step(command=("./made-by-me",)),
        check=Step(command=("{python}", "x.py")),
    )
    assert missing(system) == (Need(command="no-such-program"),)
    assert "named by their path" in sentence(missing(system), system)
    assert needs(workload(tmp_path, command=("no-such-program",), needs=(GONE,))) == (GONE,)


def test_a_program_that_a_parameter_chooses_is_not_guessed(tmp_path):
    assert missing(workload(tmp_path, command=("{compiler}", "x.c"))) == ()
    path = Parameter(
        name="p",
        kind="choice",
        values=("/a",),
        default="/a",
        apply=Apply(actuator="env", options={"name": "PATH"}),
    )
    assert missing(workload(tmp_path, command=("no-such-program",), parameters=(path,))) == ()


def test_programs_are_looked_for_in_the_workload_s_own_path(tmp_path):
    tool = tmp_path / "tool"
    tool.write_text("#!/bin/sh\n")
    tool.chmod(0o755)
    assert missing(workload(tmp_path, command=("tool",), env={"PATH": str(tmp_path)})) == ()
    assert programs.found("./tool", workload(tmp_path)) == str(tool)


def test_a_service_needs_all_that_starts_prepares_and_loads_it(tmp_path):
    system = workload(
        tmp_path,
        command=(),
        load=Load(command=("no-load",), duration_s=1),
        instance=Instance(
            start=("no-server",), stop=Hint(command=("no-stop",)), ready=Sign(command=("no-ready",))
        ),
        preparation=Preparation(command=("no-make",), running=("{data}/bin/built",)),
    )
    assert [need.command for need in missing(system)] == [
        "no-load",
        "no-server",
        "no-ready",
        "no-stop",
        "no-make",
    ]


def test_a_load_elsewhere_has_its_program_there(tmp_path):
    far = Load(command=("no-load",), on="ssh://a@b", duration_s=1)
    assert "no-load" not in {need.command for need in missing(workload(tmp_path, load=far))}
    assert "ssh" in programs.named(workload(tmp_path, load=far))


def test_further_folders_are_looked_into_the_newest_first(tmp_path):
    for version in ("14", "15"):
        tool = tmp_path / version / "tool"
        tool.parent.mkdir()
        tool.write_text("#!/bin/sh\n")
        tool.chmod(0o755)
    system = workload(tmp_path, command=("tool",), path=(f"{tmp_path}/*",))
    assert missing(system) == ()
    assert programs.found("tool", system) == str(tmp_path / "15" / "tool")


def test_a_file_that_is_not_there_is_missing(tmp_path, monkeypatch):
    monkeypatch.setattr("os.geteuid", lambda: 0)
    header = Need(file="/usr/include/no-such.h", apt="libno-such-dev")
    system = workload(tmp_path, needs=(header, Need(file="/etc/passwd", apt="base-passwd")))
    assert missing(system) == (header,)
    assert "file /usr/include/no-such.h. Install with: apt-get install -y libno-such-dev" in sentence(
        [header], system
    )
