"""What a started service has around it: folder, port, environment, and commands that run beside it."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from autotune.measure.environment import environment
from autotune.measure.fill import duration_text, fill, fill_text, optional_fields
from autotune.measure.launcher import Launcher
from autotune.measure.outcome import Outcome, Request
from autotune.measure.serving.place import Place
from autotune.measure.serving.port import free_port, is_free
from autotune.model.workload import Applied, Workload


class ServiceError(Exception):
    """The service does not work; `mine` says that its configuration may be to blame."""

    def __init__(self, reason: str, *, mine: bool) -> None:
        super().__init__(reason)
        self.mine = mine


@dataclass(kw_only=True)
class Surroundings:
    """The `place` and the `port` of the service of `workload`, and what they fill in."""

    workload: Workload
    launcher: Launcher
    place: Place
    port: int

    def another_port(self) -> None:
        """Takes another port where somebody else has taken this one."""
        if not is_free(self.port):
            self.port = free_port()

    def refuse_missing(self, program: str, applied: Applied) -> None:
        """Raises ServiceError where there is no such program: not every start tells that from a crash."""
        if "/" not in program and shutil.which(program, path=self.environment(applied).get("PATH")) is None:
            raise ServiceError(f"service: there is no program '{program}'", mine=False)

    def facts(self) -> dict[str, str | int]:
        """What templates see beside parameters."""
        return {"data": str(self.place.data), "port": self.port}

    def fields(self) -> dict[str, str]:
        """What fills commands beside parameters, the same for all samples."""
        plain = {name: str(value) for name, value in self.facts().items()}
        return {"python": sys.executable, **duration_text(self.workload), **plain}

    def filled(self, argv: tuple[str, ...], applied: Applied) -> tuple[str, ...]:
        """`argv` with fields and parameters in it; raises WorkloadError for a name that nothing fills."""
        fields = {**applied.fields, **self.fields()}
        return fill(argv, fields, optional=optional_fields(self.workload))

    def text(self, text: str, applied: Applied) -> str:
        """One text filled in the same way."""
        return fill_text(text, {**applied.fields, **self.fields()})

    def environment(self, applied: Applied) -> dict[str, str]:
        """What the service and its own commands see; another user has its home in its data."""
        seen = environment(self.workload, applied)
        return {**seen, "HOME": str(self.place.data)} if self.place.user else seen

    def install(self, applied: Applied, rendered: Path) -> None:
        """Puts the files that stand in `rendered` into the service's data."""
        for name in sorted(applied.files):
            self.place.install(rendered / name, name)

    def by_user(self, argv: tuple[str, ...], applied: Applied, timeout_s: float) -> Outcome:
        """How a command of the service's user ended, in its data."""
        return self.launcher.run(
            Request(
                argv=self.place.as_user(self.filled(argv, applied)),
                cwd=self.place.data,
                env=self.environment(applied),
                timeout_s=timeout_s,
            )
        )

    def by_self(self, argv: tuple[str, ...], applied: Applied, timeout_s: float) -> Outcome:
        """How a command of autotune's own user ended, in the workload's folder."""
        return self.launcher.run(
            Request(
                argv=self.filled(argv, applied),
                cwd=self.workload.folder,
                env=environment(self.workload, applied),
                timeout_s=timeout_s,
            )
        )


def must(done: Outcome, what: str) -> None:
    """Raises ServiceError, with the last line of what was said, where a command beside the service failed."""
    if done.good:
        return
    if done.start_error:
        how = f"cannot be started: {done.start_error}"
    else:
        how = "took too long" if done.timed_out else done.signal or f"exit code {done.exit_code}"
    text = (done.stderr.text.strip() or done.stdout.text.strip()).splitlines()
    raise ServiceError(f"{what}: {how}" + (f": {text[-1].strip()}" if text else ""), mine=False)


def made(workload: Workload, user: str, launcher: Launcher) -> Surroundings:
    """New ones, with an empty folder and a free port; raises WorkloadError where there are none to be had."""
    return Surroundings(workload=workload, launcher=launcher, place=Place(user), port=free_port())
