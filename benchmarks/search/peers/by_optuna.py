"""A sampler of Optuna by its ask-and-tell interface: `tpe`, `tpe-worst`, `gp`, `nsga2` or `cmaes`.

A failed evaluation is told as a failed trial, as Optuna's documentation has it; by `tpe-worst` as the worst
value so far, which many users do.
"""

from __future__ import annotations

import sys

import optuna
from link import Link
from optuna.distributions import CategoricalDistribution, IntDistribution
from optuna.trial import TrialState

SAMPLERS = {
    "tpe": optuna.samplers.TPESampler,
    "tpe-worst": optuna.samplers.TPESampler,
    "gp": optuna.samplers.GPSampler,
    "nsga2": optuna.samplers.NSGAIISampler,
    "cmaes": optuna.samplers.CmaEsSampler,
}
kind = sys.argv[1]
if kind == "gp":
    import torch

    torch.set_num_threads(1)
optuna.logging.set_verbosity(optuna.logging.ERROR)

link = Link()
study = optuna.create_study(sampler=SAMPLERS[kind](seed=link.seed))
distributions = {
    name: IntDistribution(0, size - 1) if what == "ordinal" else CategoricalDistribution(range(size))
    for name, what, size in link.parameters
}
while True:
    trial = study.ask(distributions)
    cost = link.measure([trial.params[name] for name in distributions])
    if cost is None and kind != "tpe-worst":
        study.tell(trial, state=TrialState.FAIL)
    else:
        study.tell(trial, link.number(cost))
