"""Parameters that are entries of configuration files."""

from __future__ import annotations

import os
import re
from pathlib import Path

from autotune.actuate.edit import FORMATS, editor, format_of
from autotune.actuate.edit.lines import checked_value
from autotune.actuate.editable import wrong_path, wrong_place
from autotune.actuate.options import option_problem
from autotune.actuate.texts import from_text, to_text
from autotune.core.errors import WorkloadError
from autotune.core.hint import did_you_mean
from autotune.model.space import Apply, Parameter, Value
from autotune.model.target import Target
from autotune.model.workload import Workload

_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}")
_BOOLS = {
    "nginx": ("on", "off"),
    "postgres": ("on", "off"),
    "systemd": ("yes", "no"),
    "words": ("yes", "no"),
}


class File:
    """Names the entry `key` of the file `name`; its session edits the file, all entries of it at once."""

    def problem(self, parameter: Parameter, workload: Workload) -> str:
        """Says when path, format, entry or one of the listed values cannot be; touches nothing."""
        options = parameter.apply.options
        if said := option_problem(parameter, ("key", "format")):
            return said
        path = options.get("name", "")
        said = _wrong_own(path, workload) if path.startswith("{data}") else wrong_path(path)
        wrong = (
            (f"'{path}' is no file to edit: {said}." if said else "")
            or _wrong_format(parameter.apply)
            or self._wrong_entry(parameter)
        )
        return f"parameter '{parameter.name}' is applied by file, but {wrong}" if wrong else ""

    def _wrong_entry(self, parameter: Parameter) -> str:
        key = parameter.apply.options.get("key", "")
        if not key:
            return "'key:' is missing: it names the entry, such as `key: shared_buffers`."
        try:
            editor(file_format(parameter.apply)).get("", key)
            for value in (*parameter.values, *parameter.special):
                checked_value(self.text(parameter.apply, value) or "")
        except ValueError as error:
            return f"{error}."
        return ""

    def target(self, apply: Apply, folder: Path) -> Target:
        """The entry in the file; raises WorkloadError where the file cannot be edited here."""
        path = Path(os.path.normpath(folder.resolve() / apply.options["name"]))
        if said := wrong_path(apply.options["name"]) or wrong_place(path, os.environ.items()):
            raise WorkloadError(f"the file {path} is not edited: {said}.")
        return Target(
            key=f"file {path} {apply.options['key']}",
            means="file",
            address={"path": str(path)},
            volatile=False,
            entry=apply.options["key"],
            format=file_format(apply),
            service=apply.options.get("service", ""),
        )

    def text(self, apply: Apply, value: Value) -> str | None:
        """The value, booleans in the words of the format; None, for unset, where the entry is left out."""
        return to_text(apply, value, bools=_bools(apply))

    def value(self, apply: Apply, text: str | None, like: Value) -> Value:
        """The text as bool, number or text, as `like` is."""
        return from_text(apply, text, like, bools=_bools(apply))


def file_format(apply: Apply) -> str:
    """The format that is said, or else that of the file's name; empty where neither tells."""
    return apply.options.get("format") or format_of(apply.options.get("name", ""))


def _bools(apply: Apply) -> tuple[str, str]:
    return _BOOLS.get(file_format(apply), ("true", "false"))


def _wrong_own(path: str, workload: Workload) -> str:
    """Why `path` is no file in the folder of a service that the workload starts."""
    if workload.instance is None:
        return "{data}/ is the folder of a service that the workload starts, and it has no 'service:'"
    name = path.removeprefix("{data}/")
    return "" if _NAME.fullmatch(name) else "below {data}/ it is the plain name of a file"


def _wrong_format(apply: Apply) -> str:
    asked, known = apply.options.get("format", ""), ", ".join(FORMATS)
    if asked and asked not in FORMATS:
        return f"format '{asked}' is not known. Known: {known}.{did_you_mean(asked, FORMATS)}"
    if not file_format(apply):
        name = Path(apply.options["name"]).name
        return f"the name '{name}' does not tell the file's format. Say it by `format:`, one of {known}."
    return ""
