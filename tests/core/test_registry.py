from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest

from autotune.core import registry
from autotune.core.errors import UsageError


def test_the_built_in_extensions_are_known_by_name():
    assert registry.names("drivers") == ("command", "http", "python", "service")
    assert {"auto", "grid", "random", "tpe"} <= set(registry.names("samplers"))
    assert registry.names("nothing_of_this_kind") == ()


def test_an_extension_is_loaded_by_its_name():
    assert callable(registry.load("exporters", "json"))


@pytest.mark.parametrize("value", ["json:Missing", "no_such_module_at_all:Sampler"])
def test_what_cannot_be_loaded_is_named(monkeypatch, value):
    broken = EntryPoint(name="mine", group="autotune.samplers", value=value)
    monkeypatch.setattr(registry, "entry_points", lambda **_: (broken,))
    with pytest.raises(
        UsageError, match=rf"sampler 'mine' \({value}\) cannot be loaded: .*(Missing|no_such)"
    ):
        registry.load("samplers", "mine")


def test_an_unknown_name_lists_what_is_known_with_a_hint():
    with pytest.raises(UsageError) as caught:
        registry.load("samplers", "tpe2")
    assert str(caught.value).startswith("sampler 'tpe2' is not installed. Known: ")
    assert str(caught.value).endswith("Did you mean 'tpe'?")
    assert "Did you mean" not in registry.unknown("drivers", "qqqq")
