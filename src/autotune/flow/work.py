"""What every phase of a run works with."""

from __future__ import annotations

from dataclasses import dataclass

from autotune.flow.bench import Bench
from autotune.flow.listener import Listener
from autotune.flow.session import Session
from autotune.model.study import Study


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """The study, the run that is open for it, the bench that measures, and who is told of it."""

    study: Study
    session: Session
    bench: Bench
    listener: Listener
