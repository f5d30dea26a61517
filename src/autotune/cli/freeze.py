"""The file that `autotune screen --freeze` writes, as a key of the study."""

from __future__ import annotations

import json
from pathlib import Path


def freeze_override(path: Path) -> str:
    """`freeze=[...]`, as --set takes it; raises FileError where the file holds anything else."""
    from autotune.core.errors import FileError, Problem
    from autotune.core.strict_yaml import read

    document = read(path)
    names = document.data.get("freeze") if isinstance(document.data, dict) else None
    whole = isinstance(names, list) and all(isinstance(name, str) for name in names)
    if not whole or set(document.data) != {"freeze"}:
        message = "expected 'freeze' with a list of parameters and nothing else, as autotune screen writes it"
        raise FileError([Problem(file=str(path), line=1, column=1, message=message)])
    return f"freeze={json.dumps(names)}"
