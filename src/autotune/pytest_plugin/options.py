"""Options and ini keys of the plug-in: the command line comes before the marker, and that before the ini."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from autotune.pytest_plugin.marker import Marked

if TYPE_CHECKING:
    from autotune.pytest_plugin.bench import Bench

_INI = {
    "autotune_limit": ("5%", "How much worse is a failure, such as 5%."),
    "autotune_metrics": ("seconds", "What is compared of a function: seconds, cpu_seconds, a resource."),
    "autotune_pairs": ("20", "Pairs at most."),
    "autotune_max_time": ("2m", "For one test, such as 2m: no pair begins later."),
    "autotune_on_undecided": ("warn", "pass, warn or fail."),
}
_LEAST_PAIRS = 6
_JSON = ".json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the session asks for.

    `compare` is a commit, or a file where it ends with .json. `worker` is set in a process that is measured:
    the file that it writes; it calls a function `calls` times, with the values `given`, and none of its
    modules may come from the folder `not_from`.
    """

    key: ClassVar[pytest.StashKey[Options]] = pytest.StashKey()

    active: bool
    only: bool
    compare: str
    update: bool
    json: Path | None
    exports: tuple[str, ...]
    limit: str
    ini: Mapping[str, str]
    worker: Path | None = None
    calls: int = 0
    given: tuple[str, ...] = ()
    not_from: Path | None = None

    @property
    def file(self) -> Path | None:
        """The file to compare with, where it is one."""
        return Path(self.compare) if self.compare.endswith(_JSON) else None

    @property
    def comparing(self) -> bool:
        """Whether what is measured is compared with something."""
        return bool(self.compare) and not self.update

    @property
    def kept(self) -> bool:
        """Whether what is measured is written to a file."""
        return self.update or self.json is not None or bool(self.exports)

    def asked(self, found: Marked) -> Asked:
        """How a test with this marker is measured."""
        return Asked(
            limit=self.limit or found.limit or self.ini["autotune_limit"],
            metrics=tuple(found.metrics) or (() if found.workload else self.metrics),
            pairs=int(self.ini["autotune_pairs"]),
            max_time=self.ini["autotune_max_time"],
            strict=self.ini["autotune_on_undecided"] == "fail",
            warn=self.ini["autotune_on_undecided"] == "warn",
        )

    @property
    def metrics(self) -> tuple[str, ...]:
        """What is compared of a function whose marker does not say."""
        return tuple(self.ini["autotune_metrics"].replace(",", " ").split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How one test is measured; no `metrics` are those of its workload. `strict`: undecided is a failure."""

    limit: str
    metrics: tuple[str, ...]
    pairs: int
    max_time: str
    strict: bool
    warn: bool


def add(parser: pytest.Parser) -> None:
    """Declares them."""
    group = parser.getgroup("autotune", "benchmarks and gates")
    group.addoption("--autotune", action="store_true", help="measure what the autotune fixture calls")
    group.addoption("--autotune-only", action="store_true", help="run benchmarks alone, measured")
    group.addoption(
        "--autotune-compare",
        metavar="REF|FILE",
        default="",
        help="fail what is worse than in that commit, or in a .json file of --autotune-json",
    )
    group.addoption("--autotune-limit", metavar="LIMIT", default="", help="how much worse is a failure: 5%%")
    group.addoption(
        "--autotune-update",
        action="store_true",
        help="write what is measured to the FILE of --autotune-compare instead of comparing with it",
    )
    group.addoption("--autotune-json", metavar="FILE", type=Path, help="write all samples there")
    group.addoption(
        "--autotune-export",
        metavar="FORMAT=FILE",
        action="append",
        default=[],
        help="for other tools: pytest-benchmark, customSmallerIsBetter, customBiggerIsBetter, bencher",
    )
    group.addoption("--autotune-worker", metavar="FILE", type=Path, help="internal: this run is measured")
    group.addoption("--autotune-calls", metavar="N", type=int, default=0, help="internal")
    group.addoption("--autotune-given", metavar="K=V", action="append", default=[], help="internal")
    group.addoption("--autotune-not-from", metavar="FOLDER", type=Path, help="internal")
    for name, (default, text) in _INI.items():
        parser.addini(name, f"{text} Default: {default}.", default=default)


def options_of(config: pytest.Config) -> Options:
    """What the command line and the ini file say; raises pytest.UsageError for what is wrong."""
    get: Any = config.getoption
    worker = get("--autotune-worker")
    asked = any(get(f"--autotune{more}") for more in ("", "-only", "-compare", "-update", "-json", "-export"))
    found = Options(
        active=asked and worker is None,
        only=get("--autotune-only"),
        compare=get("--autotune-compare"),
        update=get("--autotune-update"),
        json=get("--autotune-json"),
        exports=tuple(get("--autotune-export")),
        limit=get("--autotune-limit"),
        ini={name: str(config.getini(name)).strip() for name in _INI},
        worker=worker,
        calls=get("--autotune-calls"),
        given=tuple(get("--autotune-given")),
        not_from=get("--autotune-not-from"),
    )
    _refuse(found)
    return found


def _refuse(found: Options) -> None:
    pairs, wish = found.ini["autotune_pairs"], found.ini["autotune_on_undecided"]
    if not pairs.isdigit() or int(pairs) < _LEAST_PAIRS:
        raise pytest.UsageError(
            f"autotune_pairs has to be a number of at least {_LEAST_PAIRS}, found {pairs!r}"
        )
    if wish not in {"pass", "warn", "fail"}:
        raise pytest.UsageError(f"autotune_on_undecided is pass, warn or fail, found {wish!r}")
    if found.update and found.file is None:
        raise pytest.UsageError("--autotune-update needs --autotune-compare FILE.json, which it writes")
    if found.active:
        _refuse_texts(found)


def _refuse_texts(found: Options) -> None:
    """What needs more of the product to be read; only where something is measured."""
    from autotune.core.errors import AutotuneError  # noqa: PLC0415
    from autotune.core.units import UnitError, duration_s  # noqa: PLC0415
    from autotune.report.gate_exports import asked_for  # noqa: PLC0415

    refuse_limit(found.limit, "--autotune-limit")
    refuse_limit(found.ini["autotune_limit"], "autotune_limit")
    try:
        duration_s(found.ini["autotune_max_time"])
        asked_for(found.exports, "--autotune-export")
    except (AutotuneError, UnitError) as error:
        raise pytest.UsageError(str(error)) from error


def refuse_limit(text: str, where: str) -> None:
    """Raises pytest.UsageError for a limit that is none, of a test that is to be measured."""
    from autotune.core.units import UnitError, share  # noqa: PLC0415  as above

    try:
        if text and not 0 < share(text) < math.inf:
            raise pytest.UsageError(f"{where}: a limit has to be above 0, found {text!r}")
    except UnitError as error:
        raise pytest.UsageError(f"{where}: the limit {text!r}: {error}") from error


_BENCH: pytest.StashKey[Bench] = pytest.StashKey()


def opened(config: pytest.Config) -> Bench:
    """What the session measures with; made at its first use."""
    from autotune.pytest_plugin.bench import Bench as Made  # noqa: PLC0415  heavy

    if _BENCH not in config.stash:
        config.stash[_BENCH] = Made(config)
    return config.stash[_BENCH]


def close(config: pytest.Config) -> None:
    """Ends what the session measured with, if it measured."""
    if (bench := config.stash.get(_BENCH, None)) is not None:
        del config.stash[_BENCH]
        bench.close()
