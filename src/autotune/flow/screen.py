"""The screening: few measurements that tell which parameters matter at all."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from autotune.core.files import write_atomic
from autotune.core.strict_yaml import dump
from autotune.flow.host import Host
from autotune.flow.listener import Listener
from autotune.flow.outcome import settled, values
from autotune.flow.run import begun
from autotune.flow.screen_study import TRAJECTORIES, screening_of
from autotune.flow.sentinel import BASELINE
from autotune.judge.elementary import screened
from autotune.measure.launcher import Launcher
from autotune.model.run import RunRecord
from autotune.model.screening import Design, Reading, Screening, idle
from autotune.model.space import config_key
from autotune.model.study import Study
from autotune.model.trial import Sample, State
from autotune.report.screening import screening_data

_LEVEL = 0.05
"""Of all objectives together: how many screenings in which nothing matters name a parameter all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Screened:
    """What a screening of `study` found: one answer for each objective, and where it stands."""

    study: Study
    design: Design
    record: RunRecord
    screenings: tuple[Screening, ...]
    folder: Path

    @property
    def idle(self) -> tuple[str, ...]:
        """Parameters that are not distinguishable from noise, in declared order."""
        found = idle(self.screenings)
        return tuple(name for name in self.design.parameters if name in found)

    @property
    def undecided(self) -> bool:
        """Whether no parameter at all stands out."""
        readings = {effect.reading for one in self.screenings for effect in one.effects}
        return not readings & {Reading.MATTERS, Reading.FAILS}

    @property
    def path(self) -> Path:
        """The results for machines."""
        return self.folder / "screen.json"


def screen(  # noqa: PLR0913  each is a choice of the caller
    study: Study,
    *,
    trajectories: int = TRAJECTORIES,
    reports: Path,
    fresh: bool,
    listener: Listener,
    launcher: Launcher,
    machine: Host | None = None,
    accept_changes: bool = False,
) -> Screened:
    """Measures the baseline and the steps around it, as a run measures its trials, and writes what they say.

    Goes on where an earlier screening of the same study was stopped. Other arguments and errors as `run`.
    """
    measured, design = screening_of(study, trajectories=trajectories)
    with begun(
        measured,
        reports=reports,
        fresh=fresh,
        listener=listener,
        launcher=launcher,
        machine=machine,
        accept_changes=accept_changes,
    ) as going:
        going.searched()
        session = going.work.session
        found = _judged(study, design, session.record(), session.folder)
    data = screening_data(study, design, found.record, found.screenings, found.idle)
    write_atomic(found.path, json.dumps(data, indent=1, allow_nan=False) + "\n")
    return found


def _judged(study: Study, design: Design, record: RunRecord, folder: Path) -> Screened:
    again = [x.sample for x in record.sentinels if x.trial == BASELINE and x.sample.state is State.OK]
    baseline: list[Sample] = [*settled(record.baseline, study.objective), *again]
    found = []
    for place, name in enumerate(study.objectives):
        seen: dict[str, float] = {
            config_key(t.config): (t.value, *t.further)[place]
            for t in record.trials
            if t.state is State.OK and t.value is not None
        }
        found.append(
            screened(
                name,
                design,
                seen,
                [values(study, [sample])[place] for sample in baseline],
                seed=study.sampler.seed,
                level=_LEVEL / len(study.objectives),
            )
        )
    return Screened(study=study, design=design, record=record, screenings=tuple(found), folder=folder)


def write_freeze(found: Screened, path: Path) -> tuple[str, ...]:
    """Writes the file for `--freeze` with all that is idle, and what the study froze before; their names.

    Raises StorageError where it cannot be written.
    """
    names = (*found.study.freeze, *found.idle)
    about = (
        f"# Not distinguishable from noise in {len(found.record.trials)} trials: screening {found.record.run}"
    )
    write_atomic(path, f"{about} of study {found.study.name}.\n{dump({'freeze': list(names)})}")
    return names
