"""Says of each metric whether the head is worse than the base by as much as is allowed."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from autotune.flow.compare import Room, compared, unmeasured
from autotune.flow.compare_rules import Comparison
from autotune.judge.gate import gated
from autotune.judge.plan import Plan
from autotune.model.gate import Answer, GateVerdict
from autotune.model.run import Confirmation, PairedSample


@dataclass(frozen=True, slots=True, kw_only=True)
class Gated:
    """A verdict for each metric, and the rounds of fresh pairs that they rest on."""

    verdicts: tuple[GateVerdict, ...]
    rounds: tuple[Confirmation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """The two arms with a plan for each metric, whose margin is its limit.

    A metric fails where it does so in `rounds` rounds on fresh pairs, one after the other; `deadline` is when
    the last pair may begin (seconds of `clock`); `judge` answers for a metric.
    """

    comparison: Comparison
    plans: Sequence[Plan]
    rounds: int = 2
    deadline: float = float("inf")
    clock: Callable[[], float] = time.monotonic
    judge: Callable[[Confirmation, Plan], GateVerdict] = gated


def gate(asked: Gate, room: Room) -> Gated:
    """Measures both arms until each metric is answered, and once more what failed.

    Raises WorkloadError where the base fails too often to compare with, as `compared`.
    """
    found = _round(asked, asked.plans, room, 0)
    rounds, verdicts = [found], {plan.metric: _verdict(found, plan, asked) for plan in asked.plans}
    failing = [plan for plan in asked.plans if verdicts[plan.metric].answer is Answer.FAIL]
    while failing and len(rounds) < asked.rounds:
        room.note(f"{_names(failing)} failed: once more, on fresh pairs")
        found = _round(asked, failing, room, len(rounds))
        verdicts |= {p.metric: _again(verdicts[p.metric], _verdict(found, p, asked)) for p in failing}
        failing = [plan for plan in failing if verdicts[plan.metric].answer is Answer.FAIL]
        rounds.append(found)
    return Gated(verdicts=tuple(verdicts.values()), rounds=tuple(rounds))


def _round(asked: Gate, plans: Sequence[Plan], room: Room, number: int) -> Confirmation:
    taken: list[PairedSample] = []

    def keep(sample: PairedSample) -> None:
        taken.append(sample)
        room.keep(sample)

    def enough(_: object) -> bool:
        so_far = replace(unmeasured(asked.comparison, number), samples=tuple(taken))
        return all(asked.judge(so_far, plan).answer is not Answer.UNDECIDED for plan in plans)

    return compared(
        asked.comparison,
        replace(room, keep=keep),
        attempt=number,
        enough=enough,
        out_of_time=lambda: asked.clock() >= asked.deadline,
    )


def _verdict(found: Confirmation, plan: Plan, asked: Gate) -> GateVerdict:
    verdict = asked.judge(found, plan)
    unit = asked.comparison.arms.candidate.workload.metric(plan.metric).unit
    failed = int(verdict.answer is Answer.FAIL)
    return replace(verdict, unit=unit, failed=failed, rounds=asked.rounds)


def _again(before: GateVerdict, now: GateVerdict) -> GateVerdict:
    """What a round on fresh pairs makes of one that failed: the later figures, and how often it failed."""
    if now.answer is Answer.FAIL:
        return replace(now, failed=before.failed + 1)
    told = f"failed in {before.failed} of {before.failed + 1} rounds on fresh pairs"
    return replace(
        now,
        answer=Answer.UNDECIDED,
        failed=before.failed,
        reason="; ".join(filter(None, (told, now.reason))),
    )


def _names(plans: Sequence[Plan]) -> str:
    return ", ".join(plan.metric for plan in plans)


def missing(name: str) -> Gated:
    """The failure of a workload file that the base has and the head has not."""
    verdict = GateVerdict(
        metric=name,
        direction="minimize",
        unit="",
        answer=Answer.FAIL,
        limit=0.0,
        effect=None,
        pairs=0,
        planned_pairs=0,
        smallest=None,
        more_pairs=None,
        failures_base=0,
        failures_head=0,
        reason="the base has it, and the head has not: --allow-missing where that is meant",
    )
    return Gated(verdicts=(verdict,), rounds=())


def worst(answers: Mapping[str, Sequence[GateVerdict]]) -> Answer:
    """The answer of a gate: fail where one metric of one workload fails, pass where all pass."""
    found = {verdict.answer for verdicts in answers.values() for verdict in verdicts}
    return next((a for a in (Answer.FAIL, Answer.UNDECIDED) if a in found), Answer.PASS)
