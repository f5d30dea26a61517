"""The pytest plug-in: benchmarks and gates as tests. Nothing heavy is imported until it is to measure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from autotune.pytest_plugin import marker, options, worker
from autotune.pytest_plugin.options import Options
from autotune.pytest_plugin.yaml_files import Gate, collected

if TYPE_CHECKING:
    from autotune.pytest_plugin.fixture import Autotune


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options and ini keys."""
    options.add(parser)


def pytest_configure(config: pytest.Config) -> None:
    """The marker, and what the options ask for; refuses what makes no sense."""
    config.addinivalue_line(
        "markers",
        "autotune(workload=None, parameters=None, limit=None, metrics=None, inprocess=False): how the "
        "`autotune` fixture measures this test",
    )
    found = config.stash[Options.key] = options.options_of(config)
    if found.active:
        from autotune.pytest_plugin.session import Measuring  # noqa: PLC0415  others pay nothing for it

        config.pluginmanager.register(Measuring(config), "autotune-measuring")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """The tests of a sweep."""
    marker.sweep(metafunc)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Has pytest-xdist, which reads its groups when all is collected, keep benchmarks on one worker."""
    active = item.config.stash[Options.key].active
    if active and _measures(item) and item.config.pluginmanager.hasplugin("xdist"):
        item.add_marker(pytest.mark.xdist_group(marker.NAME))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Refuses markers that make no sense, and leaves benchmarks alone where that is asked for."""
    benchmarks = [item for item in items if is_benchmark(item)]
    asked = config.stash[Options.key]
    for item in benchmarks:
        found = marker.marked(item)
        if asked.active:
            options.refuse_limit(found.limit, item.nodeid)
    if asked.only:
        others = [item for item in items if item not in benchmarks]
        config.hook.pytest_deselected(items=others)
        items[:] = benchmarks


def is_benchmark(item: pytest.Item) -> bool:
    """Whether the fixture or a YAML file makes it one; raises pytest.UsageError for the marker alone."""
    if _measures(item):
        return True
    if any(mark.name == marker.NAME for mark in item.own_markers):
        raise pytest.UsageError(
            f"{item.nodeid}: the marker autotune is for what the fixture measures, and the test does not ask "
            "for the fixture: def test_...(autotune)"
        )
    return False


def _measures(item: pytest.Item) -> bool:
    return isinstance(item, Gate) or marker.NAME in getattr(item, "fixturenames", ())


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A study or workload file."""
    return collected(file_path, parent)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Ends a process that measured."""
    if session.config.stash[Options.key].worker:
        worker.ended(session)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Ends what measured, also where a workload was run once as an ordinary test."""
    options.close(config)


@pytest.fixture
def autotune(request: pytest.FixtureRequest) -> Autotune:
    """Calls a function: `autotune(parse, data)`. With `--autotune` it is measured beside."""
    from autotune.pytest_plugin.fixture import Autotune  # noqa: PLC0415  a session without it pays nothing

    return Autotune(request)
