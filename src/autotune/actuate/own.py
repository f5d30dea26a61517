"""Entries of files in a service's own folder, which goes with the run: there is nothing to undo."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from autotune.actuate.edit import editor
from autotune.actuate.file import File, file_format
from autotune.core.errors import WorkloadError
from autotune.model.space import Apply, Config, Parameter

_FOLDER = "{data}/"


def own_file(apply: Apply) -> str:
    """The name of the file in the service's own folder; empty for everything else."""
    name = apply.options.get("name", "")
    return name.removeprefix(_FOLDER) if apply.actuator == "file" and name.startswith(_FOLDER) else ""


def write_entries(parameters: Iterable[Parameter], config: Config, folder: Path) -> frozenset[str]:
    """Puts the values of `config` into the files in `folder`, which are made where they are missing.

    Returns their names; a file is there even where all of its entries are unset. Raises WorkloadError where a
    file does not take an entry, OSError where it cannot be written.
    """
    texts: dict[str, str] = {}
    for parameter in parameters:
        name = own_file(parameter.apply)
        if not name:
            continue
        path = folder / name
        if name not in texts:
            texts[name] = path.read_text(encoding="utf-8") if path.exists() else ""
        value = config.get(parameter.name)
        if value is not None:
            texts[name] = _with(texts[name], parameter, File().text(parameter.apply, value))
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return frozenset(texts)


def _with(text: str, parameter: Parameter, value: str | None) -> str:
    apply = parameter.apply
    try:
        return editor(file_format(apply)).put(text, apply.options["key"], value)
    except ValueError as error:
        raise WorkloadError(
            f"parameter '{parameter.name}': {apply.options['name']} does not take it: {error}."
        ) from error
