"""What a test holds as `autotune`: calls a function and has it measured, or measures a workload."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast, overload

import pytest

from autotune.core.errors import AutotuneError
from autotune.pytest_plugin.marker import Marked, marked
from autotune.pytest_plugin.options import Options, opened
from autotune.pytest_plugin.worker import given, measured, traced

if TYPE_CHECKING:
    from autotune.pytest_plugin.tuning import Tuned

_Given = ParamSpec("_Given")
_Answer = TypeVar("_Answer")


class Autotune:
    """Calls functions of one test, and measures them where the session asks for it.

    Without `--autotune` a function is called once, and what it returns is returned. With it, it is measured
    too: in fresh processes, each of which runs this test alone up to the call (`inprocess=True` of the
    marker: in this process). With `--autotune-compare` the test fails where it became worse by the limit.
    """

    def __init__(self, request: pytest.FixtureRequest) -> None:
        self._request, self._item = request, cast("pytest.Item", request.node)
        self._values: Mapping[str, Any] = getattr(request, "param", {})
        self._options = request.config.stash[Options.key]
        self._marked: Marked = marked(request.node)
        self._called = False

    @overload
    def __call__(self) -> Mapping[str, float]: ...

    @overload
    def __call__(
        self, function: Callable[_Given, _Answer], *args: _Given.args, **kwargs: _Given.kwargs
    ) -> _Answer: ...

    def __call__(self, function: Callable[..., Any] | None = None, *args: Any, **kwargs: Any) -> Any:
        """What `function` returns for these arguments; without one, the metrics of the marker's workload.

        Raises pytest.UsageError where neither or both are there, and for a second call in a test that is
        measured.
        """
        self._refuse(function)
        if function is None:
            path = self._item.path.parent / self._marked.workload
            with _failing():
                return opened(self._item.config).workload(self._item, path, self._values, self._marked)
        call = partial(function, *args, **kwargs)
        options = self._options
        if options.worker is not None:
            measured(call, calls=options.calls, into=options.worker, not_from=options.not_from)
        answer = call()
        if options.active:
            bench = opened(self._item.config)
            if watched := traced():
                bench.untold(self._item, self._marked, f"under {watched} no time means anything")
            elif self._marked.inprocess:
                bench.in_process(self._item, call, self._marked)
            else:
                bench.function(self._item, self._marked)
        return answer

    def _refuse(self, function: object) -> None:
        if inspect.iscoroutinefunction(function):
            raise pytest.UsageError(
                "autotune(...) calls a plain function, and this one is async: "
                "give it one that runs it, as in autotune(lambda: asyncio.run(f()))"
            )
        if (function is None) != bool(self._marked.workload):
            raise pytest.UsageError(
                "autotune() measures the workload of the marker, and autotune(function, ...) a function: "
                "one of the two"
            )
        if self._called and (self._options.active or self._options.worker):
            raise pytest.UsageError("autotune(...) is measured once in a test: split the test")
        self._called = True

    def tune(
        self,
        function: Callable[..., Any],
        space: Mapping[str, Any],
        *,
        trials: int = 30,
        pairs: int = 20,
        seed: int = 0,
    ) -> Tuned:
        """The fastest proven arguments of `function` within `space`, by a search and by fresh pairs.

        `space` is that of a study file, each parameter with its default:
        `{"level": {"int": [1, 9], "default": 6}}`. Without `--autotune` nothing is searched: the function is
        called once with the defaults, and they are returned. A wrong space fails the test.
        """
        options = self._options
        if options.worker is not None:
            call = partial(function, **given(options.given, space))
            measured(call, calls=options.calls, into=options.worker, not_from=options.not_from)
        from autotune.pytest_plugin import tuning  # noqa: PLC0415  heavy

        with _failing():
            defaults = tuning.space(space).defaults()
        function(**defaults)
        if not options.active:
            return tuning.Tuned(best=defaults)
        if watched := traced():
            pytest.skip(f"nothing is tuned: under {watched} no time means anything")
        wish = tuning.Wish(trials=trials, pairs=pairs, seed=seed)
        folder: Path = self._request.getfixturevalue("tmp_path_factory").mktemp("tuning")
        with _failing():
            return opened(self._item.config).tuned(self._item, space, wish, folder)


@contextmanager
def _failing() -> Iterator[None]:
    """What the user can act on fails the test in its own words, without a traceback through this plug-in."""
    try:
        yield
    except AutotuneError as error:
        pytest.fail(str(error), pytrace=False)
