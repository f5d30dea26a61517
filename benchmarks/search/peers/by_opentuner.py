"""OpenTuner: its default bandit over techniques, by the interface for programs that measure themselves.

A failed evaluation is reported as an error of infinite time, as in its examples.
"""

from __future__ import annotations

import logging
import math
import random

import numpy as np
import opentuner
from link import Link
from opentuner.api import TuningRunManager
from opentuner.measurement.interface import DefaultMeasurementInterface
from opentuner.resultsdb.models import Result
from opentuner.search.manipulator import ConfigurationManipulator, EnumParameter, IntegerParameter

_PATIENCE = 500
"""Generations in which its techniques find nothing new before it gives up: its own threshold."""

logging.disable(logging.CRITICAL)
link = Link()
random.seed(link.seed)
np.random.seed(link.seed)  # noqa: NPY002  what OpenTuner draws from
arguments = opentuner.default_argparser().parse_args(["--no-dups", "--database", "sqlite://"])
manipulator = ConfigurationManipulator()
for name, kind, size in link.parameters:
    ordinal = IntegerParameter(name, 0, size - 1) if kind == "ordinal" else None
    manipulator.add_parameter(ordinal or EnumParameter(name, list(range(size))))
interface = DefaultMeasurementInterface(
    args=arguments, manipulator=manipulator, project_name="p", program_name="p", program_version="1"
)
tuner = TuningRunManager(interface, arguments)
idle = 0
while idle < _PATIENCE:
    desired = tuner.get_next_desired_result()
    idle = idle + 1 if desired is None else 0
    if desired is None:
        continue
    chosen = desired.configuration.data
    cost = link.measure([chosen[name] for name, *_ in link.parameters])
    found = Result(state="ERROR", time=math.inf) if cost is None else Result(time=cost)
    tuner.report_result(desired, found)
