"""The results of a recorded run, written again without measuring."""

from __future__ import annotations

from pathlib import Path

from autotune.core.errors import UsageError
from autotune.flow.publish import Published, gather, publish
from autotune.judge.margin import floored
from autotune.measure.host import facts
from autotune.store.store import Store
from autotune.study.kind import name_of
from autotune.study.load import load_document


def rebuild(study: str, *, reports: Path, run: str | None = None) -> Published:
    """Writes the files of the study's run anew (its last one where none is named) and returns what it found.

    `study` is a study file or a study's name. Raises UsageError where there is no such study or run.
    """
    path = Path(study)
    home = reports / (name_of(path) if path.suffix in {".yaml", ".yml"} else study)
    if not (home / "study.db").exists():
        raise UsageError(
            f"no run of study '{study}' is recorded under {reports}. Start one: autotune run STUDY"
        )
    with Store.open(home / "study.db", create=False) as store:
        known = store.runs()
        if run is not None and run not in known:
            raise UsageError(f"study '{study}' has no run '{run}'. Known: {', '.join(known)}")
        if not known:
            raise UsageError(f"no run of study '{study}' has started yet")
        run = run or known[-1]
        record = store.load_run(run)
        resolved = load_document(record.document, path=path.absolute(), facts=facts())
        resolved = floored(resolved, record.host)
        found = gather(resolved, store, run, home / run)
    publish(found)
    return found
