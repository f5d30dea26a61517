"""The search space: parameters, their domains, and which configurations are allowed."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from autotune.core.expression import Expression, ExpressionError

Value: TypeAlias = bool | int | float | str | None
"""What a parameter holds; None is `unset`: the parameter is not given to the system at all."""

Config: TypeAlias = Mapping[str, Value]
"""Parameter name to value; an inactive parameter (its `when` is false) is absent."""

Kind: TypeAlias = Literal["int", "float", "bool", "choice", "ordinal"]
Scope: TypeAlias = Literal["runtime", "reload", "restart", "boot"]
Risk: TypeAlias = Literal["durability", "security", "correctness", "availability"]

UNSET = "unset"
"""How `None` is written in files and shown to people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Apply:
    """How a parameter reaches the system: the actuator's name and its own options."""

    actuator: str
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of a system with its domain.

    `low`, `high`, `log` and `step` describe int and float; `values` lists what bool, choice and
    ordinal can hold (ordinal: in order). `special` are single values beside the range; None among
    them or in `values` stands for unset. `risks` maps a risk to the expression that says when a
    configuration carries it.
    """

    name: str
    kind: Kind
    default: Value
    low: float = 0
    high: float = 0
    log: bool = False
    step: float | None = None
    values: tuple[Value, ...] = ()
    special: tuple[Value, ...] = ()
    unit: str = ""
    scope: Scope = "restart"
    apply: Apply
    when: Expression | None = None
    risks: Mapping[Risk, Expression] = field(default_factory=dict)
    description: str = ""

    @property
    def numeric(self) -> bool:
        """Whether the domain is a range of numbers."""
        return self.kind in {"int", "float"}

    def contains(self, value: Value) -> bool:
        """Whether the domain holds `value`; True is not 1 here."""
        listed = (*self.values, *self.special)
        if any(value == known and type(value) is type(known) for known in listed):
            return True
        if not self.numeric or value is None or isinstance(value, (bool, str)):
            return False
        if self.kind == "int" and not isinstance(value, int):
            return False
        if not self.low <= value <= self.high:
            return False
        if self.step is None:
            return True
        steps = (value - self.low) / self.step
        # Where steps are tiny beside the value, its own rounding already is a visible share of a step.
        rounding = 8 * math.ulp(max(abs(value), abs(self.low))) / self.step
        return abs(steps - round(steps)) < 1e-9 * max(1.0, abs(steps)) + rounding

    def size(self) -> float:
        """How many values the domain has; infinite for a float without a step."""
        if not self.numeric:
            return len(self.values) + len(self.special)
        if self.kind == "float" and self.step is None:
            return float("inf")
        return int((self.high - self.low) / (self.step or 1) + 1e-9) + 1 + len(self.special)


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """Parameters in declared order, constraints over them, and facts of the host for both."""

    parameters: tuple[Parameter, ...]
    constraints: tuple[Expression, ...] = ()
    facts: Mapping[str, Value] = field(default_factory=dict)
    _known: Mapping[str, Parameter] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_known", {p.name: p for p in self.parameters})

    def __contains__(self, name: object) -> bool:
        return name in self._known

    def __getitem__(self, name: str) -> Parameter:
        return self._known[name]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters in declared order."""
        return tuple(self._known)

    def size(self) -> float:
        """How many configurations the domains span, before conditions and constraints.

        A whole number of any length, or infinite.
        """
        sizes = [p.size() for p in self.parameters]
        # A whole number beyond 10**308 times infinity is an error, not infinity.
        return math.inf if math.inf in sizes else math.prod(map(int, sizes))

    def defaults(self) -> dict[str, Value]:
        """The configuration that the system has when nobody tunes it."""
        return self.pruned({p.name: p.default for p in self.parameters})

    def pruned(self, config: Config) -> dict[str, Value]:
        """`config` in declared order without the parameters that are inactive in it.

        A parameter is inactive where its `when` is false, names an inactive parameter, or has no value
        because a parameter in it is unset. Parameters whose conditions wait for each other are inactive.
        """
        active: dict[str, Value] = {}
        waiting: dict[str, Parameter] = {}
        for parameter in self.parameters:
            if parameter.name in config and parameter.when is None:
                active[parameter.name] = config[parameter.name]
            elif parameter.name in config:
                waiting[parameter.name] = parameter
        while ready := [p for p in waiting.values() if not _waits(p, waiting)]:
            for parameter in ready:
                del waiting[parameter.name]
                if self._is_active(parameter, active):
                    active[parameter.name] = config[parameter.name]
        return {name: active[name] for name in self._known if name in active}

    def _is_active(self, parameter: Parameter, active: Config) -> bool:
        if parameter.when is None:
            return True
        parameters = parameter.when.names & self._known.keys()
        return parameters <= active.keys() and _holds(parameter.when, {**self.facts, **active})

    def violated(self, config: Config) -> tuple[Expression, ...]:
        """Constraints that are false for `config`; one that names an absent or unset parameter holds."""
        known = {**self.facts, **{k: v for k, v in config.items() if v is not None}}
        return tuple(c for c in self.constraints if c.names <= known.keys() and not c.evaluate(known))

    def risks(self, config: Config) -> dict[Risk, tuple[str, ...]]:
        """Each risk that `config` carries, with the parameters that bring it (unset brings none)."""
        found: dict[Risk, tuple[str, ...]] = {}
        known = {**self.facts, **config}
        for parameter in self.parameters:
            for risk, expression in parameter.risks.items():
                if expression.names <= known.keys() and _holds(expression, known):
                    found[risk] = (*found.get(risk, ()), parameter.name)
        return found


def _waits(parameter: Parameter, waiting: Mapping[str, Parameter]) -> bool:
    """Whether the condition names another one of those whose own activity is not known yet."""
    needed = parameter.when.names if parameter.when else ()
    return any(name in waiting for name in needed if name != parameter.name)


def _holds(expression: Expression, known: Config) -> bool:
    """Whether it is true; false where it has no value because something in it is unset."""
    try:
        return bool(expression.evaluate(known))
    except ExpressionError:
        if any(known[name] is None for name in expression.names & known.keys()):
            return False
        raise


def config_key(config: Config) -> str:
    """One string per configuration: equal configurations, and only these, share it."""
    return json.dumps(dict(config), sort_keys=True, separators=(",", ":"))


def shown(value: Value) -> str:
    """A value as people write it in YAML."""
    if value is None:
        return UNSET
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.6g}" if isinstance(value, float) else str(value)
