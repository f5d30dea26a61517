"""What a service has to do, built from its form."""

from __future__ import annotations

import re
from collections.abc import Iterator

from autotune.core.placeholders import names
from autotune.core.units import duration_s, rate_per_s
from autotune.core.url import host, is_loopback
from autotune.model.workload import Load
from autotune.study.schema.read import Mistake, Path
from autotune.study.schema.workload import LoadForm, WorkloadForm

_LOADS = {"http": "url", "service": "command"}
_MACHINE = re.compile(
    r"ssh://([A-Za-z0-9._-]+@)?(\[[0-9A-Fa-f:]+\]|[A-Za-z0-9][A-Za-z0-9.-]*)(:[1-9]\d{0,4})?"
)
_MOST_REQUESTS = 1_000_000


def load(form: LoadForm) -> Load:
    """The load that `form` writes; whole only where `load_mistakes` finds none."""
    return Load(
        url=form.url or "",
        command=tuple(form.command),
        on=form.on or "",
        rate_per_s=None if form.rate is None else rate_per_s(form.rate),
        users=form.users,
        duration_s=duration_s(form.duration),
        warmup_s=duration_s(form.warmup),
        arrivals=form.arrivals,
        at_once=form.concurrency,
        timeout_s=duration_s(form.timeout),
        allow_remote=form.allow_remote,
    )


def duration(form: WorkloadForm) -> float | None:
    """Seconds that the measured command is meant to run: those of a load whose command is told them."""
    if form.driver == "service" and form.load is not None:
        told = any("duration" in names(word) for word in form.load.command)
        return duration_s(form.load.duration) if told else None
    return None if form.duration is None else duration_s(form.duration)


def load_mistakes(form: WorkloadForm, path: Path) -> Iterator[Mistake]:
    """A load of the other driver, a URL elsewhere, too many requests, no time for the sample."""
    load, place = form.load, (*path, "load")
    if load is None or form.driver not in _LOADS:
        return
    driver = ((*path, "driver"),)
    for owner, key in _LOADS.items():
        given = getattr(load, key)
        if owner == form.driver and not given:
            message = f"a load of driver {owner} needs '{key}'"
            yield Mistake(path=place, message=message, at_key=True, also=((*place, key), *driver))
        if owner != form.driver and given:
            message = f"a load's '{key}' belongs to driver {owner}, found driver {form.driver}"
            yield Mistake(path=(*place, key), message=message, at_key=True, also=driver)
    yield from _time_mistakes(form, load, place)
    yield from (
        _request_mistakes(load, place) if form.driver == "http" else _command_mistakes(form, load, place)
    )


def _time_mistakes(form: WorkloadForm, load: LoadForm, path: Path) -> Iterator[Mistake]:
    longest_s = duration_s(load.duration)
    if form.driver == "http":
        longest_s += duration_s(load.warmup) + duration_s(load.timeout)
    if longest_s >= duration_s(form.timeout):
        message = f"a sample may take {longest_s:g} s until its last answer. Raise the workload's timeout"
        others = ((*path, "warmup"), (*path, "timeout"), (*path[:-1], "timeout"))
        yield Mistake(path=(*path, "duration"), message=message, also=others)


def _command_mistakes(form: WorkloadForm, load: LoadForm, path: Path) -> Iterator[Mistake]:
    if form.duration is not None:
        message = "driver service has the duration of its load: write it there alone"
        yield Mistake(path=(*path[:-1], "duration"), message=message, at_key=True)
    if load.on is not None and not _MACHINE.fullmatch(load.on):
        message = f"expected a machine such as ssh://user@host, found '{load.on}'"
        yield Mistake(path=(*path, "on"), message=message)
    for key in ("rate", "users"):
        if getattr(load, key) is not None:
            message = f"'{key}' belongs to a load on a URL: a command has its own words for it"
            yield Mistake(path=(*path, key), message=message, at_key=True)


def _request_mistakes(form: LoadForm, path: Path) -> Iterator[Mistake]:
    if form.on is not None:
        message = "the load of driver http runs on this machine: 'on' needs driver service and a command"
        yield Mistake(path=(*path, "on"), message=message, at_key=True)
    if (form.rate is None) == (form.users is None):
        message = "a load has either 'rate', an open loop, or 'users', a closed one"
        also = ((*path, "rate"), (*path, "users"))
        yield Mistake(path=path, message=message, at_key=True, also=also)
    message = _wrong_url(form)
    if message:
        yield Mistake(path=(*path, "url"), message=message, also=((*path, "allow_remote"),))
    length_s = duration_s(form.duration) + duration_s(form.warmup)
    if form.rate is not None and rate_per_s(form.rate) * length_s > _MOST_REQUESTS:
        message = f"more than {_MOST_REQUESTS:,} requests in a sample cannot be kept. Shorten its duration"
        also = ((*path, "duration"), (*path, "warmup"))
        yield Mistake(path=(*path, "rate"), message=message, also=also)


def _wrong_url(form: LoadForm) -> str:
    if not form.url or names(form.url):
        return ""  # known when it is filled, and looked at then
    try:
        name = host(form.url)
    except ValueError as error:
        return str(error)
    if form.allow_remote or is_loopback(name):
        return ""
    return f"{name} is not this machine. 'allow_remote: true' says that it may be loaded"
