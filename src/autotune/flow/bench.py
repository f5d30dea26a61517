"""Measures a configuration, telling a failing environment from a failing configuration."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

from autotune.actuate.apply import apply
from autotune.core.errors import WorkloadError
from autotune.flow.host import Host
from autotune.flow.host_change import RefusedValueError
from autotune.measure.folder import discard
from autotune.measure.launcher import Launcher
from autotune.measure.sample import take
from autotune.measure.serving.serving import Serving
from autotune.model.ports import Driver
from autotune.model.space import Config
from autotune.model.trial import Sample, State
from autotune.model.workload import Applied, Workload

_RETRY_AFTER_S = (0.2, 1.0)
"""Pauses before a sample whose environment failed is taken again: long enough for a hiccup to pass."""


@dataclass(kw_only=True)
class Bench:
    """Takes samples of one workload, each in a folder of its own below `scratch`.

    `host` brings the machine to each sample's configuration first, `serving` has the service that the
    workload starts; `close` ends it.
    """

    workload: Workload
    baseline: Config
    launcher: Launcher
    driver: Driver
    host: Host
    scratch: Path
    seed: int
    secrets: frozenset[str]
    note: Callable[[str], None]
    serving: Serving | None = None
    pause: Callable[[float], None] = time.sleep
    _numbers: count[int] = field(default_factory=count)

    def sample(self, config: Config, *, trial: int, abort_s: float | None = None) -> Sample:
        """One sample under `config`, aborted after `abort_s`; taken again where its environment fails.

        A configuration whose environment keeps failing while the baseline works is itself to blame: the
        sample is then failed(config). Raises WorkloadError where the baseline fails as well.
        """
        sample = self._patiently(config, trial, abort_s)
        if sample.state is not State.FAILED_ENVIRONMENT:
            return sample
        if dict(config) == dict(self.baseline) or self._patiently(self.baseline, trial).state is not State.OK:
            raise WorkloadError(
                f"the environment of workload '{self.workload.name}' fails: {sample.reason}. "
                "Mend that, and run the same command again."
            )
        return replace(
            sample, state=State.FAILED_CONFIG, reason=f"{sample.reason} (the baseline works in this place)"
        )

    def _patiently(self, config: Config, trial: int, abort_s: float | None = None) -> Sample:
        sample = self._once(config, trial, abort_s)
        for seconds in _RETRY_AFTER_S:
            if sample.state is not State.FAILED_ENVIRONMENT:
                break
            self.note(f"environment failed, trying again: {sample.reason}")
            self.pause(seconds)
            sample = self._once(config, trial, abort_s)
        return sample

    def _once(self, config: Config, trial: int, abort_s: float | None) -> Sample:
        """A sample on the machine as `config` asks; one that the machine refuses is never measured."""
        try:
            change = self.host.bring(self.workload, config)
        except RefusedValueError as error:
            state = State.FAILED_ENVIRONMENT if error.transient else State.FAILED_CONFIG
            reason = f"apply: {error}"
            return Sample(state=state, reason=reason, changing_s=error.seconds, total_s=error.seconds)
        sample = self._measured(config, trial, abort_s)
        total_s = sample.total_s + change.seconds
        return replace(sample, changing_s=change.seconds, total_s=total_s, coerced=change.coerced)

    def _measured(self, config: Config, trial: int, abort_s: float | None) -> Sample:
        self._prepare()
        number = next(self._numbers)
        folder = self.scratch / f"sample-{number}"
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            applied = self._applied(config, folder)
        except OSError as error:  # our own disk, not the configuration
            return Sample(state=State.FAILED_ENVIRONMENT, reason=f"{folder}: {error.strerror}")
        try:
            return take(
                self.workload,
                applied,
                folder=folder,
                launcher=self.launcher,
                driver=self.driver,
                trial=trial,
                seed=self.seed,
                number=number,
                secrets=self.secrets,
                serving=self.serving,
                abort_s=abort_s,
            )
        finally:
            discard(folder)

    def _prepare(self) -> None:
        """Has the service's data made under the baseline, before the first sample."""
        if self.serving is None or self.serving.is_prepared:
            return
        folder = self.scratch / "prepare"
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            self.serving.prepare(self._applied(self.baseline, folder), folder)
        finally:
            discard(folder)

    def _applied(self, config: Config, folder: Path) -> Applied:
        facts = self.serving.facts() if self.serving else {}
        return apply(self.workload, config, folder, facts=facts)

    def close(self) -> None:
        """Ends the service that the workload starts."""
        if self.serving:
            self.serving.close()
