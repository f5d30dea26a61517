"""Times a function in a process of its own, and writes what it took."""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

import pytest

LEAST_S = 0.1
"""A sample calls so often that its calls take so long together."""

_MOST_CALLS = 10_000_000
_REFUSED, _MEASURED = 3, 64
_LISTS = ("choice", "ordinal", "special")
_UNSET = "unset"
_WORDS = {"true": True, "false": False, _UNSET: None}


def measured(function: Callable[[], Any], *, calls: int, into: Path, not_from: Path | None) -> NoReturn:
    """Writes the seconds of a call, the CPU seconds and the calls into the file, and ends the session.

    Refuses where no figure would mean anything: under a tracer, or where modules came from the folder
    `not_from`, whose code is another one than what is to be measured.
    """
    _, found = timed(function, calls=calls)
    if watched := traced():
        _refuse(f"under {watched} no time means anything")
    if not_from is not None and (strangers := list(imported_from(not_from))):
        _refuse(
            f"the base runs modules of the working tree ({', '.join(strangers[:3])}): an installed package "
            "points there. Measure it by a workload file with `build:`, in an environment of its own"
        )
    into.write_text(json.dumps(found), encoding="utf-8")
    pytest.exit("measured", returncode=_MEASURED)


def ended(session: pytest.Session) -> None:
    """Makes a measured session a success, at its end: until then its code keeps summaries from being made.

    Those of other plug-ins can take longer than the session (Hypothesis imports itself for its own).
    """
    if session.exitstatus == _MEASURED:
        session.exitstatus = pytest.ExitCode.OK


def timed(function: Callable[[], Any], *, calls: int = 0) -> tuple[Any, dict[str, float]]:
    """What the function returned, and the seconds and CPU seconds of a call, with how many calls were timed.

    Where `calls` is 0 it is found out how many take long enough. The first call is a warm-up, and not timed.
    The garbage collector is off meanwhile.
    """
    returned = function()
    was_on = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        calls = calls or _enough(function)
        wall, cpu = _run(function, calls)
    finally:
        if was_on:
            gc.enable()
    return returned, {"seconds": wall / calls, "cpu_seconds": cpu / calls, "calls": calls}


def given(words: Sequence[str], space: Mapping[str, Any]) -> dict[str, Any]:
    """The values in words `name=value`, as commands write them, of a space as files write it.

    Without what reads study files: that takes longer than many a function.
    """
    texts = dict(word.split("=", 1) for word in words)
    return {name: _value(space[name], text) for name, text in texts.items()}


def _value(parameter: Mapping[str, Any], text: str) -> Any:
    listed = [value for key in _LISTS for value in parameter.get(key, ())]
    for value in listed:
        if str(value) == text:
            return None if value == _UNSET else value
    if text in _WORDS:
        return _WORDS[text]
    return float(text) if "float" in parameter else int(text)


def _enough(function: Callable[[], Any]) -> int:
    calls = 1
    while (seconds := _run(function, calls)[0]) < LEAST_S and calls < _MOST_CALLS:
        calls *= 2 if seconds <= 0 else min(10, max(2, int(1.2 * LEAST_S / seconds)))
    return calls


def _run(function: Callable[[], Any], calls: int) -> tuple[float, float]:
    cpu, wall = time.process_time(), time.perf_counter()
    for _ in range(calls):
        function()
    return time.perf_counter() - wall, time.process_time() - cpu


def _refuse(reason: str) -> None:
    print(reason, file=sys.__stderr__, flush=True)
    pytest.exit(reason, returncode=_REFUSED)


def imported_from(folder: Path) -> Iterator[str]:
    """Modules whose file lies in `folder`, but for those of an environment of Python in it."""
    prefix = Path(sys.prefix).resolve()
    for name, module in sorted(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if isinstance(file, str):
            path = Path(file).resolve()
            if path.is_relative_to(folder) and not path.is_relative_to(prefix):
                yield name


def traced() -> str:
    """What watches every line that runs, so that no time means anything; empty where nothing does."""
    if sys.gettrace() is not None:
        return "a tracer (a debugger, or coverage)"
    monitoring = getattr(sys, "monitoring", None)  # from Python 3.12 on
    tools = [name for n in range(6) if (name := monitoring.get_tool(n))] if monitoring else []
    if tools:
        return f"monitoring by {', '.join(tools)}"
    return "a profiler" if sys.getprofile() is not None else ""
