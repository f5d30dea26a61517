"""What applying a profile would do, as text: a unified diff, the exact commands, and those that undo them."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from autotune.actuate.edit import editor
from autotune.actuate.now import file_text
from autotune.flow.apply import Plan
from autotune.flow.apply_targets import Step
from autotune.model.target import Target
from autotune.sidecar import action


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Lines to be shown, each group possibly empty."""

    diff: tuple[str, ...]
    commands: tuple[str, ...]
    undo: tuple[str, ...]


def preview(plan: Plan, services: dict[str, dict[str, Any]]) -> Preview:
    """What `plan` changes; `services` says how those that hear of it are told."""
    changing = plan.changing
    plain = [(step, held) for step, held in changing if not step.target.entry]
    told = dict.fromkeys(
        action.by_hand(services[step.target.service], step.target.needs)
        for step, _ in changing
        if step.target.needs
    )
    return Preview(
        diff=(*_values(plan, plain), *_files([step for step, _ in changing if step.target.entry])),
        commands=(*(_command(step.target, step.asked) for step, _ in changing), *told),
        undo=(*(_command(step.target, held) for step, held in reversed(changing)), *told),
    )


def _values(plan: Plan, plain: list[tuple[Step, str | None]]) -> Iterator[str]:
    if not plain:
        return
    yield "--- this machine"
    yield f"+++ profile {plan.profile.name}"
    for step, held in plain:
        if held is not None:
            yield f"-{step.target.key} = {held}"
        if step.asked is not None:
            yield f"+{step.target.key} = {step.asked}"
        for other in step.target.also:
            yield f" {other.key} changes with it"


def _files(inside: list[Step]) -> Iterator[str]:
    by_path: dict[str, list[Step]] = {}
    for step in inside:
        by_path.setdefault(str(step.target.address["path"]), []).append(step)
    for path, entries in by_path.items():
        before = after = file_text(entries[0].target)
        for step in entries:
            after = editor(step.target.format).put(after, step.target.entry, step.asked)
        yield from difflib.unified_diff(
            before.splitlines(), after.splitlines(), path, f"{path} (profile)", lineterm=""
        )


def _command(target: Target, value: str | None) -> str:
    if target.entry:
        said = "take it out" if value is None else f"set it to {value}"
        return f"# {target.key}: {said}"
    means = import_module(f"autotune.sidecar.means.{target.means}")
    command: str = means.by_hand(dict(target.address), value)
    return command
