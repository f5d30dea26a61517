"""SMAC3: its hyperparameter optimisation facade (random forest), asked and told.

A failed evaluation is told as crashed, with the worst cost so far. The initial design is 20 configurations:
its default (10 for each parameter, at most a quarter of the trials) would take all of the first 50.
"""

from __future__ import annotations

import logging
import tempfile

from ConfigSpace import Categorical, ConfigurationSpace, Integer
from link import Link
from smac import HyperparameterOptimizationFacade as Facade
from smac import Scenario
from smac.runhistory.dataclasses import TrialValue
from smac.runhistory.enumerations import StatusType

_DESIGN = 20
_MANY = 100_000
"""The budget is kept by the other end of the pipe."""

logging.disable(logging.CRITICAL)
link = Link()
space = ConfigurationSpace(seed=link.seed)
for name, kind, size in link.parameters:
    # An ordinal is an integer, as users declare a range; one value is not a range.
    integer = kind == "ordinal" and size > 1
    space.add(Integer(name, (0, size - 1)) if integer else Categorical(name, list(range(size))))
scenario = Scenario(
    space,
    deterministic=True,
    n_trials=_MANY,
    seed=link.seed,
    output_directory=tempfile.mkdtemp(prefix="smac-"),
)
facade = Facade(
    scenario,
    lambda config, seed=0: 0.0,  # noqa: ARG005  never called: it is asked and told
    initial_design=Facade.get_initial_design(scenario, n_configs=_DESIGN),
    overwrite=True,
    logging_level=False,
)
while True:
    info = facade.ask()
    cost = link.measure([info.config[name] for name, *_ in link.parameters])
    status = StatusType.CRASHED if cost is None else StatusType.SUCCESS
    facade.tell(info, TrialValue(cost=link.number(cost), time=0.1, status=status))
