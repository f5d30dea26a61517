"""A proven configuration: what changes, by how much it is better, and what it risks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autotune.model.space import Apply, Config, Scope, Space, Value
from autotune.model.verdict import Effect, Held, Result

OF_A_SAMPLE = frozenset({"argv", "arguments", "env", "template"})
"""Actuators that reach one command alone; all others change the machine that it runs on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One parameter that the profile sets, from its baseline value to the proven one.

    None on either side is `unset`: the system does not get the parameter, be it by choice or because it is
    inactive there. `effect` is what the change adds to the others, measured over `pairs` by leaving it out;
    None where that was not measured.
    """

    parameter: str
    before: Value
    after: Value
    unit: str
    scope: Scope
    apply: Apply
    effect: Effect | None = None
    pairs: int = 0

    @property
    def shown(self) -> bool:
        """Whether the change alone is shown to be for the better: its interval lies above 0."""
        return self.effect is not None and self.effect.low > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a profile keeps of its verdict; `limits` maps the text of each limit to its answer."""

    metric: str
    result: Result
    effect: Effect
    pairs: int
    margin: float
    limits: Mapping[str, Held] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Changes that were confirmed together, the proof of them, and where it was given.

    `risks` maps each risk that the configuration carries to the parameters that bring it.
    """

    name: str
    made_by: Mapping[str, Any]
    verdict: Proof
    host: Mapping[str, Any]
    risks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()

    @property
    def of_machine(self) -> bool:
        """Whether any of its changes is one of the machine."""
        return any(change.apply.actuator not in OF_A_SAMPLE for change in self.changes)


def changes(space: Space, baseline: Config, config: Config) -> tuple[Change, ...]:
    """Parameters whose value in `config` is not the one in `baseline` completed by defaults, as declared.

    One that only the other changes make active is compared with its default, which it has unless it is set.
    """
    base = {**{p.name: p.default for p in space.parameters}, **baseline}
    after = space.pruned(config)
    before = {**space.pruned(base), **{name: base[name] for name in after if name in base}}
    return tuple(
        Change(
            parameter=p.name,
            before=before.get(p.name),
            after=after.get(p.name),
            unit=p.unit,
            scope=p.scope,
            apply=p.apply,
        )
        for p in space.parameters
        if before.get(p.name) != after.get(p.name)
    )
