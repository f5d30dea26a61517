"""The margins of a run: its study's, or the floors that were known when the run was started."""

from __future__ import annotations

from collections.abc import Callable

from autotune.flow.floors import known_floor
from autotune.flow.session import Session
from autotune.judge.margin import floored, place_of, study_margin_told
from autotune.model.study import Study


def with_floor(study: Study, session: Session, note: Callable[[str], None]) -> Study:
    """`study` with the margins that the floors leave which were known when the run was started.

    They are looked up at the first start alone and recorded with the run, so that a later self-test changes
    no verdict.
    """
    if not session.resumed:
        circumstances = session.record().host.get("fingerprint", {})
        for name in study.objectives:
            floor = known_floor(study.workload.name, name, circumstances, note)
            place = place_of("" if name == study.objective else name)
            session.store.note_host(session.run, {place: floor and floor.plain()})
    host = session.record().host
    if told := study_margin_told(study, host):
        note(told)
    return floored(study, host)
