from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from autotune.model.space import Apply, Parameter, Space
from autotune.study.draw import drawn, every, size

ARGV = Apply(actuator="argv")


@st.composite
def parameters(draw):
    low = draw(st.integers(1, 50))
    high = low + draw(st.integers(1, 50))
    kind = draw(st.sampled_from(["int", "float"]))
    step = draw(st.none() | st.integers(1, high - low))
    special = draw(st.sampled_from([(), (None,), (-1 if kind == "int" else -1.0, None)]))
    convert = int if kind == "int" else float
    return Parameter(
        name="a", kind=kind, default=convert(low), low=convert(low), high=convert(high), step=step,
        log=draw(st.booleans()), special=special, apply=ARGV,
    )  # fmt: skip


@given(parameters())
def test_every_draw_is_in_the_domain(parameter):
    space = Space(parameters=(parameter,))
    assert all(parameter.contains(config["a"]) for config in drawn(space, 50))


@given(parameters())
def test_a_finite_space_is_walked_whole_and_once(parameter):
    space = Space(parameters=(parameter,))
    if math.isinf(size(space)):
        return
    values = [config["a"] for config in every(space)]
    assert len(values) == len(set(values)) == size(space)
    assert all(map(parameter.contains, values))


def test_draws_are_the_same_at_each_call():
    space = Space(parameters=(Parameter(name="a", kind="float", default=1.0, low=0.0, high=1.0, apply=ARGV),))
    assert list(drawn(space, 5)) == list(drawn(space, 5))
