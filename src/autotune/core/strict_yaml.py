"""YAML 1.2 without surprises: what is read, where it stands, how it is written."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

import yaml

from autotune.core.document import Document, Where
from autotune.core.errors import FileError, Problem
from autotune.core.text_file import read_text
from autotune.core.yaml_scalar import quoted, resolved

_LARGEST_FILE = 2**20
_DEEPEST = 50
_MOST_NODES = 100_000
_MOST_PROBLEMS = 50
_SHORT = 80  # characters of a list or mapping that is written in one line
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def read(path: Path) -> Document:
    """The document in the file at `path`; raises FileError as `load`, and where it cannot be read as text."""
    return load(read_text(path, largest=_LARGEST_FILE), str(path))


def load(text: str, file: str) -> Document:
    """The one document that `text` spells, in YAML 1.2's core schema; `file` is its name in messages.

    Raises FileError with every problem found: duplicate and non-text keys, anchors, aliases, merge keys,
    tags, numbers that are not finite or beyond 64 bit, several documents, more than 50 levels or 1 MiB.
    """
    document = load_in_part(text, file)
    if document.problems:
        raise FileError(document.problems)
    return document


def read_in_part(path: Path) -> Document:
    """The document in the file at `path`, as `load_in_part`."""
    return load_in_part(read_text(path, largest=_LARGEST_FILE), str(path))


def load_in_part(text: str, file: str) -> Document:
    """As `load`, but with the problems in the document where the data can be read in spite of them.

    Of a key that is given twice the first counts, what is not allowed is null. Raises FileError where
    nothing can be read.
    """
    if len(text.encode("utf-8", errors="surrogatepass")) > _LARGEST_FILE:
        raise FileError(
            [Problem(file=file, line=1, column=1, message=f"is larger than {_LARGEST_FILE // 1024} KiB")]
        )
    reader = _Reader(text, file)
    data = reader.document()
    problems = tuple(sorted(reader.problems, key=lambda p: (p.line, p.column)))
    if reader.stopped:
        raise FileError(problems)
    return Document(data, file, reader.values, reader.keys, problems)


def _count(before: str) -> Where:
    """Line and column of the character after `before`."""
    return before.count("\n") + 1, len(before) - before.rfind("\n")


class _StopReadingError(Exception):
    """What was found leaves nothing to go on with; it is among the problems."""


class _Reader:
    """Builds plain data from parser events, so that no node is ever shared or recursed into unseen."""

    def __init__(self, text: str, file: str) -> None:
        self.problems: list[Problem] = []
        self.stopped = False
        self.values: dict[tuple[str | int, ...], Where] = {}
        self.keys: dict[tuple[str | int, ...], Where] = {}
        self._text = text
        self._file = file
        self._last: Where = (1, 1)
        self._events = self._guarded()

    def document(self) -> Any:
        """The data of the only document; None where there is none."""
        data = None
        try:
            next(self._events)
            event = next(self._events)
            if isinstance(event, yaml.DocumentStartEvent):
                data = self._node(next(self._events), ())
                next(self._events)
                event = next(self._events)
            if isinstance(event, yaml.DocumentStartEvent):
                self._stop(_where(event), "a second document begins; one file holds one document")
        except _StopReadingError:
            self.stopped = True
        return data

    def _guarded(self) -> Iterator[yaml.Event]:
        """Parser events; whatever the parser raises becomes a problem."""
        try:
            for event in yaml.parse(self._text, Loader=yaml.SafeLoader):
                self._last = _where(event)
                yield event
        except yaml.reader.ReaderError as error:
            where = _count(self._text[: error.position])
            self._stop(where, f"character U+{ord(self._text[error.position]):04X} is not allowed in YAML")
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            where = (mark.line + 1, mark.column + 1) if mark else self._last
            self._stop(where, _syntax(error))
        except (ValueError, OverflowError, RecursionError):
            self._stop(self._last, "what follows is not YAML: an escape or a version is out of range")

    def _stop(self, where: Where, message: str) -> NoReturn:
        self._problem(where, message)
        raise _StopReadingError

    def _problem(self, where: Where, message: str) -> None:
        self.problems.append(Problem(file=self._file, line=where[0], column=where[1], message=message))
        if len(self.problems) >= _MOST_PROBLEMS:
            raise _StopReadingError

    def _node(self, event: yaml.Event, path: tuple[str | int, ...]) -> Any:
        where = _where(event)
        self.values[path] = where
        if len(path) > _DEEPEST:
            self._stop(where, f"more than {_DEEPEST} levels, one in another")
        if len(self.values) > _MOST_NODES:
            self._stop(where, f"more than {_MOST_NODES} values")
        if isinstance(event, yaml.AliasEvent):
            self._problem(where, f"alias '*{event.anchor}' is not allowed; write the value out")
            return None
        if isinstance(event, yaml.NodeEvent):
            self._plain_only(event, where)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, where)
        return self._mapping(path) if isinstance(event, yaml.MappingStartEvent) else self._sequence(path)

    def _plain_only(self, event: yaml.NodeEvent, where: Where) -> None:
        if event.anchor:
            self._problem(where, f"anchor '&{event.anchor}' is not allowed; write each value out")
        tag = getattr(event, "tag", None)
        if tag:
            shown = quoted(tag.replace("tag:yaml.org,2002:", "!!"))
            self._problem(where, f"tag '{shown}' is not allowed; leave it out")

    def _sequence(self, path: tuple[str | int, ...]) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._node(event, (*path, len(items))))
        return items

    def _mapping(self, path: tuple[str | int, ...]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            where = _where(event)
            key = self._key(event, where, (*path, "?"))
            if key in found:
                first = self.keys[(*path, key)][0]
                self._problem(
                    where, f"key '{quoted(key)}' is given twice, in line {first} and in line {where[0]}"
                )
                self._node(next(self._events), (*path, f"\0{where}"))
                continue
            self.keys[(*path, key)] = where
            found[key] = self._node(next(self._events), (*path, key))
        return found

    def _key(self, event: yaml.Event, where: Where, path: tuple[str | int, ...]) -> str:
        key = self._node(event, path)
        if isinstance(event, yaml.ScalarEvent) and event.style is None and event.value == "<<":
            self._problem(where, "merge key '<<' is not allowed; write the keys out")
        elif not isinstance(key, str):
            shown = f"'{quoted(event.value)}'" if isinstance(event, yaml.ScalarEvent) else "a list or mapping"
            self._problem(where, f"a key has to be text, found {shown}; put a name in quotes")
            return f"\0{where}"  # stands apart from every real key
        return str(key)

    def _scalar(self, event: yaml.ScalarEvent, where: Where) -> Any:
        text: str = event.value
        if event.style is not None:
            if _SURROGATE.search(text):
                self._problem(where, "half a surrogate pair is no character")
                return ""
            return text
        try:
            return resolved(text)
        except ValueError as error:
            self._problem(where, str(error))
            return None


def _where(event: yaml.Event) -> Where:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _syntax(error: yaml.MarkedYAMLError) -> str:
    """The parser's complaint as one sentence."""
    message = f"not YAML: {error.problem or error.context}"
    if error.problem and error.context and error.context_mark:
        message += f" ({error.context} that begins in line {error.context_mark.line + 1})"
    if "'\\t'" in message:
        message += "; indent with spaces, not with tabs"
    return message


def dump(data: Any) -> str:
    """`data` as YAML that `load` reads back identically, keys in their order, short leaves in one line.

    Raises ValueError for what `load` would refuse: numbers out of range, keys that are not text, other types.
    """
    stream = io.StringIO()
    dumper = _Dumper(stream, allow_unicode=True, sort_keys=False, width=2**31)
    try:
        dumper.outermost = data
        dumper.open()
        dumper.represent(data)
        dumper.close()
    except (yaml.YAMLError, RecursionError) as error:
        raise ValueError(f"cannot be written as YAML: {error}") from error
    return stream.getvalue()


class _Dumper(yaml.SafeDumper):
    """PyYAML's writer, which also quotes what only YAML 1.2 takes for a number."""

    outermost: Any = None

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  PyYAML's interface
        return True

    def text(self, data: str) -> yaml.Node:
        style = None if data.isprintable() or not data else '"'
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=style)

    def number(self, data: float) -> yaml.Node:
        text = repr(data)
        resolved(text if "n" not in text else f".{text.lstrip('-')}")
        return self.represent_scalar(f"tag:yaml.org,2002:{type(data).__name__}", text)

    def items(self, data: Sequence[Any]) -> yaml.Node:
        return self.represent_sequence(
            "tag:yaml.org,2002:seq", data, flow_style=self._in_one_line(data, data)
        )

    def mapping(self, data: Mapping[str, Any]) -> yaml.Node:
        if not all(isinstance(key, str) for key in data):
            raise ValueError(f"keys have to be text: {list(data)}")
        flow = self._in_one_line(data, list(data.values()))
        return self.represent_mapping("tag:yaml.org,2002:map", data, flow_style=flow)

    def _in_one_line(self, data: Any, members: Sequence[Any]) -> bool:
        if not members:
            return True
        nested = any(isinstance(m, dict) or (isinstance(m, (list, tuple)) and not _flat(m)) for m in members)
        return data is not self.outermost and not nested and len(repr(data)) <= _SHORT


def _flat(items: Sequence[Any]) -> bool:
    return not any(isinstance(item, (list, tuple, dict)) for item in items)


_Dumper.add_representer(str, _Dumper.text)
_Dumper.add_representer(int, _Dumper.number)
_Dumper.add_representer(float, _Dumper.number)
_Dumper.add_representer(list, _Dumper.items)
_Dumper.add_representer(tuple, _Dumper.items)
_Dumper.add_representer(dict, _Dumper.mapping)
_Dumper.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"(?:0o[0-7]+|[-+]?[0-9]+)$"), list("-+0123456789")
)
_Dumper.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$"),
    list("-+.0123456789"),
)
