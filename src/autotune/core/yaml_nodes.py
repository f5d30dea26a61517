"""Where the values of a YAML text stand: for editing files of others, so anchors and tags are allowed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import yaml

_DEEPEST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class YamlNode:
    """A value from `start` to `end` of the text, with its members, each with its key (a list's without).

    `style` is the quote or sign of a scalar and the bracket of a flow collection; `text` is what the scalar
    reads as. With an anchor or a tag, or as an alias, it is `shared`.
    """

    kind: Literal["scalar", "list", "mapping"]
    start: int
    end: int
    style: str = ""
    text: str = ""
    shared: bool = False
    members: Sequence[tuple[YamlNode | None, YamlNode]] = field(default=())


def nodes(text: str) -> YamlNode | None:
    """The one document of `text`; None where there is none.

    Raises ValueError, with the line, for what is not YAML, several documents, and over 100 levels.
    """
    try:
        return _document(yaml.parse(text, Loader=yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise ValueError(f"line {line}: is not YAML: {error.problem or error.context}") from error
    except (yaml.YAMLError, OverflowError) as error:
        raise ValueError(f"is not YAML: {str(error).splitlines()[0]}") from error


def _mark(mark: Any) -> Any:
    """The mark, which PyYAML's types say may be missing; that of a text it has read never is."""
    return mark


def _document(events: Iterator[yaml.Event]) -> YamlNode | None:
    found = None
    for event in events:
        if not isinstance(event, yaml.DocumentStartEvent):
            continue
        if found is not None:
            raise ValueError(
                f"line {_mark(event.start_mark).line + 1}: a second document begins; only one can be edited"
            )
        found = _node(next(events), events)
    return found


def _node(event: yaml.Event, events: Iterator[yaml.Event], depth: int = 0) -> YamlNode:
    if depth > _DEEPEST:
        raise ValueError(f"line {_mark(event.start_mark).line + 1}: is nested too deep")
    start, end = _mark(event.start_mark).index, _mark(event.end_mark).index
    if isinstance(event, yaml.AliasEvent):
        return YamlNode(kind="scalar", start=start, end=end, style="*", shared=True)
    shared = bool(getattr(event, "anchor", None) or getattr(event, "tag", None))
    if isinstance(event, yaml.ScalarEvent):
        return YamlNode(
            kind="scalar", start=start, end=end, style=event.style or "", text=event.value, shared=shared
        )
    mapping = isinstance(event, yaml.MappingStartEvent)
    members: list[tuple[YamlNode | None, YamlNode]] = []
    stop = yaml.MappingEndEvent if mapping else yaml.SequenceEndEvent
    while not isinstance(inner := next(events), stop):
        key = _node(inner, events, depth + 1) if mapping else None
        members.append((key, _node(next(events) if mapping else inner, events, depth + 1)))
    flow = bool(getattr(event, "flow_style", False))
    # A block ends with its last value: its end event stands behind comments that belong to what follows.
    last = _mark(inner.end_mark).index if flow or not members else members[-1][1].end
    return YamlNode(
        kind="mapping" if mapping else "list", start=start, end=last, style="{" if flow else "",
        shared=shared, members=members,
    )  # fmt: skip
