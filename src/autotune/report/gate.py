"""A gate's answers for people: a line for each metric, a summary in Markdown, annotations of GitHub."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from autotune.core.redact import printable
from autotune.model.gate import Answer, GateVerdict
from autotune.report.columns import columns
from autotune.report.words import NONE, change, one_line, percent, plain_percent, quantity

Answers = Mapping[str, Sequence[GateVerdict]]
"""The verdicts of each workload."""

_MOST_ROWS = 24
"""Rows of a summary, which is read on a small part of a page; what failed stands first."""

_ORDER = (Answer.FAIL, Answer.UNDECIDED, Answer.PASS)
_LEVELS = {Answer.FAIL: "error", Answer.UNDECIDED: "warning"}


def lines(answers: Answers) -> list[str]:
    """One line per metric, those that failed first, with what more is to be said of it below."""
    rows = list(_sorted(answers))
    table = columns([_cells(name, verdict) for name, verdict in rows]).splitlines()
    found = []
    for line, (_, verdict) in zip(table, rows, strict=True):
        found.append(line.rstrip())
        found += [f"      {text}" for text in _beside(verdict)]
    return found


def _sorted(answers: Answers) -> Iterator[tuple[str, GateVerdict]]:
    every = [(name, verdict) for name, verdicts in answers.items() for verdict in verdicts]
    yield from sorted(every, key=lambda one: _ORDER.index(one[1].answer))


def _cells(name: str, verdict: GateVerdict) -> tuple[str, ...]:
    confirmed = f"failed {verdict.failed} of {verdict.rounds}" if verdict.failed else ""
    return (
        verdict.answer.upper(),
        one_line(name),
        one_line(verdict.metric),
        seen(verdict),
        f"limit {limit(verdict)}",
        f"{verdict.pairs} pairs",
        f"could see {_size(verdict, verdict.smallest)}",
        confirmed,
    )


def seen(verdict: GateVerdict) -> str:
    """The change of the metric with its interval: +7.8 % [+5.9 %, +9.6 %]."""
    if verdict.failures_head * 2 > max(1, verdict.pairs):
        return f"fails in {verdict.failures_head} of {max(verdict.pairs, verdict.failures_head)}"
    if verdict.effect is None:
        return "not compared"
    estimate, low, high = change(verdict.effect, verdict.direction, verdict.unit)
    return f"{estimate} [{low}, {high}]"


def limit(verdict: GateVerdict) -> str:
    """The limit as a change of the metric: +5 %, or -4.8 % where more is better."""
    if verdict.effect is not None and not verdict.effect.relative:
        sign = "+" if verdict.direction == "minimize" else "-"
        return f"{sign}{quantity(verdict.limit, verdict.unit)}"
    share = verdict.limit if verdict.direction == "minimize" else 1 / (1 + verdict.limit) - 1
    return percent(share)


def _size(verdict: GateVerdict, value: float | None) -> str:
    if value is None:
        return NONE
    relative = verdict.effect is None or verdict.effect.relative
    return plain_percent(float(f"{value:.2g}")) if relative else quantity(value, verdict.unit)


def _beside(verdict: GateVerdict) -> Iterator[str]:
    if verdict.reason:
        yield one_line(verdict.reason)
    if verdict.answer is Answer.UNDECIDED and verdict.more_pairs:
        pairs = verdict.pairs + verdict.more_pairs
        yield f"about {verdict.more_pairs} more pairs would settle it: --pairs {pairs}"


def summary(answers: Answers, *, base: str, head: str, answer: Answer, doubts: Sequence[str]) -> str:
    """The job summary in Markdown, of at most 40 lines."""
    rows = list(_sorted(answers))
    table = [
        "| | workload | metric | change | limit | pairs | could see |",
        "|---|---|---|--:|--:|--:|--:|",
        *(_row(name, verdict) for name, verdict in rows[:_MOST_ROWS]),
    ]
    left = (
        [f"And {len(rows) - _MOST_ROWS} more that passed or are undecided."] if len(rows) > _MOST_ROWS else []
    )
    said = [f"- {_escaped(text)}" for text in doubts[:5]]
    head_lines = [f"### autotune gate: {answer}", "", f"Base {_escaped(base)}, head {_escaped(head)}.", ""]
    return (
        "\n".join([*head_lines, *table, *(["", *left] if left else []), *(["", *said] if said else [])])
        + "\n"
    )


def _row(name: str, verdict: GateVerdict) -> str:
    cells = (
        f"**{verdict.answer}**" if verdict.answer is Answer.FAIL else str(verdict.answer),
        name,
        verdict.metric,
        seen(verdict),
        limit(verdict),
        str(verdict.pairs),
        _size(verdict, verdict.smallest),
    )
    return f"| {' | '.join(map(_escaped, cells))} |"


def _escaped(text: str) -> str:
    return one_line(text).replace("|", "\\|").replace("<", "&lt;")


def commands(answers: Answers, files: Mapping[str, str]) -> Iterator[str]:
    """Workflow commands of GitHub for what failed or is undecided, at the file of its workload."""
    for name, verdict in _sorted(answers):
        level = _LEVELS.get(verdict.answer)
        if level is None:
            continue
        said = f"{verdict.metric} {seen(verdict)}, limit {limit(verdict)}"
        more = "; ".join(_beside(verdict))
        message = _command(f"{said}. {more}" if more else said)
        title = _command(f"{name}: {verdict.answer}").replace(",", "%2C").replace(":", "%3A")
        yield f"::{level} file={_command(files.get(name, ''))},title={title}::{message}"


def _command(text: str) -> str:
    """`text` with what ends a workflow command escaped."""
    return printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
