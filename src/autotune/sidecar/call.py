"""Calls `module:function` in a fresh interpreter; the mapping that it returns goes into a file.

Run as `python call.py PATH MODULE:FUNCTION ARGUMENTS.json RETURNED.json [CALLS]`, by any Python from 3.8 on.
With CALLS the function is called as often, and the file holds what each round of calls yielded.
"""

from __future__ import annotations

import importlib
import inspect
import itertools
import json
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

_MOST_ROUNDS = 20


def main(path: str, call: str, arguments_file: str, returned_file: str, calls: str = "") -> None:
    """Runs the call; exits 1 with a sentence on stderr where it cannot be made as written."""
    # The first entry is this script's own folder, whose modules are none of the workload's business.
    sys.path[0] = path
    with open(arguments_file, encoding="utf-8") as file:  # noqa: PTH123  runs in the measured process: no more imports
        arguments = json.load(file)
    function = _function(path, call, arguments)
    if calls:
        returned = {"rounds": _rounds(call, function, arguments, int(calls))}
    else:
        returned = _mapping(call, function(**arguments))
    text = json.dumps(returned, default=_plain)
    with open(returned_file, "x", encoding="utf-8") as file:  # noqa: PTH123  as above
        file.write(text)


def _rounds(
    call: str, function: Callable[..., Any], arguments: Mapping[str, Any], calls: int
) -> list[dict[str, Any]]:
    """Of each of at most 20 rounds: seconds per call, and what its last call returned."""
    count = min(_MOST_ROUNDS, calls)
    each = -(-calls // count)
    found = []
    for _ in range(count):
        began = time.perf_counter()
        for _ in itertools.repeat(None, each):
            returned = function(**arguments)
        seconds = time.perf_counter() - began
        found.append({"call_s": seconds / each, **_mapping(call, returned)})
    return found


def _mapping(call: str, returned: Any) -> dict[str, Any]:
    if not isinstance(returned, Mapping):
        sys.exit(
            f"{call} returned {type(returned).__name__}; a mapping of metric names to numbers is needed."
        )
    return dict(returned)


def _function(path: str, call: str, arguments: Mapping[str, Any]) -> Callable[..., Any]:
    module_name, _, name = call.partition(":")
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module_name}.".startswith(f"{error.name}."):
            raise
        sys.exit(f"module '{module_name}' was not found in {path}.")
    function = getattr(module, name, None)
    if not callable(function):
        sys.exit(f"module '{module_name}' ({module.__file__}) has no function '{name}'.")
    _check_arguments(call, function, arguments)
    found: Callable[..., Any] = function
    return found


def _check_arguments(call: str, function: Callable[..., Any], arguments: Mapping[str, Any]) -> None:
    try:
        signature = inspect.signature(function)
    except ValueError:  # some functions written in C do not tell
        return
    try:
        signature.bind(**arguments)
    except TypeError as error:
        given = ", ".join(arguments) or "none"
        sys.exit(f"{call} cannot be called with the parameters given ({given}): {error}.")


def _plain(value: Any) -> Any:
    """Numbers of another library (numpy) as Python's own."""
    for method in ("tolist", "item"):
        if hasattr(value, method):
            return getattr(value, method)()
    raise TypeError(f"a metric of type {type(value).__name__} was returned; numbers are needed")


if __name__ == "__main__":
    main(*sys.argv[1:])
