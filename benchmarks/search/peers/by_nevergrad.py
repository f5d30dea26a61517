"""An optimiser of Nevergrad by its name (`NGOpt`, `TBPSA`, ...); a failure is the worst value so far."""

from __future__ import annotations

import sys
import warnings

import nevergrad
from link import Link

warnings.simplefilter("ignore")
link = Link()
space = nevergrad.p.Instrumentation(
    *(
        (nevergrad.p.TransitionChoice if kind == "ordinal" else nevergrad.p.Choice)(list(range(size)))
        for _, kind, size in link.parameters
    )
)
space.random_state.seed(link.seed)
optimizer = nevergrad.optimizers.registry[sys.argv[1]](
    parametrization=space, budget=link.budget, num_workers=1
)
while True:
    candidate = optimizer.ask()
    optimizer.tell(candidate, link.number(link.measure(candidate.args)))
