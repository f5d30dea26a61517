"""Our end of the pipe: an optimiser in a process and virtual environment of its own."""

from __future__ import annotations

import json
import os
import select
import subprocess
import tempfile
import time
from collections.abc import Sequence
from typing import Any

from autotune.core.errors import WorkloadError
from autotune.model.space import Config
from search.recorded import Recorded

_START_S = 180
"""Until it is ready: torch and its like are slow to import."""

_ANSWER_S = 300
_CLOSING_S = 5
_CHUNK = 65536


class PeerError(WorkloadError):
    """The peer ended, or did not answer, where it should have."""


class Peer:
    """Asks the optimiser that `argv` starts; it is told indices and costs, and of a failure null."""

    def __init__(self, argv: Sequence[str], system: Recorded, *, seed: int, budget: int) -> None:
        self._system = system
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  closed with the process
        environment = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONWARNINGS": "ignore"}
        self._process = subprocess.Popen(
            list(argv),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=environment,
            cwd=tempfile.gettempdir(),
        )
        self._rest = b""
        self._heard(_START_S)
        self._say(
            {
                "kinds": system.kinds,
                "sizes": system.sizes,
                "seed": seed,
                "budget": budget,
                "before": 10 * abs(system.typical),
            }
        )

    def next(self) -> Config | None:
        """Its next configuration; None where it ended by itself, and well."""
        try:
            return self._system.config(self._heard(_ANSWER_S))
        except PeerError:
            if self._process.returncode == 0:
                return None
            raise

    def tell(self, config: Config, cost: float | None) -> None:
        """What it cost."""
        del config
        self._say(cost)

    def recommended(self) -> Config | None:
        """None: the best value seen."""
        return None

    def close(self) -> None:
        """Ends the process: at the end of its input by itself, else by force."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                stream.close()
        try:
            self._process.wait(_CLOSING_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._errors.close()

    def _say(self, message: Any) -> None:
        try:
            self._process.stdin.write(json.dumps(message).encode() + b"\n")  # type: ignore[union-attr]
            self._process.stdin.flush()  # type: ignore[union-attr]
        except BrokenPipeError as error:
            raise self._failed("ended") from error

    def _heard(self, within_s: float) -> Any:
        """The next line of its output, decoded."""
        until = time.monotonic() + within_s
        descriptor = self._process.stdout.fileno()  # type: ignore[union-attr]
        while b"\n" not in self._rest:
            if not select.select([descriptor], [], [], max(0.0, until - time.monotonic()))[0]:
                raise self._failed(f"gave no answer in {within_s:.0f} s")
            if not (more := os.read(descriptor, _CHUNK)):
                raise self._failed("ended")
            self._rest += more
        line, _, self._rest = self._rest.partition(b"\n")
        return json.loads(line)

    def _failed(self, how: str) -> PeerError:
        """The error to raise, with the last lines of what it said; the process is ended."""
        self._errors.seek(0)
        said = self._errors.read().decode(errors="replace").strip().splitlines()
        self.close()
        return PeerError(f"the peer {how}: {' | '.join(said[-3:])}")
