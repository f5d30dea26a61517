"""Study and workload files as tests: whether they are right, and whether a metric became worse."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from autotune.pytest_plugin.options import Options, opened

if TYPE_CHECKING:
    from autotune.flow.bench_target import Target
    from autotune.pytest_plugin.found import Found

_SUFFIXES = frozenset({".yaml", ".yml"})
_FIRST_KEY = re.compile(r"(?:\ufeff|\s+|#.*|---.*)*^(study|workload)\s*:", re.MULTILINE)
_LOOKED_AT = 4096


def collected(path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """The file as a collector, where it begins as a study or a workload does."""
    if path.suffix not in _SUFFIXES:
        return None
    with path.open(encoding="utf-8", errors="replace") as file:
        if not _FIRST_KEY.match(file.read(_LOOKED_AT)):
            return None
    found: pytest.Collector = YamlFile.from_parent(parent, path=path)
    return found


class YamlFile(pytest.File):
    """A study or workload file."""

    def collect(self) -> Iterator[pytest.Item]:
        """Its check, and where the session compares, a gate for each metric."""
        yield Check.from_parent(self, name="check")
        if self.config.stash[Options.key].comparing:
            for metric in _metrics(self.path):
                yield Gate.from_parent(self, name=f"gate[{metric}]", metric=metric)

    def found(self, item: pytest.Item) -> Found:
        """What was measured, once for all its gates."""
        from autotune.pytest_plugin.found import Found  # noqa: PLC0415  only where it is measured

        if Found.key not in self.stash:
            self.stash[Found.key] = opened(self.config).file(item, self.path)
        return self.stash[Found.key]


class Check(pytest.Item):
    """The file is right."""

    def runtest(self) -> None:
        """Raises FileError with every mistake in it."""
        _read(self.path)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:
        """The mistakes, without a traceback."""
        del style
        return str(excinfo.value)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where it stands."""
        return self.path, None, self.name


class Gate(Check):
    """One metric is not worse than what the session compares with."""

    def __init__(self, *, metric: str, **more: object) -> None:
        super().__init__(**more)  # type: ignore[arg-type]  # pytest passes what from_parent got
        self._metric = metric

    def runtest(self) -> None:
        """Fails where it is worse by the limit."""
        from autotune.pytest_plugin.bench import tell  # noqa: PLC0415  only where it is measured
        from autotune.pytest_plugin.found import of_metric  # noqa: PLC0415

        found = cast("YamlFile", self.parent).found(self)
        self.stash[type(found).key] = found
        strict = self.config.stash[Options.key].ini["autotune_on_undecided"] == "fail"
        tell(of_metric(found, self._metric), strict=strict)


def _read(path: Path) -> Target:
    from autotune.flow.bench_target import from_file  # noqa: PLC0415  only where it runs
    from autotune.measure.host import facts  # noqa: PLC0415

    return from_file(path, (), facts())


def _metrics(path: Path) -> tuple[str, ...]:
    """The metrics that a gate looks at; none of a file that is wrong, of which the check tells."""
    from autotune.core.errors import AutotuneError  # noqa: PLC0415
    from autotune.flow.gate_rules import own_metrics  # noqa: PLC0415

    try:
        return own_metrics(_read(path))
    except AutotuneError:
        return ()
