"""The one way in and out of a study's database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import func, insert, select, update

from autotune.core.errors import StorageError, UsageError
from autotune.model.run import Arm, Confirmation, Contest, Phase
from autotune.model.space import Config
from autotune.model.trial import Sample, State
from autotune.store import load, sqlite, tables
from autotune.store.place import Place
from autotune.store.probe import probe
from autotune.store.reader import Reader
from autotune.store.rows import Role
from autotune.store.save import next_index, save_sample
from autotune.store.session import Session

WAIT_S = 60.0
"""How long a write waits for another process that holds the store."""


class Store(Reader):
    """A study's runs on disk; each method is one transaction that is durable when it returns.

    Every method raises StorageError where the disk is full, the store locked for too long, or damaged:
    what was saved before stays, nothing is half-written. Made by `Store.open`; a context manager.
    """

    @classmethod
    def open(
        cls, path: Path, *, create: bool = True, read_only: bool = False, wait_s: float = WAIT_S
    ) -> Self:
        """The store at `path`, made when it is missing and `create`; `read_only` refuses to write.

        One of an older version is brought up to this one, unless it is opened for reading alone.
        Raises StorageError, with the file untouched, where it is missing, damaged, no store, or too new.
        """
        if create and not read_only and not path.exists():
            sqlite.create(path)
        if not path.exists():
            raise StorageError(f"There is no store at {path}. `autotune run STUDY` makes it.")
        version = probe(path, timeout_s=wait_s)
        mode: sqlite.Mode = "read" if read_only else "write"
        session = Session(path, sqlite.connect(path, timeout_s=wait_s, mode=mode), wait_s=wait_s)
        if version < tables.SCHEMA and not read_only:
            _bring_up(session)
        return cls(session)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the file."""
        self._session.close()

    def begin_run(self, run: str, study: str, document: Mapping[str, Any], host: Mapping[str, Any]) -> None:
        """A new run; raises StorageError where one of that name exists."""
        with self._session.writing() as connection:
            if load.run_row(connection, run) is not None:
                raise StorageError(f"{self.path} already holds a run called {run}. Nothing was changed.")
            values = {"run": run, "study": study, "document": dict(document), "host": dict(host)}
            connection.execute(insert(tables.run).values(**values, stopped=""))

    def update_document(self, run: str, document: Mapping[str, Any]) -> None:
        """Replaces the run's resolved study (a larger budget)."""
        self._change_run(run, document=dict(document))

    def note_host(self, run: str, facts: Mapping[str, Any]) -> None:
        """Adds `facts` to what is known of the run's host; one of the same name is replaced."""
        with self._session.writing() as connection:
            row = self._session.row(connection, run)
            here = tables.run.c.id == row.id
            connection.execute(update(tables.run).where(here).values(host={**row.host, **facts}))

    def stop_search(self, run: str, why: str) -> None:
        """Says why the search ended; "" opens it again."""
        self._change_run(run, stopped=why)

    def add_trial(self, run: str, number: int, config: Config, origin: str) -> None:
        """A trial that is about to be measured; the same trial again changes nothing.

        Raises StorageError where the number is taken by another configuration.
        """
        with self._session.writing() as connection:
            run_id = self._session.row(connection, run).id
            row = connection.execute(select(tables.trial).where(*_trial(run_id, number))).one_or_none()
            if row is not None and row.config == dict(config):
                return
            if row is not None:
                raise StorageError(f"Trial {number} of run {run} exists with another configuration.")
            values = {"config": dict(config), "origin": origin, "reason": "", "violation": 0.0}
            connection.execute(
                insert(tables.trial).values(run_id=run_id, number=number, state=State.RUNNING.value, **values)
            )

    def finish_trial(  # noqa: PLR0913  a trial ends with as many facts
        self,
        run: str,
        number: int,
        *,
        state: State,
        value: float | None = None,
        further: Sequence[float] = (),
        violation: float = 0.0,
        reason: str = "",
    ) -> None:
        """How the trial ended; saved before the sampler is told."""
        values = {
            "state": state.value,
            "value": value,
            "further": list(further),
            "violation": violation,
            "reason": reason,
        }
        with self._session.writing() as connection:
            here = _trial(self._session.row(connection, run).id, number)
            if connection.execute(update(tables.trial).where(*here).values(**values)).rowcount == 0:
                raise UsageError(f"Run {run} in {self.path} has no trial {number}.")

    def reopen_trial(self, run: str, number: int) -> None:
        """Puts the trial back to `running` to be measured further; its samples stay."""
        self.finish_trial(run, number, state=State.RUNNING)

    def add_sample(  # noqa: PLR0913  a place has as many parts
        self,
        run: str,
        sample: Sample,
        *,
        role: Role,
        trial: int | None = None,
        index: int | None = None,
        attempt: int | None = None,
        contest: int | None = None,
        pair: int | None = None,
        arm: Arm | None = None,
        order: int | None = None,
    ) -> None:
        """Saves the sample in its place: number `index` of the baseline or of a trial, or an arm of a pair.

        Without `index` it comes after the last one; a sentinel before `trial` has that of whose
        configuration it measures as its index (-1: the baseline). The same sample in the same place again
        changes nothing, so that a call can be repeated after a doubt; in the place of an interrupted sample
        it takes over. Of a pair that is run again the second run has index 1. In a contest `pair` is the
        block and `index` the entrant.
        Raises StorageError where another sample is there, ValueError for half a place.
        """
        with self._session.writing() as connection:
            run_id = self._session.row(connection, run).id
            if index is None and role in {"baseline", "trial"}:
                index = next_index(connection, run_id, role, trial)
            place = Place(
                role=role,
                trial=trial,
                index=index,
                attempt=attempt,
                contest=contest,
                pair=pair,
                arm=arm,
                turn=order,
            )
            save_sample(connection, run_id, place, sample)

    def add_confirmation(self, run: str, plan: Confirmation) -> None:
        """The plan of a comparison, saved before its first pair; more `pairs` may be planned later."""
        table = tables.confirmation
        values = {
            "round": plan.round,
            "trial": plan.trial,
            "config": dict(plan.config),
            "alpha": plan.alpha,
            "pairs": plan.pairs,
        }
        with self._session.writing() as connection:
            run_id = self._session.row(connection, run).id
            here = (table.c.run_id == run_id, table.c.attempt == plan.attempt)
            if connection.execute(update(table).where(*here).values(**values)).rowcount == 0:
                connection.execute(insert(table).values(run_id=run_id, attempt=plan.attempt, **values))

    def add_contest(self, run: str, plan: Contest) -> None:
        """The plan of a contest, saved before its first block; raises StorageError where it is there."""
        table = tables.contest
        with self._session.writing() as connection:
            run_id = self._session.row(connection, run).id
            connection.execute(
                insert(table).values(
                    run_id=run_id,
                    number=plan.number,
                    round=plan.round,
                    stage=plan.stage,
                    entrants=[asdict(entrant) for entrant in plan.entrants],
                    blocks=plan.blocks,
                )
            )

    def set_phase(self, run: str, phase: Phase, status: str, seconds_to_add: float = 0.0) -> None:
        """The phase's status; its seconds add up over all the stops of the run."""
        table = tables.phase
        with self._session.writing() as connection:
            run_id = self._session.row(connection, run).id
            here = (table.c.run_id == run_id, table.c.phase == phase)
            values = {"status": status, "seconds": table.c.seconds + seconds_to_add}
            if connection.execute(update(table).where(*here).values(**values)).rowcount == 0:
                count = select(func.count()).select_from(table).where(table.c.run_id == run_id)
                new = {"phase": phase, "status": status, "seconds": seconds_to_add}
                position = connection.scalar(count)
                connection.execute(insert(table).values(run_id=run_id, position=position, **new))

    def _change_run(self, run: str, **values: Any) -> None:
        with self._session.writing() as connection:
            row = self._session.row(connection, run)
            connection.execute(update(tables.run).where(tables.run.c.id == row.id).values(**values))


def _bring_up(session: Session) -> None:
    from autotune.store.upgrade import upgrade  # noqa: PLC0415  alembic is needed once in a store's life

    try:
        with session.writing() as connection:
            upgrade(connection)
    except BaseException:
        session.close()
        raise


def _trial(run_id: int, number: int) -> tuple[Any, Any]:
    return tables.trial.c.run_id == run_id, tables.trial.c.number == number
