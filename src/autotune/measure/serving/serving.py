"""The service of a workload from sample to sample: made, started, reset, reloaded, watched, ended."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path

from autotune.core.errors import WorkloadError
from autotune.core.units import show_seconds
from autotune.measure.launcher import Launcher
from autotune.measure.outcome import Outcome, Request
from autotune.measure.process import Groups
from autotune.measure.resources import exact
from autotune.measure.serving import meter
from autotune.measure.serving.port import is_free
from autotune.measure.serving.ready import tail, works
from autotune.measure.serving.running import Started
from autotune.measure.serving.surroundings import ServiceError, Surroundings, made, must
from autotune.measure.shown import clean
from autotune.model.instance import Hint, Instance, Sign
from autotune.model.trial import Resource
from autotune.model.workload import PREPARED, Applied, Workload
from autotune.sidecar import running

_PAUSE_S = 0.02
_RELOAD_S = 0.2
"""A signal has no answer: so long a service may take to read its values and to replace its workers."""

_STOP_S = 30.0
_PROBE_S = 5.0
_COPY_S = 600.0
_LAST_WORDS = 2000
_DENIED = os.strerror(errno.EACCES)
_LONG_LOG = 64 << 20
"""Bytes after which the log of a service that is started anew begins anew."""


@dataclass(slots=True)
class _State:
    """What runs, under which values, and where its part of the log begins.

    `suspect`: it may still work on something that nobody waits for.
    """

    started: Started | None = None
    restart: str = ""
    reload: str = ""
    began: int = 0
    suspect: bool = False


@dataclass(kw_only=True)
class Serving:
    """The service that `workload` starts. `close` ends it and removes its folder.

    Nothing is made before it is needed. `note` hears of what the user should know; `secrets` are hidden.
    """

    workload: Workload
    instance: Instance
    launcher: Launcher
    note: Callable[[str], None]
    secrets: Collection[str] = ()
    groups: Groups = "auto"
    is_prepared: bool = False
    _around: Surroundings | None = None
    _now: _State = field(default_factory=_State)

    @property
    def around(self) -> Surroundings:
        """Its folder and port, made where there are none yet; raises WorkloadError."""
        self._around = self._around or made(self.workload, self.instance.user, self.launcher)
        return self._around

    def facts(self) -> dict[str, str | int]:
        """What templates see beside parameters; where nothing runs, with a port that is free now."""
        if self._now.started is None:
            self.around.another_port()
        return self.around.facts()

    def close(self) -> None:
        """Ends the service and removes its folder; nothing is left, whatever it did."""
        try:
            self._stop()
        finally:
            around, self._around, self.is_prepared = self._around, None, False
            if around:
                around.place.close()

    def log(self) -> str:
        """The end of what the service has printed since its last start."""
        return tail(self.around.place.log, self._now.began)[-_LAST_WORDS:]

    def prepare(self, applied: Applied, rendered: Path) -> None:
        """Makes the data, once: under `applied`, whose files stand in `rendered`.

        Raises WorkloadError with what was said where that fails.
        """
        if self.is_prepared:
            return
        try:
            self._prepare(applied, rendered)
        except ServiceError as error:
            last = "\n".join(f"  | {line}" for line in self.log().strip().splitlines()[-8:])
            self.close()
            told = f"the service's data cannot be made: {error}." + (f"\n{last}" if last else "")
            raise WorkloadError(clean(told, self.secrets)) from error
        self.is_prepared = True

    def _prepare(self, applied: Applied, rendered: Path) -> None:
        preparation, around = self.workload.preparation, self.around
        if preparation and preparation.command:
            must(around.by_user(preparation.command, applied, preparation.timeout_s), "prepare")
        if preparation and preparation.running:
            self._start(applied, rendered)
            must(around.by_self(preparation.running, applied, preparation.timeout_s), "prepare")
            self._stop()
        if self.workload.reset_copy == PREPARED:
            around.place.data.rename(around.place.prepared)
            around.place.empty()

    def bring(self, applied: Applied, rendered: Path) -> tuple[Resource, ...]:
        """The service as `applied` asks, its data reset, and what that took: `service_restart_s`, `reset_s`.

        Files in `rendered` are put into its data first. It is started anew where it does not run, where a
        value changed that it reads at its start, and for data that are copied; reloaded where that is enough.
        Raises ServiceError where it does not work.
        """
        began, reset_s = time.perf_counter(), 0.0
        if self._must_restart(applied):
            self._stop()
            reset_s = self._copy(applied)
            self._start(applied, rendered)
        elif self._now.reload != applied.reload:
            self._reload(applied, rendered)
        restart_s = time.perf_counter() - began - reset_s
        restarted = exact("service_restart_s", restart_s, "monotonic clock: stop and start, or reload")
        copied = exact("reset_s", reset_s, "monotonic clock: copy of the data")
        return (restarted, copied) if self.workload.reset_copy else (restarted,)

    def reading(self) -> meter.Reading | None:
        """The service's counters; None where it does not run."""
        now = self._now.started
        return meter.read(now.pid, now.folders) if now and now.ended() is None else None

    def crash(self, wait_s: float = 0.0) -> str:
        """How the service ended, where it has within `wait_s`; empty while it runs."""
        ended = self._now.started.ended(wait_s) if self._now.started else None
        return _how(ended) if ended else ""

    def distrust(self) -> None:
        """Has it started anew for the next sample: its load was ended, and it may still work on that."""
        self._now.suspect = True

    def _must_restart(self, applied: Applied) -> bool:
        now = self._now
        if now.started is None or now.restart != applied.restart or self.workload.reset_copy or now.suspect:
            return True
        if how := self.crash():
            self.note(f"the service {how} between two samples, and is started anew")
            return True
        if now.reload != applied.reload:
            return self.instance.reload is None
        if not self._works(applied):
            self.note("the service did not answer between two samples, and is started anew")
            return True
        return False

    def _copy(self, applied: Applied) -> float:
        """Replaces the data, where the workload says so; the seconds that took."""
        if not self.workload.reset_copy:
            return 0.0
        began, place = time.perf_counter(), self.around.place
        place.empty()
        source = str(place.prepared) if self.workload.reset_copy == PREPARED else self.workload.reset_copy
        # In our own name: the service's user may not be able to read the folder.
        copy = ("cp", "-a", "--reflink=auto", f"{_literal(source)}/.", _literal(str(place.data)))
        must(self.around.by_self(copy, applied, _COPY_S), "reset")
        place.give(place.data)
        # What waits to be written would be written while the service is measured.
        self.around.by_self(("sync", "--file-system", _literal(str(place.data))), applied, _COPY_S)
        return time.perf_counter() - began

    def _start(self, applied: Applied, rendered: Path) -> None:
        """Starts it and waits until it works; a port that somebody took meanwhile is nobody's fault."""
        try:
            self._start_once(applied, rendered)
        except ServiceError as error:
            self._stop()
            if is_free(self.around.port):
                raise
            raise ServiceError(f"{error}; its port was taken by somebody else", mine=False) from error

    def _start_once(self, applied: Applied, rendered: Path) -> None:
        around, place = self.around, self.around.place
        start = around.filled(self.instance.start, applied)
        around.refuse_missing(start[0], applied)
        around.install(applied, rendered)
        self._refuse_somebody_else(applied)
        if place.log.stat().st_size > _LONG_LOG:
            place.log.write_bytes(b"")
        began = place.log.stat().st_size
        request = Request(
            argv=place.as_user(start),
            cwd=place.data,
            env=around.environment(applied),
            timeout_s=0.0,
            confine=self.instance.confine,
        )
        started = Started(request, place.log, self.groups)
        self._now = _State(started=started, restart=applied.restart, reload=applied.reload, began=began)
        self._until_works(started, applied)

    def _until_works(self, started: Started, applied: Applied) -> None:
        within_s = self.instance.ready.within_s
        until = time.monotonic() + within_s
        while True:
            if ended := started.ended(_PAUSE_S):
                mine = not ended.start_error and not ended.refused
                foreground = ". It has to stay in the foreground" if ended.good else self._last_line()
                raise ServiceError(f"service: it {_how(ended)} when it was started{foreground}", mine=mine)
            if self._works(applied) and running.started(started.pid) is not None:
                return
            if time.monotonic() > until:
                late = (
                    f"service: it does not work {show_seconds(within_s)} after its start{self._last_line()}"
                )
                raise ServiceError(late, mine=True)

    def _refuse_somebody_else(self, applied: Applied) -> None:
        """Raises ServiceError where somebody answers before the service is started: he would be measured."""
        sign = self.instance.ready
        place = self.around.text(sign.tcp or sign.http, applied)
        if place and self._works(applied):
            told = f"service: somebody else answers at {place} already. {{port}} is a free port"
            raise ServiceError(told, mine=False)

    def _works(self, applied: Applied) -> bool:
        sign, around = self.instance.ready, self.around
        filled = Sign(
            tcp=around.text(sign.tcp, applied),
            http=around.text(sign.http, applied),
            command=sign.command,
            log=sign.log,
        )

        def succeeds(argv: tuple[str, ...]) -> bool:
            return around.by_user(argv, applied, _PROBE_S).good

        return works(filled, log=around.place.log, since=self._now.began, succeeds=succeeds)

    def _reload(self, applied: Applied, rendered: Path) -> None:
        started, hint = self._now.started, self.instance.reload
        if started is None or hint is None:
            raise AssertionError("nothing is there to be reloaded")
        self.around.install(applied, rendered)
        self._ask(started, hint)
        time.sleep(_RELOAD_S)
        self._now.reload = applied.reload
        try:
            self._until_works(started, applied)
        except ServiceError:
            self._stop()
            raise

    def _stop(self) -> None:
        started, self._now.started = self._now.started, None
        if started and not started.stop(lambda: self._ask(started, self.instance.stop), _STOP_S):
            self.note(f"the service did not stop within {show_seconds(_STOP_S)}, and was killed")

    def _ask(self, started: Started, hint: Hint) -> None:
        if hint.signal:
            started.signal(hint.signal)
        else:
            self.around.by_user(hint.command, Applied(), _STOP_S)

    def _last_line(self) -> str:
        lines, user = self.log().strip().splitlines(), self.around.place.user
        told = f": {lines[-1].strip()}" if lines else ""
        denied = user and _DENIED in told
        return f"{told} (as user {user}: 'user: self' runs it as autotune's own)" if denied else told


def serving(
    workload: Workload, launcher: Launcher, note: Callable[[str], None], *, secrets: Collection[str] = ()
) -> Serving | None:
    """What starts the service of `workload`; None where it starts none."""
    if workload.instance is None:
        return None
    return Serving(
        workload=workload, instance=workload.instance, launcher=launcher, note=note, secrets=secrets
    )


def _how(ended: Outcome) -> str:
    if ended.start_error or ended.refused:
        return f"cannot be started ({ended.start_error or ended.refused})"
    if ended.room.oom_kills:
        return "ran out of memory"
    return f"was ended by {ended.signal}" if ended.signal else f"ended with exit code {ended.exit_code}"


def _literal(path: str) -> str:
    """A path in which nothing is filled in."""
    return path.replace("{", "{{").replace("}", "}}")
