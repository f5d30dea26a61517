"""The harness's side of the guardian: started before the first change, told when nothing is left to undo."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO, cast

from autotune import sidecar
from autotune.core.errors import StorageError, WorkloadError
from autotune.sidecar import tools
from autotune.sidecar.guardian import DONE

_ROOT = Path(sidecar.__file__).parents[2]
_BOOT = (
    "import sys; sys.path.append(sys.argv[1]); from autotune.sidecar.guardian import main; main(sys.argv[2])"
)
LOG = "guardian.log"
"""What a guardian could not restore, in the state folder."""


class Guardian:
    """A process that undoes what the journal in `state` holds open when this one ends without `dismiss`.

    Raises WorkloadError where it cannot be started, StorageError where its log cannot be written: then
    nothing may be changed.
    """

    def __init__(self, state: Path) -> None:
        try:
            log = (state / LOG).open("ab")
        except OSError as error:
            raise StorageError(
                f"{state / LOG} cannot be written: {error.strerror}. Nothing was changed."
            ) from error
        try:
            with log:
                self._process = subprocess.Popen(  # noqa: S603  our own interpreter
                    (sys.executable, "-I", "-S", "-X", "utf8", "-c", _BOOT, str(_ROOT), str(state)),
                    cwd="/",
                    env=tools.service_environment(),  # services and their clients ask for passwords there
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    start_new_session=True,
                )
        except OSError as error:
            raise WorkloadError(f"no guardian can be started, so nothing is changed: {error}.") from error
        self._line = cast("IO[bytes]", self._process.stdin)
        with cast("IO[bytes]", self._process.stdout) as answers:
            if answers.readline() != b"ready\n":
                raise WorkloadError(f"the guardian does not start, so nothing is changed; see {state / LOG}.")

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    @property
    def lives(self) -> bool:
        """Whether it is still there."""
        return self._process.poll() is None

    def dismiss(self) -> None:
        """Says that nothing is left to undo, and waits for its end."""
        with suppress(BrokenPipeError, ValueError):  # it is gone, or was told already
            self._line.write(DONE)
        self._hang_up()
        self._process.wait()

    def leave(self) -> None:
        """Hangs up: it restores at once, or when the time to confirm is over. Nobody waits for its end."""
        self._hang_up()
        self._process.returncode = 0  # else Popen warns that it still runs, as it should

    def _hang_up(self) -> None:
        with suppress(BrokenPipeError):
            self._line.close()
