"""Numbers in JSON, each with its path."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from autotune.study.propose.found import Found
from autotune.study.propose.unit import unit_in, unit_of

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_DEEPEST = 6
_LONGEST_LIST = 4
_MOST = 200


def in_document(text: str) -> tuple[Found, ...]:
    """Every number of the JSON that `text` is, or that its last line is; none where there is no JSON."""
    data = _parsed(text)
    return tuple(islice(_walk(data, "$", (), ""), _MOST)) if isinstance(data, (dict, list)) else ()


def _parsed(text: str) -> Any:
    for part in (text, text.strip().rsplit("\n", 1)[-1]):
        try:
            return json.loads(part)
        except (ValueError, RecursionError):
            continue
    return None


def _walk(data: Any, path: str, keys: tuple[str, ...], unit: str) -> Iterator[Found]:
    if len(keys) > _DEEPEST:
        return
    if isinstance(data, dict):
        own = data.get("unit") or data.get("time_unit")
        beside = unit_of(own)[0] if isinstance(own, str) else ""
        for key, value in data.items():
            yield from _walk(value, path + _step(key), (*keys, key), beside)
    elif isinstance(data, list) and len(data) <= _LONGEST_LIST:
        for number, value in enumerate(data):
            if isinstance(value, dict):
                yield from _walk(value, f"{path}[{number}]", (*keys, str(number)), "")
    elif isinstance(data, (int, float)) and not isinstance(data, bool) and abs(data) < float("inf"):
        label = " ".join([key for key in keys if not key.isdecimal()][-2:])
        yield Found(label=label, value=float(data), unit=unit_in(keys[-1]) or unit, source="json", where=path)


def _step(key: str) -> str:
    return f".{key}" if _PLAIN.fullmatch(key) else f"[{json.dumps(key)}]"
