"""What autotune has made of this machine, as far as its state folder tells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autotune.actuate.generations import Generation, in_force, known, read
from autotune.actuate.recover import holder, recovered, waiting_s
from autotune.core.errors import BusyError
from autotune.core.files import locked
from autotune.flow.verify import Drift, drifted
from autotune.sidecar import recovery


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The generation in force (None: no profile was ever applied, as far as is known), and all there are.

    `busy` names the process that holds the machine now; `waiting_s` is for how long a profile may still
    be confirmed. `restored` says that a dead process had left something open, which is undone now.
    """

    state: Path
    in_force: Generation | None
    generations: tuple[Generation, ...]
    drift: tuple[Drift, ...]
    busy: str = ""
    waiting_s: float | None = None
    restored: bool = False


def status(state: Path, *, note: Callable[[str], None]) -> Status:
    """The status of the machine; what a dead process left open is undone first.

    Raises NotRestoredError where something of that is left, StorageError where the state cannot be read.
    """
    restored, busy, waiting = False, "", waiting_s(state)
    if Path(recovery.journal(str(state))).exists() and not (waiting and waiting > 0):
        try:
            with locked(state / recovery.LOCK, what="this machine", wait_s=1.0):
                restored = recovered(state, note)
        except BusyError:
            busy = holder(state)
    made = in_force(state)
    return Status(
        state=state,
        in_force=made,
        generations=tuple(read(state, number) for number in known(state)),
        drift=drifted(made) if made else (),
        busy=busy,
        waiting_s=waiting,
        restored=restored,
    )
