"""Plain data read into a model, with every mistake as a path, a sentence and perhaps a hint."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar, get_args, get_origin

from pydantic import ValidationError

from autotune.core.hint import did_you_mean
from autotune.study.schema.fields import OWN, Strict, found

Path: TypeAlias = tuple[str | int, ...]
Form = TypeVar("Form", bound=Strict)

_TAGS = {"<short>", "<mapping>"}
_WANTED = {
    "bool_type": "true or false",
    "dict_type": "a mapping",
    "int_type": "a whole number",
    "list_type": "a list",
    "model_type": "a mapping",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """What is wrong at `path`; `at_key` when it is the key itself and not its value.

    `also` are other places that it was concluded from; where one of them is wrong, this may be right.
    `missing` is the path of a key that is not there.
    """

    path: Path
    message: str
    at_key: bool = False
    also: tuple[Path, ...] = ()
    missing: Path = ()


def read(model: type[Form], data: Any) -> tuple[Form | None, list[Mistake]]:
    """`data` as `model`, or None with every mistake in it."""
    mistakes = list(_empty(data, ()))
    try:
        return (None if mistakes else model.model_validate(data)), mistakes
    except ValidationError as error:
        nothing = {m.path for m in mistakes}
        details = error.errors(include_url=False, include_context=True)
        found_here = [_mistake(model, detail) for detail in details]
        return None, [*mistakes, *(m for m in found_here if m.path not in nothing)]


def _empty(data: Any, path: Path) -> Iterator[Mistake]:
    """Keys and items that hold nothing: null is no value in these files."""
    members = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in members:
        if value is None:
            message = "nothing is written here. Leave the key out, or write unset where a value is meant"
            yield Mistake(path=(*path, key), message=message)
        yield from _empty(value, (*path, key))


def _mistake(model: type[Strict], detail: Any) -> Mistake:
    path: Path = tuple(part for part in detail["loc"] if part not in _TAGS)
    if path and path[-1] == "[key]":
        return Mistake(path=path[:-1], message=_sentence(detail), at_key=True)
    if detail["type"] == "extra_forbidden":
        known = known_keys(model, path[:-1])
        message = f"unknown key '{path[-1]}'. Known: {', '.join(known)}.{did_you_mean(str(path[-1]), known)}"
        return Mistake(path=path, message=message, at_key=True)
    if detail["type"] == "missing":
        message = f"key '{path[-1]}' is missing"
        return Mistake(path=path[:-1], message=message, at_key=True, missing=path)
    name = next((part for part in reversed(path) if isinstance(part, str)), "")
    sentence = _sentence(detail)
    return Mistake(path=path, message=f"{name}: {sentence}" if name and detail["type"] != OWN else sentence)


def _sentence(detail: Any) -> str:
    kind, context, value = detail["type"], detail.get("ctx", {}), found(detail["input"])
    if kind == OWN:
        return str(detail["msg"])
    if kind in _WANTED:
        return f"expected {_WANTED[kind]}, found {value}"
    if kind == "literal_error":
        expected = context["expected"].replace("'", "").replace(" or ", ", ").replace("True", "true")
        return f"expected one of {expected}; found {value}.{did_you_mean(value, expected.split(', '))}"
    if kind == "too_short":
        return "expected at least one entry, found none"
    bounds = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}
    told = [f"{words} {context[key]}" for key, words in bounds.items() if key in context]
    return f"expected {' and '.join(told) or detail['msg']}, found {value}"


def known_keys(model: Any, path: Path) -> list[str]:
    """Keys that the format knows in the mapping at `path` of `model`."""
    here = [model]
    for step in path:
        here = [inner for outer in here for inner in _inside(outer, step)]
    return [key for part in here for key in _fields(part)]


def _inside(kind: Any, step: str | int) -> Iterator[Any]:
    if isinstance(kind, type) and issubclass(kind, Strict):
        annotation = _fields(kind).get(str(step))
        yield from _parts(annotation)
    elif get_origin(kind) in {dict, list}:
        yield from _parts(get_args(kind)[-1])


def _fields(kind: Any) -> dict[str, Any]:
    if not (isinstance(kind, type) and issubclass(kind, Strict)):
        return {}
    return {field.alias or name: field.annotation for name, field in kind.model_fields.items()}


def _parts(annotation: Any) -> Iterator[Any]:
    """The alternatives that `annotation` allows, without Annotated and unions around them."""
    if get_origin(annotation) in {dict, list} or isinstance(annotation, type):
        yield annotation
        return
    for part in get_args(annotation):
        yield from _parts(part)
