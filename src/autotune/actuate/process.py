"""Parameters that say how a running process is scheduled, with all its threads."""

from __future__ import annotations

import os
import re
from pathlib import Path

from autotune.actuate.options import option_problem
from autotune.actuate.texts import from_text, to_text
from autotune.core.errors import WorkloadError
from autotune.core.hint import did_you_mean
from autotune.model.space import Apply, Parameter, Value
from autotune.model.target import Target
from autotune.model.workload import Workload
from autotune.sidecar import running
from autotune.sidecar.thread import cpu_list, cpu_set

_ATTRIBUTES = {
    "affinity": (r"\d+(-\d+)?(,\d+(-\d+)?)*", "CPUs such as 0-1,3"),
    "nice": (r"-20|-?1?\d", "a number from -20 to 19"),
    "ionice": (
        r"none|idle|(best-effort|realtime):[0-7]",
        "none, idle, best-effort:0 to 7 or realtime:0 to 7",
    ),
    "policy": (r"other|batch|idle|(fifo|rr):[1-9]\d?", "other, batch, idle, fifo:1 to 99 or rr:1 to 99"),
}
_LONGEST_NAME = 15


class Process:
    """Sets `process: nice` (affinity, ionice, policy) of the process of a `pidfile`, or called `of`."""

    def problem(self, parameter: Parameter, workload: Workload) -> str:
        """Says when there is no such attribute, no process is named, or a value is none of the attribute."""
        del workload
        options = parameter.apply.options
        name = options.get("name", "")
        start = f"parameter '{parameter.name}' is applied by process, but"
        if said := option_problem(parameter, ("pidfile", "of")):
            return said
        if name not in _ATTRIBUTES:
            known = ", ".join(_ATTRIBUTES)
            return f"{start} '{name}' is no attribute. Known: {known}.{did_you_mean(name, _ATTRIBUTES)}"
        if ("pidfile" in options) == ("of" in options):
            return f"{start} it needs one of 'pidfile', the file with its number, and 'of', its exact name."
        if len(options.get("of", "")) > _LONGEST_NAME:
            return (
                f"{start} of: '{options['of']}' is longer than the {_LONGEST_NAME} characters of such a name."
            )
        return self._value_problem(parameter)

    def _value_problem(self, parameter: Parameter) -> str:
        pattern, wanted = _ATTRIBUTES[parameter.apply.options["name"]]
        ends = (int(parameter.low), int(parameter.high)) if parameter.numeric else ()
        for value in (*parameter.values, *parameter.special, *ends):
            text = to_text(parameter.apply, value, bools=("1", "0"))
            if text is None or not re.fullmatch(pattern, text):
                shown = "unset" if text is None else f"'{text}'"
                return f"parameter '{parameter.name}': {shown} is not {wanted}."
        return ""

    def target(self, apply: Apply, folder: Path) -> Target:
        """The attribute of the process that runs now; of its successor it has to be asked for anew.

        Raises WorkloadError where there is no such process, or several, or the value could not be restored.
        """
        options = apply.options
        try:
            one = (
                running.named(options["of"])
                if "of" in options
                else running.of_pidfile(str(folder / options["pidfile"]))
            )
        except OSError as error:
            raise WorkloadError(f"process {options['name']}: {error.strerror}.") from error
        if options["name"] == "nice" and os.geteuid() != 0:
            raise WorkloadError(
                "process nice: only root can lower a nice value again, so that it can be restored."
            )
        return Target(
            key=f"process {options['name']} of {one.pid} started {one.start}",
            means="process",
            address={"pid": one.pid, "start": one.start, "attribute": options["name"]},
            service=options.get("service", ""),
        )

    def text(self, apply: Apply, value: Value) -> str | None:
        """The value in the kernel's order of CPUs; it cannot be unset."""
        text = to_text(apply, value, bools=("1", "0"))
        if text is None or apply.options["name"] != "affinity":
            return text
        return cpu_list(cpu_set(text))

    def value(self, apply: Apply, text: str | None, like: Value) -> Value:
        """What all threads have, in the type of `like`; as text where some differ."""
        return from_text(apply, text, like, bools=("1", "0"))
