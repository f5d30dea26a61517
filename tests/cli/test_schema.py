from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from autotune.cli.schema import command


@pytest.mark.parametrize(
    ("arguments", "key"), [([], "study"), (["study"], "study"), (["workload"], "driver")]
)
def test_the_schema_is_json_of_the_kind_asked_for(arguments, key):
    text = CliRunner().invoke(command, arguments, catch_exceptions=False).output
    assert key in json.loads(text)["properties"]
    one_line = CliRunner().invoke(command, [*arguments, "--json"], catch_exceptions=False).output
    assert one_line.count("\n") == 1
    assert json.loads(one_line) == json.loads(text)


def test_an_unknown_kind_is_a_usage_error():
    done = CliRunner().invoke(command, ["profile"])
    assert done.exit_code == 2
    assert "'profile' is not one of 'study', 'workload'" in done.output
