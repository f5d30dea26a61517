"""A command starts with its own PATH and folder, in a session of its own, with nothing of ours."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from autotune.sidecar.start import Command, start

Run = Callable[..., tuple[str, str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs an argv in `tmp_path` to its end: what it printed on standard output and error."""

    def made(*argv: str, **env: str) -> tuple[str, str]:
        return output(start({"argv": argv, "cwd": str(tmp_path), "env": env}, None, None))

    return made


def output(command: Command) -> tuple[str, str]:
    """What a short command printed; it has ended then."""
    for end in command.theirs:
        os.close(end)
    with os.fdopen(command.stdout) as out, os.fdopen(command.stderr) as err:
        printed = out.read(), err.read()
    os.waitpid(command.pid, 0)
    return printed


def test_program_is_looked_for_on_the_commands_own_path(tmp_path: Path, run: Run) -> None:
    for folder, text in (("first", "one"), ("second", "two")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "tool").write_text(f"#!/bin/sh\necho {text}\n")
        (tmp_path / folder / "tool").chmod(0o755)
    (tmp_path / "tool").mkdir()  # a folder of that name is no program
    path = f"{tmp_path}:{tmp_path}/second:{tmp_path}/first"
    assert run("tool", PATH=path) == ("two\n", "")
    assert run("first/tool") == ("one\n", "")


def test_an_empty_part_of_the_path_is_the_commands_own_folder(tmp_path: Path, run: Run) -> None:
    (tmp_path / "tool").write_text("#!/bin/sh\necho here\n")
    (tmp_path / "tool").chmod(0o755)
    assert run("tool", PATH=f"{tmp_path}/none:") == ("here\n", "")


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (("no-such-tool",), "No such file or directory: 'no-such-tool'"),
        (("./no-such-tool",), "No such file or directory: './no-such-tool'"),
        (("plain",), "Permission denied: 'plain'"),
        (("./plain",), "Permission denied: './plain'"),
        (("broken",), "Exec format error: '.*/broken'"),
    ],
)
def test_what_cannot_be_started_is_named_and_leaves_no_descriptor(
    tmp_path: Path, run: Run, argv: tuple[str, ...], message: str
) -> None:
    (tmp_path / "plain").write_text("text")
    (tmp_path / "broken").write_text("no program at all")
    (tmp_path / "broken").chmod(0o755)
    before = sorted(Path("/proc/self/fd").iterdir())
    with pytest.raises(OSError, match=message):
        run(*argv, PATH=str(tmp_path))
    assert sorted(Path("/proc/self/fd").iterdir()) == before


def test_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    here = Path.cwd()
    with pytest.raises(FileNotFoundError, match="none"):
        start({"argv": ["true"], "cwd": str(tmp_path / "none"), "env": {}}, None, None)
    assert Path.cwd() == here


def test_command_gets_its_folder_and_environment_and_no_descriptor_of_ours(tmp_path: Path, run: Run) -> None:
    with (tmp_path / "ours").open("w"):
        printed, _ = run(
            "/bin/sh", "-c", "pwd; echo $A; read line || echo end; /bin/ls -l /proc/$$/fd", A="b"
        )
    folder, variable, end, *descriptors = printed.splitlines()
    assert (folder, variable, end) == (str(tmp_path), "b", "end")
    assert "/dev/null" in "".join(descriptors)
    assert str(tmp_path / "ours") not in "".join(descriptors)


def test_command_leads_a_session_and_ignores_no_signal(run: Run) -> None:
    printed, _ = run(
        "/bin/sh", "-c", "cat /proc/$$/stat; grep SigIgn /proc/$$/status", PATH=os.environ["PATH"]
    )
    stat, ignored = printed.splitlines()
    pid, _, _, _, group, session = stat.split()[:6]
    assert pid == group == session
    assert int(ignored.split()[1], 16) & 1 << (signal.SIGPIPE - 1) == 0
