"""Several samplers that share a budget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autotune.core.errors import UsageError
from autotune.core.hint import did_you_mean
from autotune.core.registry import load, names
from autotune.model.ports import Ending, Sampler
from autotune.model.problem import Problem
from autotune.model.space import Config
from autotune.model.trial import Trial
from autotune.search.credit import Credit
from autotune.search.history import History, one_objective
from autotune.search.options import chosen

_MEMBERS = ("auto", "local", "annealing")
_OTHERS = frozenset({"baseline", "enqueued", "earlier", "default", "random"})
"""Origins of trials that no member is to be credited for."""

_TURNS = 10
"""After so many answers that could not be used, the next member is asked."""


class Portfolio:
    """Asks the member that brought most new bests lately; all of them are told everything.

    Credit by the area-under-curve bandit (see `credit`). Option `members` (auto, local, annealing): names of
    samplers. Who was asked for a trial follows from what was told before it, so that a study that was stopped
    goes on with the same credit.
    """

    def __init__(self, problem: Problem, *, options: Mapping[str, Any]) -> None:
        members = _members(options)
        one_objective("portfolio", problem)
        self._members: dict[str, Sampler] = {m: load("samplers", m)(problem, options={}) for m in members}
        self._credit = Credit(members)
        self._history = History(problem)

    @property
    def ended(self) -> str:
        """Why there is no further answer where all members ended: the first one's word for it."""
        words = [_ended(member) for member in self._members.values()]
        return words[0] if all(words) else ""

    def ask(self, number: int, attempt: int) -> Config | None:
        """The first member's answer by credit; after refusals, and where it ended, that of the next."""
        order = self._credit.order()
        turn = attempt // _TURNS % len(order)
        for name in order[turn:] + order[:turn]:
            config = self._members[name].ask(number, attempt)
            if config is not None:
                return config
        return None

    def tell(self, trial: Trial) -> None:
        """Credits the member whose turn it was, and tells all."""
        asked = next((n for n in self._credit.order() if not _ended(self._members[n])), "")
        before = self._history.best
        merit = self._history.take(trial)
        if merit is not None and trial.origin not in _OTHERS:
            self._credit.take(asked, best=before is None or merit < before[0])
        for member in self._members.values():
            member.tell(trial)


def _ended(member: Sampler) -> str:
    return member.ended if isinstance(member, Ending) else ""


def _members(options: Mapping[str, Any]) -> Sequence[str]:
    """The names under `members`; raises UsageError for others than samplers, each of them once."""
    known = [name for name in names("samplers") if name != "portfolio"]
    chosen("portfolio", {k: v for k, v in options.items() if k != "members"}, {"members": tuple(known)})
    members = options.get("members", list(_MEMBERS))
    if not isinstance(members, (list, tuple)) or not members or len(set(map(str, members))) < len(members):
        raise UsageError(
            f"sampler 'portfolio': option 'members' is a list of different samplers, found {members!r}. "
            f"Known: {', '.join(known)}."
        )
    if (wrong := next((str(name) for name in members if name not in known), None)) is not None:
        hint = did_you_mean(wrong, known)
        raise UsageError(f"sampler 'portfolio' has no member '{wrong}'. Known: {', '.join(known)}.{hint}")
    return tuple(members)
