"""The environment that a sample's commands see."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping

from autotune.model.workload import Applied, Workload

PAD = "AUTOTUNE_PAD"
_LARGEST_PAD = 4096


def environment(workload: Workload, applied: Applied) -> dict[str, str]:
    """Autotune's own variables as far as the workload lets them through, then its own, then parameters."""
    wanted = workload.environment
    inherited = {name: value for name, value in os.environ.items() if wanted is None or name in wanted}
    return {**inherited, **workload.env, **applied.env}


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
