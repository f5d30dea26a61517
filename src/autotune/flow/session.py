"""Opens a run: a new one, the unfinished one, or the finished one whose budget has grown."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from autotune.core.errors import UsageError
from autotune.core.files import locked
from autotune.core.redact import without_secret_words, without_secrets
from autotune.core.units import duration_s
from autotune.model.fingerprint import Fingerprint, changes
from autotune.model.run import RunRecord
from autotune.model.study import Study
from autotune.model.trial import State
from autotune.store.store import Store


@dataclass(kw_only=True)
class Session:
    """A run that this process alone works on; `folder` is where its results go.

    `told` is what has changed since it was started and is allowed to.
    """

    store: Store
    run: str
    folder: Path
    resumed: bool
    told: tuple[str, ...] = ()

    def record(self) -> RunRecord:
        """The run as the store holds it now."""
        return self.store.load_run(self.run)

    @property
    def scratch(self) -> Path:
        """Where samples have their folders; emptied when the session opens and closes."""
        return self.folder / "scratch"


@contextmanager
def opened(
    study: Study, reports: Path, *, fresh: bool, host: Mapping[str, Any], accept_changes: bool = False
) -> Iterator[Session]:
    """The session for `study` under `reports`, locked against a second process.

    Raises BusyError while another process runs the study, UsageError with a diff when the study differs from
    the one that the unfinished run was started with in more than a larger budget, or when machine or workload
    is another one by `host["fingerprint"]` and `accept_changes` is not given.
    """
    home = reports / study.name
    with suppress(OSError):  # the lock says what is wrong with the folder
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (
        locked(home / "lock", what=f"study '{study.name}'"),
        Store.open(home / "study.db") as store,
    ):
        session = _session(study, home, store, fresh=fresh, host=host)
        if session.resumed:
            refuse_other(session, host.get("fingerprint", {}), accepted=accept_changes)
        shutil.rmtree(session.scratch, ignore_errors=True)
        try:
            yield session
        finally:
            shutil.rmtree(session.scratch, ignore_errors=True)


def _session(study: Study, home: Path, store: Store, *, fresh: bool, host: Mapping[str, Any]) -> Session:
    document = _storable(study)
    last = None if fresh else store.latest_run()
    if last is None or any(s.state is not State.OK for s in last.baseline):
        run = _name(store)
        store.begin_run(run, study.name, document, host)
        return Session(store=store, run=run, folder=home / run, resumed=False)
    changes = differences(last.document, document)
    if changes and not (last.baseline or last.trials):  # refused before anything was measured, then mended
        return _session(study, home, store, fresh=True, host=host)
    if changes and not _only_grown(changes):
        raise UsageError(
            f"study '{study.name}' has changed since run {last.run} was started:\n"
            + "\n".join(f"  {path}: {_text(old)} -> {_text(new)}" for path, (old, new) in changes.items())
            + "\nA larger budget alone goes on. Undo the change, or start anew with --fresh."
        )
    if changes:
        store.update_document(last.run, document)
        store.stop_search(last.run, "")
    return Session(store=store, run=last.run, folder=home / last.run, resumed=True)


def refuse_other(session: Session, now: Fingerprint, *, accepted: bool) -> None:
    """Raises UsageError where the run was started on another machine or workload, unless that is `accepted`.

    What is accepted stays with the run; what does not decide is only told.
    """
    record = session.record()
    found = changes(record.host.get("fingerprint", {}), now)
    deciding = [change for change in found if change.deciding]
    if deciding and not accepted:
        raise UsageError(
            f"run {record.run} was started under other circumstances:\n"
            + "\n".join(f"  {change}" for change in deciding)
            + "\nSamples from before and after are not comparable. Start anew with --fresh, or go on all the "
            "same with --accept-changes: the report will say so."
        )
    if found:
        session.told = tuple(map(str, found))
        kept = [*record.host.get("accepted_changes", []), *map(str, deciding)]
        session.store.note_host(session.run, {"fingerprint": dict(now), "accepted_changes": kept})


def _storable(study: Study) -> dict[str, Any]:
    """The resolved study without the secrets of its workload's environment and commands."""
    workload = dict(study.document["workload"])
    if workload.get("env"):
        workload["env"] = without_secrets(workload["env"])
    if workload.get("command"):
        workload["command"] = without_secret_words(workload["command"])
    for name in ("check", "reset", "service", "prepare", "load"):
        if beside := workload.get(name):
            words = {
                key: without_secret_words(given) for key, given in beside.items() if isinstance(given, list)
            }
            workload[name] = {**beside, **words}
    return {**study.document, "workload": workload}


def _name(store: Store) -> str:
    """The time of the start, as a name that sorts and that no run of the store has yet."""
    stamp = datetime.now().astimezone().strftime("%Y-%m-%dT%H-%M-%S")
    taken = set(store.runs())
    return next(n for n in (stamp, *(f"{stamp}.{i}" for i in range(1, 1000))) if n not in taken)


_ABSENT = object()
_BOUNDS = frozenset({"budget.trials", "budget.wall", "budget.cost", "budget.cost.most"})
"""What may only grow in a run that goes on; rules that end a search early may change either way."""


def differences(old: Any, new: Any, path: str = "") -> dict[str, tuple[Any, Any]]:
    """Where two documents differ: path to (old, new); lists are compared as wholes."""
    if not (isinstance(old, Mapping) and isinstance(new, Mapping)):
        return {} if old == new else {path: (old, new)}
    found: dict[str, tuple[Any, Any]] = {}
    for key in dict.fromkeys((*old, *new)):
        found |= differences(
            old.get(key, _ABSENT), new.get(key, _ABSENT), f"{path}.{key}" if path else str(key)
        )
    return found


def _only_grown(changes: Mapping[str, tuple[Any, Any]]) -> bool:
    return all(path.startswith("budget.") for path in changes) and all(
        _grown(old, new) for path, (old, new) in changes.items() if path in _BOUNDS
    )


def _grown(old: Any, new: Any) -> bool:
    """Whether a bound went up; one that was taken away is the largest."""
    if any(given is None or given is _ABSENT for given in (old, new)):
        return new is None or new is _ABSENT
    return _number(new) > _number(old)


def _number(value: Any) -> float:
    return duration_s(value) if isinstance(value, str) else float(value)


def _text(value: Any) -> str:
    return "(nothing)" if value is _ABSENT else str(value)
