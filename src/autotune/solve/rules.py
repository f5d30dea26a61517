"""What a configuration has to satisfy, told of many configurations at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from autotune.core.enclosure import Spread, enclosed, of_values
from autotune.core.expression import Expression, ExpressionError
from autotune.model.space import Config, Space, Value
from autotune.solve.axis import Axis, Part

Box: TypeAlias = Mapping[str, Part]
"""A part of the domain for each parameter that a rule rests on."""

Status: TypeAlias = Literal["kept", "broken", "open"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """An expression that has to be true, or must not be: a constraint, or a risk that is not allowed.

    `scope` are the parameters that it rests on, those of their conditions included.
    """

    expression: Expression
    wanted: bool
    names: frozenset[str]
    scope: frozenset[str]


class Rules:
    """The constraints of `space`, and the expressions `barred`, none of which may be true."""

    def __init__(
        self,
        space: Space,
        *,
        barred: Sequence[Expression] = (),
        constraints: Sequence[Expression] | None = None,
    ) -> None:
        self.space = space
        self._facts = {name: of_values([value]) for name, value in space.facts.items()}
        wanted = space.constraints if constraints is None else constraints
        told = [(c, True) for c in wanted] + [(e, False) for e in barred]
        self.rules = tuple(self._rule(e, wanted=w) for e, w in told if e.names <= self._known)
        scope = frozenset[str]().union(*(rule.scope for rule in self.rules))
        self.axes = {p.name: Axis(p) for p in space.parameters if p.name in scope}
        whens = [p.when.names for p in space.parameters if p.when is not None]
        self.conditions = frozenset[str]().union(*whens) & scope
        self.others = {p.name: Axis(p) for p in space.parameters if p.name not in scope}

    @property
    def _known(self) -> frozenset[str]:
        return frozenset((*self.space.names, *self._facts))

    def _rule(self, expression: Expression, *, wanted: bool) -> Rule:
        names = expression.names & frozenset(self.space.names)
        return Rule(expression=expression, wanted=wanted, names=names, scope=self._scope(names))

    def _scope(self, names: Collection[str]) -> frozenset[str]:
        found: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                when = self.space[name].when
                waiting.extend(when.names & frozenset(self.space.names) if when else ())
        return frozenset(found)

    @property
    def whole(self) -> dict[str, Part]:
        """The box that leaves everything open."""
        return {name: axis.whole for name, axis in self.axes.items()}

    def only(self, config: Config) -> dict[str, Part]:
        """The box of one configuration; what is absent from it is at its default."""
        return {name: axis.of(config.get(name, axis.parameter.default)) for name, axis in self.axes.items()}

    def broken(self, config: Config) -> tuple[Rule, ...]:
        """The rules that `config`, without inactive parameters, breaks, or that have no value for it."""
        return tuple(rule for rule in self.rules if not self._kept(rule, config))

    def _kept(self, rule: Rule, config: Config) -> bool:
        known = {**self.space.facts, **config}
        if rule.wanted:
            known = {name: value for name, value in known.items() if value is not None}
        if not rule.expression.names <= known.keys():
            return True
        try:
            return bool(rule.expression.evaluate(known)) is rule.wanted
        except ExpressionError:  # a risk that rests on what is unset is not taken
            return not rule.wanted and any(known[name] is None for name in rule.expression.names)

    def status(self, rule: Rule, box: Box) -> Status:
        """Whether every configuration of the box keeps the rule, or every one breaks it."""
        presence = [self._present(name, box) for name in rule.names]
        if not all(possible for possible, _ in presence):
            return "kept"
        spreads = {name: self.axes[name].spread(box[name]) for name in rule.names}
        absent = not all(sure for _, sure in presence)
        if rule.wanted:  # a constraint on what is unset holds; a risk may depend on it
            absent = absent or any(s.others and None in s.others for s in spreads.values())
            spreads = {name: spread.without_unset() for name, spread in spreads.items()}
            if any(spread.empty for spread in spreads.values()):
                return "kept"
        found = enclosed(rule.expression, {**self._facts, **spreads})
        return self._judged(rule, found, absent=absent)

    def _judged(self, rule: Rule, found: Spread, *, absent: bool) -> Status:
        good, bad = found.can_be_true, found.can_be_false
        if not rule.wanted:
            good, bad = bad, good
        if not bad and not found.fails:
            return "kept"
        return "broken" if not good and not absent and (rule.wanted or not found.fails) else "open"

    def _present(self, name: str, box: Box) -> tuple[bool, bool]:
        """Whether the parameter can be active in the box, and whether it surely is."""
        when = self.space[name].when
        if when is None:
            return True, True
        needed = when.names & self.axes.keys()
        presence = [self._present(other, box) for other in needed]
        if not all(possible for possible, _ in presence):
            return False, False
        spreads = {other: self.axes[other].spread(box[other]) for other in needed}
        found = enclosed(when, {**self._facts, **spreads})
        sure = all(sure for _, sure in presence) and not found.can_be_false and not found.fails
        return found.can_be_true, sure

    def complete(self, chosen: Mapping[str, Value], others: Config) -> dict[str, Value]:
        """A configuration of the chosen values and, of parameters that no rule rests on, `others`."""
        return self.space.pruned({n: chosen[n] if n in chosen else others[n] for n in self.space.names})
