from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import pytest

from autotune.judge.compare import Pair, Plan
from autotune.model.study import Limit

Arm: TypeAlias = Sequence[float | None]


@pytest.fixture(scope="session")
def make_plan() -> Callable[..., Plan]:
    def make(**changes: Any) -> Plan:
        usual: dict[str, Any] = {
            "metric": "tps",
            "direction": "maximize",
            "margin": 0.02,
            "alpha": 0.05,
            "pairs": 40,
        }
        return Plan(**{**usual, **changes})

    return make


@pytest.fixture(scope="session")
def make_pairs() -> Callable[..., list[Pair]]:
    """Pairs from two columns of `tps`, or of whole samples; None is a failed one. Coins alternate."""

    def sample(value: Any) -> Mapping[str, float] | None:
        return value if value is None or isinstance(value, Mapping) else {"tps": float(value)}

    def make(baseline: Arm, candidate: Arm) -> list[Pair]:
        return [
            Pair(baseline=sample(one), candidate=sample(other), baseline_first=index % 2 == 0)
            for index, (one, other) in enumerate(zip(baseline, candidate, strict=True))
        ]

    return make


@pytest.fixture
def noisy() -> Callable[..., np.ndarray]:
    """Values around `centre`, seeded, whose logarithms have the given standard deviation."""

    def draw(count: int, *, centre: float = 100.0, sd: float = 0.02, seed: int = 0) -> np.ndarray:
        return centre * np.exp(np.random.default_rng(seed).normal(0, sd, count))

    return draw


@pytest.fixture(scope="session")
def make_limit() -> Callable[[str], Limit]:
    """The limit that a text such as `p95 <= 1.05 * baseline` or `p95 <= 20` spells."""

    def make(text: str) -> Limit:
        metric, operator, bound, *rest = text.split()
        return Limit(
            text=text,
            metric=metric,
            operator="<=" if operator == "==" else operator,  # type: ignore[arg-type]
            bound=float(bound),
            kind="relative" if rest else "absolute",
        )

    return make
