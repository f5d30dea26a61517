"""The margins of a run: its study's, or the floors that were known when the run was started."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autotune.flow.floors import known_floor
from autotune.flow.session import Session
from autotune.judge.margin import FURTHER, RECORDED, floored, study_margin_told
from autotune.model.study import Study


def with_floor(study: Study, session: Session, note: Callable[[str], None]) -> Study:
    """`study` with the margins that the floors leave which were known when the run was started.

    They are looked up at the first start alone and recorded with the run, so that a later self-test changes
    no verdict.
    """
    if not session.resumed:
        circumstances = session.record().host.get("fingerprint", {})
        found = {
            name: floor and floor.plain()
            for name in study.objectives
            for floor in [known_floor(study.workload.name, name, circumstances, note)]
        }
        kept: dict[str, Any] = {RECORDED: found.pop(study.objective)}
        session.store.note_host(session.run, {**kept, **({FURTHER: found} if found else {})})
    host = session.record().host
    if told := study_margin_told(study, host):
        note(told)
    return floored(study, host)
