"""What a workload's commands mention, against what there is to fill in."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from autotune.core.placeholders import names, problems
from autotune.model.workload import PLACEHOLDERS
from autotune.study.schema.read import Mistake, Path
from autotune.study.schema.workload import WorkloadForm


def command_mistakes(form: WorkloadForm, path: Path) -> Iterator[Mistake]:
    """Unknown placeholders, parameters that no command mentions, and `{duration}` without a duration."""
    applied = {name for name, p in form.parameters.items() if p.apply == "argv"}
    known = {*PLACEHOLDERS, *applied}
    words = dict(_words(form, path))
    for place, word in words.items():
        for name, message in problems(word, known):
            if name not in form.parameters:  # those have a sentence of their own
                yield Mistake(path=place, message=message, also=((*path, "parameters", name),))
        for message in _misused(form, word):
            yield Mistake(path=place, message=message, also=((*path, "duration"), (*path, "driver")))
    yield from _env_mistakes(form, path, known)
    mentioned = frozenset[str]().union(*map(names, words.values()))
    if form.driver == "command" and not form.command:
        return  # that is the mistake, and nothing follows from it
    steps = tuple((*path, key) for key in ("driver", "command", "reset", "check"))
    for name in sorted(applied - mentioned):
        message = (
            f"parameter '{name}' is applied by argv, and no command mentions '{{{name}}}'. "
            "Put it in a command, or say how else it is applied: {env: NAME}, template"
        )
        yield Mistake(path=(*path, "parameters", name), message=message, at_key=True, also=steps)


def _misused(form: WorkloadForm, word: str) -> Iterator[str]:
    """Fields that exist and have nothing to fill in."""
    for name in sorted(names(word)):
        if name == "duration" and form.duration is None:
            yield "'{duration}' is used, and no duration is given. Write one, such as duration: 20s"
        apply = form.parameters[name].apply if name in form.parameters else None
        way = next(iter(apply), "") if isinstance(apply, dict) else apply
        if way in {"env", "template"} and apply != "env":
            yield f"parameter '{name}' is applied by {way}, so that no command gets it. Did you mean argv?"


def _words(form: WorkloadForm, path: Path) -> Iterator[tuple[Path, str]]:
    """Every word that is filled in before a program gets it, with its place in the file."""
    yield from (((*path, "command", n), word) for n, word in enumerate(form.command))
    if form.load is not None:
        yield (*path, "load", "url"), form.load.url
    for key, step in (("reset", form.reset), ("check", form.check)):
        yield from (((*path, key, "command", n), word) for n, word in enumerate(step.command if step else ()))
    for name, metric in form.metrics.items():
        if metric.file is not None:
            yield (*path, "metrics", name, "file"), metric.file
        for key, file in (("hdr", metric.hdr), ("numbers", metric.numbers)):
            if file is not None:
                yield (*path, "metrics", name, key), file


def _env_mistakes(form: WorkloadForm, path: Path, known: Collection[str]) -> Iterator[Mistake]:
    for variable, text in form.env.items():
        for name in sorted(names(text) & set(known)):
            message = f"'{{{name}}}' is not filled in here: the environment gets its values as they are"
            yield Mistake(path=(*path, "env", variable), message=message)
