"""Services built from their forms, and the parameters that name one."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path as Folder

from autotune.core.hint import did_you_mean
from autotune.core.units import duration_s
from autotune.model.service import Ready, Service
from autotune.study.schema.read import Mistake, Path
from autotune.study.schema.services import ReadyForm, ServiceForm
from autotune.study.schema.workload import WorkloadForm

_UNIT = re.compile(r"[A-Za-z0-9:_.@\\-]+\.(service|socket|target|slice|scope)")
_PLACE = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]+):[1-9]\d{0,4}")


def service(name: str, form: ServiceForm, folder: Folder) -> Service:
    """The service called `name`, whose commands run in `folder`."""
    return Service(
        name=name,
        folder=folder,
        unit=form.unit or "",
        start=tuple(form.start),
        stop=tuple(form.stop),
        reload=tuple(form.reload),
        signal=(form.signal or "").removeprefix("SIG"),
        pidfile=form.pidfile or "",
        ready=_ready(form.ready),
    )


def _ready(form: ReadyForm | None) -> Ready:
    if form is None:
        return Ready()
    return Ready(tcp=form.tcp or "", command=tuple(form.command), within_s=duration_s(form.within))


def service_mistakes(form: WorkloadForm, path: Path) -> Iterator[Mistake]:
    """What is wrong with the services, and with the parameters' words for them."""
    for name, one in form.services.items():
        yield from _keys(one, (*path, "services", name))
        if one.ready:
            yield from _ready_mistakes(one.ready, (*path, "services", name, "ready"))
    yield from _names(form, path)


def _keys(form: ServiceForm, path: Path) -> Iterator[Mistake]:
    commands = {"start": form.start, "stop": form.stop, "reload": form.reload, "signal": form.signal}
    given = [key for key, value in commands.items() if value]
    message = ""
    if form.unit and given:
        message = f"systemd knows how to {given[0]} unit '{form.unit}': leave '{given[0]}' out"
    elif not form.unit and not given:
        message = "a service needs 'unit', or 'start' and 'stop', or 'reload' or 'signal'"
    elif form.unit and not _UNIT.fullmatch(form.unit):
        message = f"'{form.unit}' is no unit of systemd. Did you mean '{form.unit}.service'?"
    elif bool(form.start) != bool(form.stop):
        message = "'start' and 'stop' belong together: a restart needs both"
    elif form.reload and form.signal:
        message = "'reload' and 'signal' are two ways to do the same: leave one of them out"
    elif bool(form.signal) != bool(form.pidfile):
        message = "'signal' and 'pidfile' belong together: what to send, and to which process"
    elif form.signal and not hasattr(signal, f"SIG{form.signal.removeprefix('SIG')}"):
        message = f"there is no signal '{form.signal}'. Did you mean 'HUP'?"
    if message:
        yield Mistake(path=path, message=message, at_key=True)


def _ready_mistakes(form: ReadyForm, path: Path) -> Iterator[Mistake]:
    if bool(form.tcp) == bool(form.command):
        yield Mistake(path=path, message="'ready' needs one of 'tcp' and 'command'", at_key=True)
    elif form.tcp and not _PLACE.fullmatch(form.tcp):
        message = f"expected HOST:PORT such as 127.0.0.1:5432, found '{form.tcp}'"
        yield Mistake(path=(*path, "tcp"), message=message)


def _names(form: WorkloadForm, path: Path) -> Iterator[Mistake]:
    for name, given in form.parameters.items():
        wanted = given.apply.get("service", "") if isinstance(given.apply, Mapping) else ""
        if not wanted or wanted in form.services:
            continue
        known = ", ".join(form.services) or "none, as 'services:' of the workload names none"
        message = f"'{wanted}' is no service. Known: {known}.{did_you_mean(wanted, form.services)}"
        place = (*path, "parameters", name, "apply", "service")
        yield Mistake(path=place, message=message, also=((*path, "services", wanted),))
