"""The service that a workload starts itself, built from its form."""

from __future__ import annotations

import pwd
import re
import signal
from collections.abc import Iterator
from pathlib import Path as Folder

from autotune.core.units import duration_s
from autotune.model.instance import Hint, Instance, Preparation, Sign
from autotune.model.workload import PORT, PREPARED, Step
from autotune.study.confine import confine
from autotune.study.schema.instance import InstanceForm, PreparationForm, ResetForm, SignForm
from autotune.study.schema.read import Mistake, Path
from autotune.study.schema.workload import WorkloadForm

_PLACE = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]+):(\{\w+\}|[1-9]\d{0,4})")
_URL = re.compile(rf"http://{_PLACE.pattern}(/.*)?")
_NOBODY, _SELF = "nobody", "self"
_DRIVERS = ("service", "http")


def instance(form: InstanceForm | None) -> Instance | None:
    """The service that `form` writes."""
    if form is None:
        return None
    return Instance(
        start=tuple(form.start),
        stop=_hint(form.stop),
        reload=None if form.reload is None else _hint(form.reload),
        ready=_sign(form.ready),
        user="" if form.user == _SELF else form.user or _NOBODY,
        confine=confine(form.confine),
    )


def _hint(given: str | list[str]) -> Hint:
    if isinstance(given, list):
        return Hint(command=tuple(given))
    return Hint(signal=given.removeprefix("SIG"))


def _sign(form: SignForm | None) -> Sign:
    if form is None:
        return Sign()
    return Sign(
        tcp=form.tcp or "",
        http=form.http or "",
        command=tuple(form.command),
        log=form.log or "",
        within_s=duration_s(form.within),
    )


def preparation(form: PreparationForm | None) -> Preparation | None:
    """What makes the service's data."""
    if form is None:
        return None
    return Preparation(
        command=tuple(form.command), running=tuple(form.running), timeout_s=duration_s(form.timeout)
    )


def reset(form: ResetForm | None, folder: Folder) -> tuple[Step | None, str]:
    """The command that resets the data, or the folder (a path, or PREPARED) that replaces them."""
    if form is None:
        return None, ""
    if form.copy_:
        return None, form.copy_ if form.copy_ == PREPARED else str(folder / form.copy_)
    return Step(command=tuple(form.command), timeout_s=duration_s(form.timeout)), ""


def instance_mistakes(form: WorkloadForm, path: Path) -> Iterator[Mistake]:
    """A service of the wrong driver, signs and signals that cannot be, data that nobody makes."""
    driver = ((*path, "driver"),)
    if form.driver == "service" and form.service is None:
        place = (*path, "service")
        message = "driver service needs 'service', and it is missing"
        yield Mistake(path=path, message=message, at_key=True, also=(*driver, place), missing=place)
    for key in ("service", "prepare"):
        if form.driver not in _DRIVERS and getattr(form, key):
            message = f"'{key}' belongs to driver service or http, found driver {form.driver}"
            yield Mistake(path=(*path, key), message=message, at_key=True, also=driver)
    if form.service and PORT in form.parameters:
        message = f"'{PORT}' is a field of every command of a service. Take another name"
        yield Mistake(path=(*path, "parameters", PORT), message=message, at_key=True)
    if form.service:
        yield from _service_mistakes(form.service, (*path, "service"))
    yield from _data_mistakes(form, path)


def _service_mistakes(form: InstanceForm, path: Path) -> Iterator[Mistake]:
    for key in ("stop", "reload"):
        given = getattr(form, key)
        if given == []:
            yield Mistake(path=(*path, key), message=f"'{key}' is empty: name a signal or a command")
        elif isinstance(given, str) and not hasattr(signal, f"SIG{given.removeprefix('SIG')}"):
            message = f"there is no signal '{given}'. A command is a list, such as [{given}]"
            yield Mistake(path=(*path, key), message=message)
    if form.user not in {None, _SELF} and not _is_user(str(form.user)):
        yield Mistake(path=(*path, "user"), message=f"this machine has no user '{form.user}'")
    if form.ready:
        yield from _sign_mistakes(form.ready, (*path, "ready"))


def _is_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _sign_mistakes(form: SignForm, path: Path) -> Iterator[Mistake]:
    given = [key for key in ("tcp", "http", "command", "log") if getattr(form, key)]
    if len(given) != 1:
        message = "'ready' needs one of 'tcp', 'http', 'command' and 'log'"
        yield Mistake(path=path, message=message, at_key=True)
    if form.tcp is not None and not _PLACE.fullmatch(form.tcp):
        message = f"expected HOST:PORT such as 127.0.0.1:{{port}}, found '{form.tcp}'"
        yield Mistake(path=(*path, "tcp"), message=message)
    if form.http is not None and not _URL.fullmatch(form.http):
        message = f"expected a URL such as http://127.0.0.1:{{port}}/, found '{form.http}'"
        yield Mistake(path=(*path, "http"), message=message)
    try:
        re.compile(form.log or "")
    except re.error as error:
        yield Mistake(path=(*path, "log"), message=f"'{form.log}' is no regular expression: {error}")


def _data_mistakes(form: WorkloadForm, path: Path) -> Iterator[Mistake]:
    if form.prepare and not (form.prepare.command or form.prepare.running):
        yield Mistake(path=(*path, "prepare"), message="'prepare' needs 'command' or 'running'", at_key=True)
    if form.reset is None:
        return
    place = (*path, "reset")
    if bool(form.reset.command) == bool(form.reset.copy_):
        yield Mistake(path=place, message="'reset' needs one of 'command' and 'copy'", at_key=True)
    elif form.reset.copy_ and form.service is None:
        message = "'copy' replaces the data of a service that the workload starts, and it has no 'service'"
        yield Mistake(path=(*place, "copy"), message=message, also=((*path, "service"),))
    elif form.reset.copy_ == PREPARED and form.prepare is None:
        message = "nothing makes {prepared}: write 'prepare:', or name a folder"
        yield Mistake(path=(*place, "copy"), message=message, also=((*path, "prepare"),))
