"""The command line of autotune, as a user calls it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from entries import ROOT, Entry

AUTOTUNE = str(Path(sys.executable).with_name("autotune"))
ANSWERED = (0, 1, 3)
"""Exit codes of a run that gave a verdict."""

_CODES = {
    0: "an answer",
    1: "worse",
    2: "bad usage or file",
    3: "undecided",
    4: "workload or environment failed",
}
_MORE_CODES = {5: "not restored", 6: "storage", 7: "busy", 8: "refused by the safety rules"}
_BUSY, _BUSY_S, _PAUSE_S = 7, 600.0, 5.0
"""The exit code of a machine that another process changes; how long to wait for it, and between attempts."""

_SAID = 3
"""Last lines of what a failed command said."""


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    said: str
    seconds: float

    @property
    def answered(self) -> bool:
        """Whether there is a verdict."""
        return self.code in ANSWERED

    @property
    def why(self) -> str:
        """The exit code in words, and the last lines that were said."""
        last = " / ".join(line.strip() for line in self.said.strip().splitlines()[-_SAID:])
        return f"exit {self.code}, {({**_CODES, **_MORE_CODES}).get(self.code, 'ended otherwise')}: {last}"


def run_words(
    entry: Entry, reports: Path, overrides: Sequence[str] = (), *, fresh: bool = False
) -> list[str]:
    """The words behind `autotune` that run the study of `entry`."""
    words = ["run", str(entry.path), "--reports", str(reports)]
    words += [word for override in overrides for word in ("--set", override)]
    words += ["--allow-risk"] if entry.allow_risk else []
    return [*words, "--fresh"] if fresh else words


def when_free(words: Sequence[str], *, env: Mapping[str, str] | None = None, log: Path | None = None) -> Done:
    """As `autotune`, again and again while another process changes the machine, for ten minutes at most."""
    deadline = time.monotonic() + _BUSY_S
    while (done := autotune(words, env=env, log=log)).code == _BUSY and time.monotonic() < deadline:
        time.sleep(_PAUSE_S)
    return done


def autotune(words: Sequence[str], *, env: Mapping[str, str] | None = None, log: Path | None = None) -> Done:
    """Runs autotune in the project's folder; its progress goes to `log`, where one is given."""
    start = time.monotonic()
    with subprocess.Popen(
        [AUTOTUNE, *words],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **(env or {})},
    ) as process:
        try:
            out, said = process.communicate()
        except KeyboardInterrupt:
            process.communicate()  # a terminal has interrupted it as well: it saves, restores and ends
            raise
    if log is not None:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(said + out)
    return Done(process.returncode, out, said, time.monotonic() - start)
