"""The margin of a run: its study's, or the floor that was known when the run was started."""

from __future__ import annotations

from collections.abc import Callable

from autotune.flow.floors import known_floor
from autotune.flow.session import Session
from autotune.judge.margin import RECORDED, floored, study_margin_told
from autotune.model.study import Study


def with_floor(study: Study, session: Session, note: Callable[[str], None]) -> Study:
    """`study` with the margin that the floor leaves which was known when the run was started.

    It is looked up at the first start alone and recorded with the run, so that a later self-test changes no
    verdict.
    """
    if not session.resumed:
        circumstances = session.record().host.get("fingerprint", {})
        floor = known_floor(study.workload.name, study.objective, circumstances, note)
        session.store.note_host(session.run, {RECORDED: floor and floor.plain()})
    host = session.record().host
    if told := study_margin_told(study, host):
        note(told)
    return floored(study, host)
