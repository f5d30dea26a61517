"""A Workload built from its form, with the checks that need more than one key."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from autotune.core import registry
from autotune.core.expression import Expression
from autotune.core.units import duration_s
from autotune.model.ports import HostActuator
from autotune.model.space import Parameter, Space, Value
from autotune.model.workload import RESERVED_FILES, PythonCall, Step, Workload
from autotune.study.commands import command_mistakes
from autotune.study.confine import confine
from autotune.study.expressions import circles, read_expression
from autotune.study.indices import work_mistakes
from autotune.study.instance import instance, instance_mistakes, preparation, reset
from autotune.study.loads import duration, load, load_mistakes
from autotune.study.metrics import metric
from autotune.study.needs import need, need_mistakes
from autotune.study.parameters import parameter
from autotune.study.partial import spoilt
from autotune.study.schema.read import Mistake
from autotune.study.schema.read import Path as KeyPath
from autotune.study.schema.workload import StepForm, WorkloadForm
from autotune.study.services import service, service_mistakes

_COMMANDS = ("driver", "command", "python", "service", "load", "reset", "check")
_NEEDS = {"env": ("env",), "file": ("service",), "sysctl": ("network",), "template": ("files",)}
"""Keys of a workload that an actuator looks at."""

_CALL = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*")


def workload(
    form: WorkloadForm, *, base: Path, facts: Mapping[str, Value], path: KeyPath, mistakes: list[Mistake]
) -> Workload:
    """The workload that `form` writes, whose paths start from the folder `base`.

    What is wrong is added to `mistakes`, at its place under `path`; the answer is whole only without any.
    """
    mistakes.extend(_driver_mistakes(form, path))
    mistakes.extend(command_mistakes(form, path))
    folder = Path(os.path.abspath(base / form.folder))  # noqa: PTH100  resolve() would follow links
    metrics = [
        metric(name, given, (*path, "metrics", name), inner=form, mistakes=mistakes)
        for name, given in form.metrics.items()
    ]
    mistakes.extend(work_mistakes(form, path))
    mistakes.extend(service_mistakes(form, path))
    mistakes.extend(instance_mistakes(form, path))
    mistakes.extend(need_mistakes(form, path))
    step, copied = reset(form.reset, folder)
    made = Workload(
        name=form.workload,
        driver=form.driver,
        folder=folder,
        command=tuple(form.command),
        python=_python(form, folder),
        load=None if form.load is None else load(form.load),
        env=dict(form.env),
        files={name: folder / template for name, template in form.files.items()},
        metrics=tuple(m for m in metrics if m is not None),
        space=_space(form, facts, path, mistakes),
        instance=instance(form.service),
        preparation=preparation(form.prepare),
        reset=step,
        reset_copy=copied,
        check=_step(form.check),
        build=_step(form.build),
        timeout_s=duration_s(form.timeout),
        duration_s=duration(form),
        network=form.network,
        confine=confine(form.confine),
        environment=None if form.environment is None else tuple(form.environment),
        pad_environment=form.pad_environment,
        collectors=tuple(form.collectors),
        services={name: service(name, given, folder) for name, given in form.services.items()},
        path=tuple(form.path),
        needs=tuple(map(need, form.needs)),
    )
    mistakes.extend(_unappliable(made, path, mistakes))
    return made


def _unappliable(made: Workload, path: KeyPath, known: Sequence[Mistake]) -> list[Mistake]:
    """Parameters that their actuator cannot bring into a sample, but those with a mistake that is `known`."""
    wrong: list[Mistake] = []
    for one in made.space.parameters:
        place = (*path, "parameters", one.name)
        keys = _NEEDS.get(one.apply.actuator, _COMMANDS)
        also = tuple((*path, key) for key in keys)
        if spoilt(known, place, *also):
            continue
        actuator = registry.load("actuators", one.apply.actuator)()
        message = actuator.problem(one, made)
        if message and isinstance(actuator, HostActuator):
            wrong.append(Mistake(path=(*place, "apply"), message=message))
        elif message:
            wrong.append(Mistake(path=place, message=message, at_key=True, also=also))
    return wrong


def _space(form: WorkloadForm, facts: Mapping[str, Value], path: KeyPath, mistakes: list[Mistake]) -> Space:
    known = (*form.parameters, *facts)
    found = [
        parameter(name, given, (*path, "parameters", name), known=known, mistakes=mistakes)
        for name, given in form.parameters.items()
    ]
    parameters: list[Parameter] = [p for p in found if p is not None]
    mistakes.extend(circles(parameters, (*path, "parameters")))
    constraints = [
        _constraint(text, (*path, "constraints", n), known, within=(*path, "parameters"), mistakes=mistakes)
        for n, text in enumerate(form.constraints)
    ]
    return Space(
        parameters=tuple(parameters),
        constraints=tuple(c for c in constraints if c is not None),
        facts=dict(facts),
    )


def _constraint(
    text: str, path: KeyPath, known: Collection[str], *, within: KeyPath, mistakes: list[Mistake]
) -> Expression | None:
    constraint = read_expression(text, path, known=known, within=within, mistakes=mistakes)
    if constraint is not None and not constraint.names:
        message = f"'{text}' names no parameter, so that it says the same of every configuration"
        mistakes.append(Mistake(path=path, message=message))
    return constraint


def _step(form: StepForm | None) -> Step | None:
    if form is None:
        return None
    return Step(command=tuple(form.command), timeout_s=duration_s(form.timeout))


def _python(form: WorkloadForm, folder: Path) -> PythonCall | None:
    given = form.python
    if given is None:
        return None
    return PythonCall(
        call=given.call,
        path=folder / given.path,
        interpreter=given.interpreter,
        calibrate=given.calibrate,
    )


def _driver_mistakes(form: WorkloadForm, path: KeyPath) -> Iterator[Mistake]:
    driver = ((*path, "driver"),)
    if form.driver not in registry.names("drivers"):
        yield Mistake(path=driver[0], message=registry.unknown("drivers", form.driver))
    for n, name in enumerate(form.collectors):
        if name not in registry.names("collectors"):
            yield Mistake(path=(*path, "collectors", n), message=registry.unknown("collectors", name))
    yield from _key_mistakes(form, path)
    if form.python and not _CALL.fullmatch(form.python.call):
        message = f"expected module:function, as in mybench:run; found '{form.python.call}'"
        yield Mistake(path=(*path, "python", "call"), message=message)
    if form.duration is not None and duration_s(form.timeout) <= duration_s(form.duration):
        message = f"timeout {form.timeout} leaves no time for a sample of duration {form.duration}. Raise it"
        yield Mistake(path=(*path, "timeout"), message=message, also=((*path, "duration"),))
    if form.driver in {"http", "service"} and form.network == "own":
        message = f"a network of its own reaches no service: driver {form.driver} needs 'network: host'"
        yield Mistake(path=(*path, "network"), message=message, also=driver)
    yield from load_mistakes(form, path)
    yield from _apply_mistakes(form, path)


def _key_mistakes(form: WorkloadForm, path: KeyPath) -> Iterator[Mistake]:
    """Whether the driver's own key is there, and no other driver's."""
    driver = ((*path, "driver"),)
    keys = {"command": ("command",), "python": ("python",), "load": ("http", "service")}
    known = {owner for owners in keys.values() for owner in owners}
    for key, owners in keys.items():
        given = getattr(form, key)
        if form.driver in owners and not given:
            message = f"driver {form.driver} needs '{key}', and it is missing"
            place = (*path, key)
            yield Mistake(path=path, message=message, at_key=True, also=(*driver, place), missing=place)
        if form.driver not in owners and given and form.driver in known:
            message = f"'{key}' belongs to driver {' or '.join(owners)}, found driver {form.driver}"
            yield Mistake(path=(*path, key), message=message, at_key=True, also=driver)


def _apply_mistakes(form: WorkloadForm, path: KeyPath) -> Iterator[Mistake]:
    for name, given in form.parameters.items():
        place = (*path, "parameters", name, "apply")
        if (
            given.apply == "arguments"
            and form.driver != "python"
            and form.driver in registry.names("drivers")
        ):
            message = "'arguments' are a function's, for driver python. Did you mean 'apply: argv'?"
            yield Mistake(path=place, message=message, also=((*path, "driver"),))
        if given.apply == "template" and not form.files:
            message = "'template' needs a template: files: {name: path}"
            yield Mistake(path=place, message=message, also=((*path, "files"),))
    for name in set(form.files) & RESERVED_FILES:
        message = f"'{name}' is what every sample has by itself. Take another name"
        yield Mistake(path=(*path, "files", name), message=message, at_key=True)
