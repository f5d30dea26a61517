"""The two arms that `compare` measures, as the command line names them."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autotune.core.errors import UsageError
from autotune.flow.bench_target import Target, from_command, from_file
from autotune.model.run import ARMS, Arm
from autotune.model.space import Value, shown
from autotune.model.trial import Sample
from autotune.study.current import Read

A_AND_B: Mapping[Arm, str] = {"baseline": "A", "candidate": "B"}
"""How the arms are called where people read of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arms:
    """A, the baseline, and B, the candidate: what is measured of each, and how it is called.

    Of both the metrics are the same. `bare` are commands that no file describes. B is slowed down by the
    share `drag` of its time. Where A was `recorded` it is not measured.
    """

    targets: Mapping[Arm, Target]
    said: Mapping[Arm, str]
    bare: bool = False
    drag: float = 0.0
    recorded: tuple[Sample, ...] = ()

    @property
    def baseline(self) -> Target:
        """What A measures."""
        return self.targets["baseline"]

    @property
    def candidate(self) -> Target:
        """What B measures."""
        return self.targets["candidate"]

    @property
    def alike(self) -> bool:
        """Whether both measure the same."""
        one, other = self.targets.values()
        return (one.workload, one.config) == (other.workload, other.config)


def of_file(  # noqa: PLR0913  as many as a command line gives
    path: Path,
    *,
    both: Sequence[str],
    a: Sequence[str],
    b: Sequence[str],
    facts: Mapping[str, Value],
    read: Read | None = None,
) -> Arms:
    """Two configurations of a workload or study file: its defaults (a study's baseline) and settings `k=v`.

    `read` is for the default `current`, as in `from_file`. Raises FileError or UsageError for what is wrong
    in the file or a setting.
    """
    own: dict[Arm, Sequence[str]] = {"baseline": a, "candidate": b}
    targets = {
        arm: from_file(path, [*both, *own[arm]], facts, read=read, option=_option(arm, both, own[arm]))
        for arm in ARMS
    }
    _refuse_other_rules(*targets.values())
    return Arms(targets=targets, said={arm: _said(targets[arm], [*both, *own[arm]]) for arm in ARMS})


def of_commands(commands: Sequence[str], *, timeout_s: float) -> Arms:
    """Two commands, each a list of words as a shell would split it; no shell runs them.

    Raises UsageError where there are not two, or one has no words.
    """
    if len(commands) != len(ARMS):
        raise UsageError(
            f"two commands are compared, each in quotes, and {len(commands)} stand after --. "
            "As in: autotune compare -- 'sort data' 'sort -u data'"
        )
    targets = {
        arm: from_command(_words(text), timeout_s=timeout_s) for arm, text in zip(ARMS, commands, strict=True)
    }
    return Arms(targets=targets, said=dict(zip(ARMS, commands, strict=True)), bare=True)


def refuse_alike(arms: Arms) -> None:
    """Raises UsageError where both arms are the same."""
    if arms.alike:
        raise UsageError(
            f"A and B are the same ({arms.said['baseline']}): a parameter that differs may be inactive. Name "
            "what differs, as in --b threads=4; --same compares them all the same, `autotune selftest` says "
            "what that shows of this machine"
        )


def twice(target: Target) -> Arms:
    """`target` as both arms."""
    return Arms(targets=dict.fromkeys(ARMS, target), said=dict.fromkeys(ARMS, _said(target, ())))


def _words(command: str) -> list[str]:
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise UsageError(f"the command {command!r} cannot be split into words: {error}") from error
    if not words:
        raise UsageError("a command after -- is empty")
    return words


def _option(arm: Arm, both: Sequence[str], own: Sequence[str]) -> str:
    """The options that a mistake may come from."""
    mine = f"--{A_AND_B[arm].lower()}"
    return " or ".join(name for name, given in (("--set", both), (mine, own)) if given) or "--set"


def _said(target: Target, settings: Sequence[str]) -> str:
    """The configuration, and what of the file was set."""
    values = [f"{name}={shown(value)}" for name, value in target.config.items()]
    names = target.workload.space.names
    keys = [text for text in settings if text.partition("=")[0] not in names]
    return ", ".join((*values, *keys)) or target.workload.name


def _refuse_other_rules(one: Target, other: Target) -> None:
    """Raises UsageError where an arm's settings change what is compared, or by which rules."""
    if one.workload.metrics != other.workload.metrics or _rules(one) != _rules(other):
        raise UsageError(
            "--a and --b say what differs between the arms; metrics, objective, limits and validation are "
            "the same for both: use --set, --metric, --limit, --pairs and --min-gain"
        )


def _rules(target: Target) -> object:
    study = target.study
    goals = study and (study.objectives, study.further, study.pick)
    return study and (goals, study.limits, study.validation, study.sampler.seed)
