"""A profile's file where settings are expected: all of its values at once."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from autotune.core.errors import UsageError
from autotune.core.hint import did_you_mean
from autotune.model.space import UNSET
from autotune.profile.read import read


def spread(settings: Sequence[str], parameters: Collection[str], option: str) -> list[str]:
    """`settings` with every profile's file among them replaced by the settings that it holds.

    What has no equals sign is a file. Raises FileError for one that is no profile, UsageError for one that
    changes what is not among `parameters`, or that is not there; `option` is where it was named.
    """
    return [word for text in settings for word in _spread(text, parameters, option)]


def without_value(settings: Sequence[str]) -> frozenset[str]:
    """Parameters to which a profile among `settings` gives no value: unset, or inactive under its others."""
    files = (Path(text) for text in settings if "=" not in text)
    return frozenset(c.parameter for file in files for c in read(file).changes if c.after is None)


def _spread(text: str, parameters: Collection[str], option: str) -> Iterator[str]:
    if "=" in text:
        yield text
        return
    if not Path(text).is_file():
        raise UsageError(f"{option} {text}: expected PARAMETER=VALUE, or the file of a profile")
    for change in read(Path(text)).changes:
        if change.parameter not in parameters:
            raise UsageError(
                f"{option} {text}: the profile changes '{change.parameter}', which is no parameter here. "
                f"Its parameters: {', '.join(parameters) or 'none'}."
                f"{did_you_mean(change.parameter, parameters)}"
            )
        yield f"{change.parameter}={UNSET if change.after is None else json.dumps(change.after)}"
