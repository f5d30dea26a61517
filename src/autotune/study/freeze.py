"""Parameters that a study leaves at the baseline's value."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from autotune.core.hint import did_you_mean
from autotune.model.space import Config, Parameter, Space, Value
from autotune.study.schema.read import Mistake


def freeze_mistakes(names: Sequence[str], known: Collection[str]) -> Iterator[Mistake]:
    """A mistake for each name that is no parameter."""
    for number, name in enumerate(names):
        if name not in known:
            message = f"'{name}' is no parameter. Known: {', '.join(known)}.{did_you_mean(name, known)}"
            also = (("workload", "parameters", name),)
            yield Mistake(path=("freeze", number), message=message, also=also)


def frozen(space: Space, names: Collection[str], whole: Config) -> Space:
    """`space` where each of `names` can have its value in `whole` alone: there is nothing to search in it.

    It stays a parameter: it reaches the system as before, and conditions and constraints may name it.
    """
    return replace(
        space,
        parameters=tuple(_fixed(p, whole[p.name]) if p.name in names else p for p in space.parameters),
    )


def _fixed(parameter: Parameter, value: Value) -> Parameter:
    return replace(
        parameter,
        kind="choice",
        default=value,
        values=(value,),
        special=(),
        low=0,
        high=0,
        log=False,
        step=None,
    )
