"""Parameters that a SQLite database keeps in its file."""

from __future__ import annotations

from pathlib import Path

from autotune.actuate.options import option_problem
from autotune.actuate.texts import from_text, to_text
from autotune.core.errors import WorkloadError
from autotune.core.hint import did_you_mean
from autotune.model.space import Apply, Parameter, Value
from autotune.model.target import Target
from autotune.model.workload import Workload

_VALUES = {
    "journal_mode": ("delete", "wal"),
    "auto_vacuum": ("none", "full", "incremental"),
    "page_size": tuple(str(1 << power) for power in range(9, 17)),
}
_OF_CONNECTIONS = (
    "Others, such as synchronous or cache_size, belong to a connection: the program that opens it sets them."
)


class Pragma:
    """Sets `pragma: journal_mode` of the `database`; changing page_size or auto_vacuum writes it anew."""

    def problem(self, parameter: Parameter, workload: Workload) -> str:
        """Says when the pragma or a value of it is none that a database keeps."""
        del workload
        name = parameter.apply.options.get("name", "")
        start = f"parameter '{parameter.name}' is applied by pragma, but"
        if said := option_problem(parameter, ("database",), needs=("database",)):
            return said
        if name not in _VALUES:
            known = ", ".join(_VALUES)
            return (
                f"{start} '{name}' is none that a database keeps: {known}.{did_you_mean(name, _VALUES)} "
                f"{_OF_CONNECTIONS}"
            )
        ends = (int(parameter.low), int(parameter.high)) if parameter.numeric else ()
        for value in (*parameter.values, *parameter.special, *ends):
            if self.text(parameter.apply, value) not in _VALUES[name]:
                return (
                    f"{start} a database keeps {name} as one of {', '.join(_VALUES[name])}; found '{value}'."
                )
        return ""

    def target(self, apply: Apply, folder: Path) -> Target:
        """The pragma of the database; raises WorkloadError where there is no such file."""
        path = folder / apply.options["database"]
        if not path.is_file():
            raise WorkloadError(f"there is no database {path}.")
        return self._target(apply.options["name"], path.resolve(), service=apply.options.get("service", ""))

    def _target(self, name: str, path: Path, *, service: str = "") -> Target:
        # In mode wal the size of pages cannot change: the mode is left for that moment.
        coupled = (self._target("journal_mode", path),) if name == "page_size" else ()
        address = {"path": str(path), "pragma": name}
        key = f"pragma {name} of {path}"
        return Target(key=key, means="sqlite", address=address, volatile=False, also=coupled, service=service)

    def text(self, apply: Apply, value: Value) -> str | None:
        """The value as SQLite gives it back; it cannot be unset."""
        text = to_text(apply, value, bools=("full", "none"))
        return text.lower() if text else text

    def value(self, apply: Apply, text: str | None, like: Value) -> Value:
        """The text as bool, number or text, as `like` is."""
        return from_text(apply, text, like, bools=("full", "none"))
