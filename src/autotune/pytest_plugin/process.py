"""The process of pytest that measures one test's function, here or in another state of the source."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from autotune.flow.gate_tree import moved
from autotune.model.space import Space
from autotune.model.workload import Metric, Workload

GROUP_SUFFIX = "@autotune"
"""What pytest-xdist puts behind the names of tests that share a worker."""

_RESULT = "autotune.json"
METRICS = (
    Metric(name="seconds", source="json", where="$.seconds", file=_RESULT, unit="s"),
    Metric(name="cpu_seconds", source="json", where="$.cpu_seconds", file=_RESULT, unit="s"),
)

_QUIET = ("-p", "no:cacheprovider", "-p", "no:xdist", "-q", "-s", "-o", "addopts=")
_NOT_PASSED = ("PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "COV_CORE_SOURCE")


def name_of(item: pytest.Item) -> str:
    """The test's node id, as without pytest-xdist."""
    return item.nodeid.removesuffix(GROUP_SUFFIX)


def workload(
    item: pytest.Item, *, calls: int, given: Sequence[str] = (), space: Space | None = None
) -> Workload:
    """A run of this test alone up to its call of `autotune`, which is made `calls` times.

    `given` are words `name={name}` for the parameters in `space`.
    """
    config = item.config
    worker = ["--autotune-worker", f"{{out}}/{_RESULT}", f"--autotune-calls={calls}"]
    return Workload(
        name=name_of(item),
        driver="command",
        folder=config.rootpath,
        command=(
            *(sys.executable, "-m", "pytest", *_QUIET, *map(_literal, _as_here(config))),
            _literal(name_of(item)),
            *worker,
            *(f"--autotune-given={word}" for word in given),
        ),
        metrics=METRICS,
        space=space or Space(parameters=()),
        env={**dict.fromkeys(filter(os.environ.__contains__, _NOT_PASSED), ""), **_path(config.rootpath)},
    )


def _as_here(config: pytest.Config) -> list[str]:
    """Options of this session that decide what a test imports."""
    plugins = [name for name in config.option.plugins if not name.startswith("no:")]
    overridden = [text for text in config.option.override_ini or () if not text.startswith("addopts=")]
    return [
        f"--import-mode={config.getoption('importmode')}",
        f"--rootdir={config.rootpath}",
        *(("-c", str(config.inipath)) if config.inipath else ()),
        *(word for name in plugins for word in ("-p", name)),
        *(word for text in overridden for word in ("-o", text)),
    ]


def _literal(text: str) -> str:
    """`text` as a word of a command in which braces are placeholders."""
    return text.replace("{", "{{").replace("}", "}}")


def _path(root: Path) -> dict[str, str]:
    """PYTHONPATH with every folder below `root` that modules were imported from, before what it has."""
    folders = dict.fromkeys(str(place) for place in (*map(Path, sys.path), *_parents()) if _own(place, root))
    before = [text for text in os.environ.get("PYTHONPATH", "").split(os.pathsep) if text]
    return {"PYTHONPATH": os.pathsep.join([*folders, *(text for text in before if text not in folders)])}


def _parents() -> list[Path]:
    """The folders of the packages and modules that stand for themselves."""
    files = {name: getattr(module, "__file__", None) for name, module in list(sys.modules.items())}
    tops = {name: Path(file) for name, file in files.items() if file and "." not in name}
    return [path.parent.parent if path.stem == "__init__" else path.parent for path in tops.values()]


def _own(place: Path, root: Path) -> bool:
    """Whether a folder belongs to the source, and not to an environment of Python within it."""
    return place.is_absolute() and place.is_relative_to(root) and not place.is_relative_to(sys.prefix)


def in_tree(head: Workload, root: Path, tree: Path) -> Workload:
    """The same run in the working tree `tree` of the repository at `root`; it refuses modules of `root`."""

    def there(text: str) -> str:
        option, equals, path = text.rpartition("=")
        place = Path(path)
        own = _own(place, root) and place != Path(sys.executable)
        return f"{option}{equals}{tree / place.relative_to(root)}" if own else text

    def along(text: str) -> str:
        return os.pathsep.join(map(there, text.split(os.pathsep)))

    env: Mapping[str, str] = {**head.env, "PYTHONPATH": along(head.env["PYTHONPATH"])}
    command = (*map(there, head.command), f"--autotune-not-from={_literal(str(root))}")
    return replace(moved(head, root, tree), command=command, env=env)
