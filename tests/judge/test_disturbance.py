from __future__ import annotations

import pytest

from autotune.judge.disturbance import disturbance
from autotune.model.trial import Resource, Sample, State


def sample(**seconds):
    resources = tuple(
        Resource(name=name, value=value, unit="s", source="", quality="exact")
        for name, value in seconds.items()
    )
    return Sample(state=State.OK, resources=resources)


def quiet(**changed):
    return sample(**{"cpu_s": 1.0, "foreign_cpu_s": 0.02, "steal_s": 0.0, "host_cpu_s": 10.0, **changed})


def test_a_quiet_sample_is_not_disturbed():
    assert disturbance(quiet()) is None


def test_a_busy_neighbour_disturbs_and_is_told_with_its_share():
    found = disturbance(quiet(foreign_cpu_s=2.0))
    assert (found.foreign, found.steal) == (0.2, 0.0)
    assert str(found) == "others used 20 % of the CPUs"


def test_stolen_time_disturbs_from_one_percent_on():
    assert disturbance(quiet(steal_s=0.09)) is None
    assert str(disturbance(quiet(steal_s=0.11))) == "stolen 1.1 % of the CPUs"


def test_own_cpu_is_no_disturbance_however_much_it_is():
    assert disturbance(quiet(cpu_s=9.9)) is None


def test_a_short_sample_tells_only_of_what_exceeds_the_grain_of_the_ticks():
    short = {"cpu_s": 0.1, "host_cpu_s": 0.2, "steal_s": 0.0}
    assert disturbance(sample(**short, foreign_cpu_s=0.02)) is None
    assert disturbance(sample(**{**short, "cpu_s": 0.05}, foreign_cpu_s=0.06)) is None
    assert disturbance(sample(**{**short, "cpu_s": 0.02}, foreign_cpu_s=0.17)) is not None


@pytest.mark.parametrize(
    "missing", [{"foreign_cpu_s": None}, {"steal_s": None}, {"host_cpu_s": None}, {"host_cpu_s": 0.0}]
)
def test_what_is_not_known_disturbs_nobody(missing):
    assert disturbance(quiet(**missing)) is None


def test_a_sample_without_resources_is_not_disturbed():
    assert disturbance(Sample(state=State.OK)) is None
