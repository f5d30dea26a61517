"""What an earlier study of the same workload found, for the search to start from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from autotune.core.errors import UsageError
from autotune.flow.outcome import outcome, settled
from autotune.flow.work import Work
from autotune.model.run import RunRecord
from autotune.model.study import Study
from autotune.model.trial import State, Trial
from autotune.store.store import Store

_KEY = "warm_start"


def start_warm(work: Work) -> None:
    """Chooses the run that the search starts from and keeps its name, so that a resumed search has the same.

    Raises UsageError where the study names a folder without a run of the same workload.
    """
    folder = work.study.warm_start
    if folder is None or _KEY in work.session.record().host:
        return
    own = (folder / "study.db").resolve() == Path(work.session.store.path).resolve()
    found = chosen(
        work.study, folder, but=work.session.run if own else ""
    )  # runs of others may have its name
    work.session.store.note_host(work.session.run, {_KEY: found.run})
    fitting, all_of_them = len(_told(work.study, found, folder)), len(found.trials)
    counted = str(all_of_them) if fitting == all_of_them else f"{fitting} of {all_of_them}"
    work.listener.note(f"warm start: {counted} trials of run {found.run} in {folder.name}")


def chosen(study: Study, folder: Path, *, but: str = "") -> RunRecord:
    """The run in `folder` that a search would start from. Raises UsageError as `start_warm`."""
    found = _latest(folder, but=but)
    _refuse_other(study, found, folder)
    return found


def earlier(study: Study, record: RunRecord) -> tuple[Trial, ...]:
    """The trials of the run that `record` started from, judged by this study; none where it started cold."""
    name = record.host.get(_KEY)
    if study.warm_start is None or name is None:
        return ()
    with Store.open(_file(study.warm_start), create=False, read_only=True) as store:
        return _told(study, store.load_run(name), study.warm_start)


def _latest(folder: Path, *, but: str) -> RunRecord:
    """The last run with trials, but for one: a study may start from an earlier run of its own."""
    file = _file(folder)
    with Store.open(file, create=False, read_only=True) as store:
        for name in reversed(store.runs()):
            if name != but and (record := store.load_run(name)).trials:
                return record
    raise UsageError(f"warm_start: {file} has no earlier run with trials. Leave the key out to start cold.")


def _file(folder: Path) -> Path:
    file = folder / "study.db"
    if not file.is_file():
        raise UsageError(
            f"warm_start: there is no {file}. It takes the folder of a study below reports/, such as "
            "../reports/NAME; leave the key out to start cold."
        )
    return file


def _refuse_other(study: Study, record: RunRecord, folder: Path) -> None:
    other = record.document["workload"]["workload"]
    if other != study.workload.name:
        raise UsageError(
            f"warm_start: {folder} tuned workload '{other}', this study tunes '{study.workload.name}': "
            "nothing is learnt from another system."
        )


def _told(study: Study, record: RunRecord, folder: Path) -> tuple[Trial, ...]:
    try:
        baseline = settled(record.baseline, study.objective)
        return tuple(
            outcome(study, trial, baseline) if trial.state is State.OK else trial
            for trial in _fitting(study, record.trials)
        )
    except KeyError as error:
        raise UsageError(
            f"warm_start: run {record.run} in {folder} has not measured {error}, which this study wants."
        ) from None


def _fitting(study: Study, trials: Iterable[Trial]) -> Iterator[Trial]:
    """The trials as configurations of this study: a parameter that is new holds what the baseline has.

    Those with a parameter that this study does not have, or a value outside its domain, are left out.
    """
    space = study.workload.space
    new = {p.name: p.default for p in space.parameters} | dict(study.baseline)
    for trial in trials:
        if all(name in space and space[name].contains(value) for name, value in trial.config.items()):
            yield replace(trial, config=space.pruned({**new, **trial.config}))
