"""The environment that a sample's commands see."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from glob import glob

from autotune.model.workload import Applied, Workload

PAD = "AUTOTUNE_PAD"
_LARGEST_PAD = 4096


def environment(workload: Workload, applied: Applied) -> dict[str, str]:
    """Autotune's own variables as far as the workload lets them through, then its own, then parameters.

    Programs are looked for in the workload's further folders after those of PATH.
    """
    wanted = workload.environment
    inherited = {name: value for name, value in os.environ.items() if wanted is None or name in wanted}
    found = {**inherited, **workload.env, **applied.env}
    if further := _folders(workload.path):
        found["PATH"] = os.pathsep.join((found.get("PATH", os.defpath), *further))
    return found


def _folders(patterns: Iterable[str]) -> tuple[str, ...]:
    """The folders that each pattern matches, the last in order first: that of the newest version."""
    return tuple(folder for pattern in patterns for folder in sorted(glob(pattern), reverse=True))  # noqa: PTH207  absolute patterns


def padded(environment: Mapping[str, str], *, seed: int, trial: int, number: int) -> dict[str, str]:
    """`environment` with one more variable of 0 to 4096 bytes, as long as (seed, trial, number) says.

    The size of the environment moves the stack, and with it the alignment of everything on it: measured
    with always the same size, a difference may be that of two layouts (Mytkowicz et al. 2009, "Producing
    wrong data without doing anything obviously wrong!").
    """
    digest = hashlib.sha256(f"{seed}:{trial}:{number}".encode()).digest()
    return {**environment, PAD: "x" * (int.from_bytes(digest[:8]) % (_LARGEST_PAD + 1))}


def size_bytes(environment: Mapping[str, str]) -> int:
    """Bytes that the environment takes on the stack: NAME=VALUE and a NUL for each variable."""
    return sum(len(os.fsencode(name)) + len(os.fsencode(value)) + 2 for name, value in environment.items())
