from __future__ import annotations

import pytest

from autotune.core import registry
from autotune.core.errors import UsageError


def test_the_built_in_extensions_are_known_by_name():
    assert registry.names("drivers") == ("command", "http", "python", "service")
    assert {"auto", "grid", "random", "tpe"} <= set(registry.names("samplers"))
    assert registry.names("nothing_of_this_kind") == ()


def test_an_extension_is_loaded_by_its_name():
    assert callable(registry.load("exporters", "json"))


def test_an_unknown_name_lists_what_is_known_with_a_hint():
    with pytest.raises(UsageError) as caught:
        registry.load("samplers", "tpe2")
    assert str(caught.value).startswith("sampler 'tpe2' is not installed. Known: ")
    assert str(caught.value).endswith("Did you mean 'tpe'?")
    assert "Did you mean" not in registry.unknown("drivers", "qqqq")
