"""Proofs that a host actuator and its means keep their promises, for the tests of plug-in authors.

Describe the parameter as a workload does, name values that the place takes, and prove all at once:

    def test_my_actuator(tmp_path):
        case = Case(actuator=Mine(), options={"name": "pool.size"}, values=(4, 8), folder=tmp_path)
        prove(case)

Whatever happens, `prove` brings back what was there before.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from autotune.model.ports import HostActuator
from autotune.model.space import Apply, Parameter, Space, Value
from autotune.model.target import Target
from autotune.model.workload import Workload

_PROMISES = ("read", "write", "identity", "by_hand")
_SHELL_TIMEOUT_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A host actuator with the options of one parameter, and two values or more that its place takes.

    Relative paths in `options` are below `folder`. `name` is the actuator's, for its messages.
    """

    actuator: HostActuator
    options: Mapping[str, str]
    values: tuple[Value, ...]
    folder: Path
    name: str = "actuator"
    facts: Mapping[str, Value] = field(default_factory=dict)

    @property
    def apply(self) -> Apply:
        """What a workload says of the parameter."""
        return Apply(actuator=self.name, options=self.options)

    @property
    def target(self) -> Target:
        """The place, asked for anew."""
        return self.actuator.target(self.apply, self.folder)

    @property
    def means(self) -> Any:
        """The module that reads and writes the place."""
        return import_module(f"autotune.sidecar.means.{self.target.means}")

    def read(self) -> str | None:
        """What is there now."""
        found: str | None = self.means.read(self.target.address)
        return found

    def problem(self, options: Mapping[str, str] | None = None) -> str:
        """What the actuator says of a parameter with these values, by default with the case's options."""
        parameter = Parameter(
            name="parameter",
            kind="choice",
            default=self.values[0],
            values=self.values,
            apply=Apply(actuator=self.name, options=self.options if options is None else options),
        )
        space = Space(parameters=(parameter,), facts=self.facts)
        workload = Workload(name="w", driver="command", folder=self.folder, metrics=(), space=space)
        return self.actuator.problem(parameter, workload)


def prove(case: Case) -> None:
    """Proves everything below, one after the other, and restores; raises AssertionError with the promise."""
    prove_probe(case)
    prove_texts(case)
    prove_writes(case)
    prove_by_hand(case)
    prove_identity(case)


def prove_probe(case: Case) -> None:
    """The actuator takes its options, refuses others with a message, and describes the same place twice."""
    _promise(isinstance(case.actuator, HostActuator), "has problem, target, text and value")
    _promise(case.problem() == "", f"takes its own options; said: {case.problem()}")
    said = case.problem({**case.options, "no-such-option": "1"})
    _promise("no-such-option" in said, f"names an option that it does not know; said: '{said}'")
    _promise(case.problem({}) != "", "asks for the option 'name'")
    target = case.target
    _promise(target == case.target, "describes the same place by the same target")
    _promise(bool(target.key) and "\n" not in target.key, "gives the place a name of one line")
    missing = [name for name in _PROMISES if not hasattr(case.means, name)]
    _promise(not missing, f"names means that have {', '.join(missing)}")


def prove_texts(case: Case) -> None:
    """Each value becomes a text of its own, and that text becomes the value, in its own type, again."""
    texts = [case.actuator.text(case.apply, value) for value in case.values]
    _promise(len(set(texts)) == len(case.values) > 1, f"writes each of two values as another text: {texts}")
    for value, text in zip(case.values, texts, strict=True):
        again = case.actuator.value(case.apply, text, value)
        same = again == value and type(again) is type(value)
        _promise(same, f"reads {text!r}, which {value!r} was written as, as {again!r}")


def prove_writes(case: Case) -> None:
    """Each value is read back as the text that was written, twice over, and the first one comes back."""
    with restored(case) as before:
        for value in case.values:
            text = case.actuator.text(case.apply, value)
            for _ in range(2):
                case.means.write(case.target.address, text)
                _promise(case.read() == text, f"reads back {text!r} as it was written; read {case.read()!r}")
        case.means.write(case.target.address, before)
        _promise(case.read() == before, f"brings back {before!r}; read {case.read()!r}")


def prove_by_hand(case: Case) -> None:
    """The printed command, run by sh, writes the value and brings back what was there."""
    with restored(case) as before:
        value = next(v for v in case.values if case.actuator.text(case.apply, v) != before)
        for text in (case.actuator.text(case.apply, value), before):
            command = case.means.by_hand(case.target.address, text)
            shell = ("/bin/sh", "-c", command)
            done = subprocess.run(shell, check=False, capture_output=True, timeout=_SHELL_TIMEOUT_S)  # noqa: S603
            said = done.stderr.decode(errors="replace")
            _promise(done.returncode == 0, f"prints a command that works: {command}\n{said}")
            now = case.read()
            _promise(now == text, f"prints a command that writes {text!r}: {command}\nread {now!r}")


def prove_identity(case: Case) -> None:
    """The place is the same one before and after its value is written."""
    with restored(case):
        first = case.means.identity(case.target.address)
        case.means.write(case.target.address, case.actuator.text(case.apply, case.values[-1]))
        again = case.means.identity(case.target.address)
        _promise(first == again, f"tells the same place by the same identity: {first}, then {again}")


@contextmanager
def restored(case: Case) -> Iterator[str | None]:
    """What is in the place and in those that are coupled to it now; it is there again afterwards."""
    target, means = case.target, case.means
    before = means.read(target.address)
    coupled = [(import_module(f"autotune.sidecar.means.{one.means}"), one) for one in target.also]
    others = [(by, one, by.read(one.address)) for by, one in coupled]
    try:
        yield before
    finally:
        if means.read(target.address) != before:
            means.write(target.address, before)
        for by, one, text in others:
            if by.read(one.address) != text:
                by.write(one.address, text)


def _promise(kept: bool, promise: str) -> None:  # noqa: FBT001  an assertion
    if not kept:
        raise AssertionError(f"a host actuator {promise}")
