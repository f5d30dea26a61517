import os
from collections.abc import Callable

import pytest

from autotune.measure.environment import PAD, environment, padded, size_bytes
from autotune.model.trial import Sample
from autotune.model.workload import Applied, Workload

MakeWorkload = Callable[..., Workload]


def test_all_variables_are_passed_on_where_none_is_named(
    workload: MakeWorkload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HERE", "1")
    assert environment(workload(), Applied())["HERE"] == "1"


def test_only_named_variables_are_passed_on(workload: MakeWorkload, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HERE", "1")
    monkeypatch.setenv("THERE", "2")
    made = workload(environment=("HERE", "NOT_SET"), env={"OWN": "3"})
    assert environment(made, Applied(env={"A": "4"})) == {"HERE": "1", "OWN": "3", "A": "4"}


def test_padding_is_drawn_from_seed_trial_and_sample() -> None:
    sizes = {len(padded({}, seed=1, trial=2, number=n)[PAD]) for n in range(200)}
    assert len(sizes) > 150
    assert 0 <= min(sizes) < 200
    assert 3900 < max(sizes) <= 4096
    assert padded({}, seed=1, trial=2, number=3) == padded({}, seed=1, trial=2, number=3)
    assert padded({}, seed=1, trial=2, number=3) != padded({}, seed=2, trial=2, number=3)


def test_size_is_what_the_kernel_counts() -> None:
    assert size_bytes({"A": "1", "B": "é"}) == 4 + 5
    assert size_bytes({}) == 0


def test_padded_sample_records_the_size_that_the_command_saw(
    sample: Callable[..., Sample], workload: MakeWorkload
) -> None:
    script = (
        "tr -d -c '\\000' < /proc/self/environ | wc -c > /dev/null; echo ops=$(wc -c < /proc/self/environ)"
    )
    made = workload(script, pad_environment=True, environment=("PATH",))
    found = {}
    for number in (1, 2):
        taken = sample(made, number=number)
        found[number] = next(r.value for r in taken.resources if r.name == "environment_bytes")
    assert found[1] != found[2]
    pad = len(padded({}, seed=7, trial=3, number=1)[PAD])
    assert found[1] == size_bytes({"PATH": os.environ["PATH"], PAD: "x" * pad})
