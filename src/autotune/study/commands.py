"""What a workload's commands mention, against what there is to fill in."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from autotune.core.placeholders import names, problems
from autotune.model.workload import PLACEHOLDERS, PORT
from autotune.study.schema.read import Mistake, Path
from autotune.study.schema.workload import WorkloadForm

PYTHON = "python"
"""All that a build is told: it makes the program for every configuration."""

_OF_SAMPLE = {"out", "trial"}
"""Fields that a service has nothing of: it outlives the sample."""


def command_mistakes(form: WorkloadForm, path: Path) -> Iterator[Mistake]:
    """Unknown placeholders, parameters that no command mentions, and `{duration}` without a duration."""
    applied = {name for name, p in form.parameters.items() if p.apply == "argv"}
    known = {*PLACEHOLDERS, *([PORT] if form.service else []), *applied}
    words = dict(_words(form, path))
    of_instance = dict(_of_instance(form, path))
    for place, word in words.items():
        for name, message in problems(word, known - _OF_SAMPLE if place in of_instance else known):
            if name not in form.parameters:  # those have a sentence of their own
                yield Mistake(path=place, message=message, also=((*path, "parameters", name),))
        for message in _misused(form, word):
            yield Mistake(path=place, message=message, also=((*path, "duration"), (*path, "driver")))
    for n, word in enumerate(form.build.command if form.build else ()):
        for _, message in problems(word, {PYTHON}):
            yield Mistake(path=(*path, "build", "command", n), message=message)
    yield from _env_mistakes(form, path, known)
    mentioned = frozenset[str]().union(*map(names, words.values()))
    if form.driver == "command" and not form.command:
        return  # that is the mistake, and nothing follows from it
    steps = tuple((*path, key) for key in ("driver", "command", "service", "load", "reset", "check"))
    for name in sorted(applied - mentioned):
        message = (
            f"parameter '{name}' is applied by argv, and no command mentions '{{{name}}}'. "
            "Put it in a command, or say how else it is applied: {env: NAME}, template"
        )
        yield Mistake(path=(*path, "parameters", name), message=message, at_key=True, also=steps)


def _misused(form: WorkloadForm, word: str) -> Iterator[str]:
    """Fields that exist and have nothing to fill in."""
    for name in sorted(names(word)):
        if name == "duration" and form.duration is None and form.driver != "service":
            yield "'{duration}' is used, and no duration is given. Write one, such as duration: 20s"
        apply = form.parameters[name].apply if name in form.parameters else None
        way = next(iter(apply), "") if isinstance(apply, dict) else apply
        if way in {"env", "file", "template"} and apply != "env":
            yield f"parameter '{name}' is applied by {way}, so that no command gets it. Did you mean argv?"


def _words(form: WorkloadForm, path: Path) -> Iterator[tuple[Path, str]]:
    """Every word that is filled in before a program gets it, with its place in the file."""
    yield from (((*path, "command", n), word) for n, word in enumerate(form.command))
    if form.load is not None:
        yield (*path, "load", "url"), form.load.url or ""
        yield from (((*path, "load", "command", n), word) for n, word in enumerate(form.load.command))
    yield from _of_instance(form, path)
    for key, step in (("reset", form.reset), ("check", form.check)):
        yield from (((*path, key, "command", n), word) for n, word in enumerate(step.command if step else ()))
    for name, metric in form.metrics.items():
        if metric.file is not None:
            yield (*path, "metrics", name, "file"), metric.file
        for key, file in (("hdr", metric.hdr), ("numbers", metric.numbers)):
            if file is not None:
                yield (*path, "metrics", name, key), file


def _of_instance(form: WorkloadForm, path: Path) -> Iterator[tuple[Path, str]]:
    """The same of the service that the workload starts, and of what makes its data."""
    service, ready, made = form.service, form.service.ready if form.service else None, form.prepare
    lists = {
        ("service", "start"): service.start if service else (),
        ("service", "stop"): service.stop if service and isinstance(service.stop, list) else (),
        ("service", "reload"): service.reload if service and isinstance(service.reload, list) else (),
        ("service", "ready", "command"): ready.command if ready else (),
        ("prepare", "command"): made.command if made else (),
        ("prepare", "running"): made.running if made else (),
    }
    yield from (((*path, *keys, n), word) for keys, words in lists.items() for n, word in enumerate(words))
    yield (*path, "service", "ready", "tcp"), (ready.tcp if ready else "") or ""
    yield (*path, "service", "ready", "http"), (ready.http if ready else "") or ""


def _env_mistakes(form: WorkloadForm, path: Path, known: Collection[str]) -> Iterator[Mistake]:
    for variable, text in form.env.items():
        for name in sorted(names(text) & set(known)):
            message = f"'{{{name}}}' is not filled in here: the environment gets its values as they are"
            yield Mistake(path=(*path, "env", variable), message=message)
