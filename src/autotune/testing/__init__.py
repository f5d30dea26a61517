"""Proofs that plug-ins keep their promises, for the tests of their authors.

`Case` and `prove` are for host actuators (`autotune.testing.actuators`), `PROMISES` and `prove_sampler` for
samplers (`autotune.testing.samplers`). All are plain functions that raise AssertionError; none needs pytest.
"""

from autotune.testing.actuators import (
    Case,
    prove,
    prove_by_hand,
    prove_identity,
    prove_probe,
    prove_texts,
    prove_writes,
)
from autotune.testing.samplers import PROMISES, prove_sampler

__all__ = [
    "PROMISES",
    "Case",
    "prove",
    "prove_by_hand",
    "prove_identity",
    "prove_probe",
    "prove_sampler",
    "prove_texts",
    "prove_writes",
]
