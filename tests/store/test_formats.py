from __future__ import annotations

import ast
from pathlib import Path

import autotune

_RUNS_CODE_WHEN_READ = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib"}


def test_no_format_is_used_that_runs_code_when_it_is_read() -> None:
    files = list(Path(autotune.__file__).parent.rglob("*.py"))
    found = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {(file.name, alias.name.split(".")[0]) for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                found.add((file.name, (node.module or "").split(".")[0]))

    assert len(files) > 20
    assert not [where for where in found if where[1] in _RUNS_CODE_WHEN_READ]
