"""mlos_core by SMAC, as the examples of mlos_bench have it; a failure is the worst value so far."""

from __future__ import annotations

import logging

import pandas as pd
from ConfigSpace import Categorical, ConfigurationSpace, Integer
from link import Link
from mlos_core.optimizers import OptimizerFactory, OptimizerType

_TARGET = "cost"

logging.disable(logging.CRITICAL)
link = Link()
space = ConfigurationSpace(seed=link.seed)
for name, kind, size in link.parameters:
    integer = kind == "ordinal" and size > 1
    space.add(Integer(name, (0, size - 1)) if integer else Categorical(name, list(range(size))))
optimizer = OptimizerFactory.create(
    parameter_space=space,
    optimization_targets=[_TARGET],
    optimizer_type=OptimizerType.SMAC,
    optimizer_kwargs={"seed": link.seed, "n_random_init": max(2, link.budget // 4), "max_trials": 10_000},
)
while True:
    suggestion = optimizer.suggest()
    cost = link.measure([suggestion.config[name] for name, *_ in link.parameters])
    optimizer.register(observations=suggestion.complete(pd.Series({_TARGET: link.number(cost)})))
