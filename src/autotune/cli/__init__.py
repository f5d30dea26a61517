"""The command line: one file per command, one table of exit codes."""

from __future__ import annotations

import math
import os
import signal
import sys
import time
import traceback
from contextlib import suppress
from importlib import import_module
from types import FrameType
from typing import NoReturn

import click

from autotune import __version__
from autotune.core.errors import AutotuneError, ExitCode, TerminatedError

_COMMANDS = (
    "init",
    "run",
    "screen",
    "bench",
    "compare",
    "gate",
    "history",
    "check",
    "show",
    "schema",
    "report",
    "export",
    "apply",
    "verify",
    "rollback",
    "status",
    "install-boot",
    "doctor",
    "selftest",
)

_SAME_WISH_S = 2.0
"""Whoever presses Ctrl-C again after so long means it: the guardian then restores the machine."""


class Commands(click.Group):
    """The commands in the order in which they are used, each imported when it is named."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's interface
        """Names of all commands."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command called `cmd_name`."""
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"autotune.cli.{cmd_name.replace('-', '_')}").command
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="autotune")
def program() -> None:
    """Find, prove and keep better settings for real systems.

    \b
    Exit codes: 0 good (better, or equivalent: keep what you have), 1 worse or drift, 2 bad usage or file,
    3 undecided, 4 workload or environment failed, 5 the machine is not restored, 6 storage, 7 busy,
    8 refused by the safety rules, 130/143 interrupted.
    """  # noqa: D301  click reads the backspace as "keep these lines"


def main() -> NoReturn:
    """Runs the command line; ends the process with the exit code."""
    stop = _Stop()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    if (
        signal.getsignal(signal.SIGINT) != signal.SIG_IGN
    ):  # as a shell leaves it to what runs in the background
        signal.signal(signal.SIGINT, stop)
    sys.unraisablehook = _lost
    code = _outcome()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # else the interpreter, on its way out, dies of it
    sys.exit(code)


def _outcome() -> int:  # noqa: PLR0911  one return for each way to end
    try:
        code = program.main(prog_name="autotune", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except AutotuneError as error:
        click.echo(f"error: {error}", err=True)
        return error.exit_code
    except (KeyboardInterrupt, click.Abort) as stop:
        terminated = TerminatedError in {type(stop), type(stop.__cause__)}
        return _complain("stopped", ExitCode.TERMINATED if terminated else ExitCode.INTERRUPTED)
    except (BrokenPipeError, SystemExit):  # click ends the process itself where nobody reads
        # Keep the interpreter from saying so at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.GOOD
    except OSError as error:
        return _complain(f"error: {error.strerror}: {error.filename or 'standard output'}", ExitCode.STORAGE)
    except Exception:  # noqa: BLE001  a bug must not end as 1, which says "worse"
        return _complain(traceback.format_exc() + "This is a bug in autotune.", ExitCode.WORKLOAD)
    return int(code or 0)


def _complain(text: str, code: ExitCode) -> ExitCode:
    with suppress(OSError):
        click.echo(text, err=True)
    return code


def _lost(lost: sys.UnraisableHookArgs) -> None:
    """Python drops what is raised within a destructor; a wish to stop then comes again a moment later."""
    stop = lost.exc_value
    if not isinstance(stop, KeyboardInterrupt):
        sys.__unraisablehook__(lost)
        return

    def again(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  signal's interface
        raise type(stop)

    signal.signal(signal.SIGALRM, again)
    signal.setitimer(signal.ITIMER_REAL, 0.01)


class _Stop:
    """Hears a wish to stop, by whatever signal; what comes within a moment is the same wish.

    The first one ends the workload and restores the machine; a second one in the midst of that would leave
    it to the guardian.
    """

    def __init__(self) -> None:
        self._heard = -math.inf

    def __call__(self, number: int, frame: FrameType | None) -> None:
        del frame
        before, self._heard = self._heard, time.monotonic()
        if self._heard - before > _SAME_WISH_S:
            raise KeyboardInterrupt if number == signal.SIGINT else TerminatedError
