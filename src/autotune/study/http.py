"""The load of driver http, built from its form."""

from __future__ import annotations

from collections.abc import Iterator

from autotune.core.placeholders import names
from autotune.core.units import duration_s, rate_per_s
from autotune.core.url import host, is_loopback
from autotune.model.workload import Load
from autotune.study.schema.read import Mistake, Path
from autotune.study.schema.workload import LoadForm

_MOST_REQUESTS = 1_000_000


def load(form: LoadForm) -> Load:
    """The load that `form` writes; whole only where `load_mistakes` finds none."""
    return Load(
        url=form.url,
        rate_per_s=None if form.rate is None else rate_per_s(form.rate),
        users=form.users,
        duration_s=duration_s(form.duration),
        warmup_s=duration_s(form.warmup),
        arrivals=form.arrivals,
        at_once=form.concurrency,
        timeout_s=duration_s(form.timeout),
        allow_remote=form.allow_remote,
    )


def load_mistakes(form: LoadForm, path: Path, *, timeout_s: float) -> Iterator[Mistake]:
    """A URL elsewhere, a rate beside users, too many requests, no time for the sample."""
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
    longest_s = length_s + duration_s(form.timeout)
    if longest_s >= timeout_s:
        message = f"a sample may take {longest_s:g} s until its last answer. Raise the workload's timeout"
        others = ((*path, "warmup"), (*path, "timeout"), (*path[:-1], "timeout"))
        yield Mistake(path=(*path, "duration"), message=message, also=others)


def _wrong_url(form: LoadForm) -> str:
    if names(form.url):
        return ""  # known when it is filled, and looked at then
    try:
        name = host(form.url)
    except ValueError as error:
        return str(error)
    if form.allow_remote or is_loopback(name):
        return ""
    return f"{name} is not this machine. 'allow_remote: true' says that it may be loaded"
