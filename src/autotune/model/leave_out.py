"""A configuration with some of its changes taken back."""

from __future__ import annotations

from collections.abc import Iterable

from autotune.model.profile import changes
from autotune.model.space import Config, Space, Value


def changed(space: Space, baseline: Config, config: Config) -> tuple[str, ...]:
    """Names of the parameters that differ from the baseline, as declared."""
    return tuple(change.parameter for change in changes(space, baseline, config))


def leave_out(space: Space, baseline: Config, config: Config, names: Iterable[str]) -> dict[str, Value]:
    """`config` with `names` back at the baseline's value, without what is inactive then.

    The baseline is completed by defaults; what only becomes active thereby has the baseline's value too.
    """
    base = {**{p.name: p.default for p in space.parameters}, **baseline}
    kept = {name: value for name, value in config.items() if name not in set(names)}
    return space.pruned({**base, **kept})
