"""FLAML's CFO, started again where it converged; a failure is the worst value so far.

Each start has a point and a seed of its own: by default every run would be the same.
"""

from __future__ import annotations

import logging
import random
from itertools import count
from typing import Any

import numpy as np
from flaml import CFO, tune
from link import Link

logging.disable(logging.CRITICAL)
link = Link()
chance = random.Random(link.seed)  # noqa: S311  no secret
space = {
    name: tune.randint(0, size) if kind == "ordinal" else tune.choice(list(range(size)))
    for name, kind, size in link.parameters
}


def measured(config: dict[str, Any]) -> dict[str, float]:
    """The cost under the name that CFO is given."""
    return {"cost": link.number(link.measure([config[name] for name in space]))}


for start in count():
    np.random.seed(link.seed + start)  # noqa: NPY002  what FLAML draws from
    point = {name: chance.randrange(size) for name, _, size in link.parameters}
    algorithm = CFO(
        space=space, metric="cost", mode="min", seed=chance.randrange(2**31), points_to_evaluate=[point]
    )
    tune.run(
        measured,
        metric="cost",
        mode="min",
        num_samples=2 * link.budget,
        verbose=0,
        use_ray=False,
        search_alg=algorithm,
    )
