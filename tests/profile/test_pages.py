"""The examples of the reference pages are run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from autotune.core import strict_yaml
from autotune.core.registry import load, names
from autotune.profile.closed import to_form
from autotune.profile.forms import FORMS
from autotune.profile.policy import Answer, check
from autotune.profile.read import parse
from autotune.profile.trust import NAMESPACE, signing_words
from autotune.profile.write import to_data

DOCS = Path(__file__).parents[2] / "docs" / "reference"
EXPORTS = (DOCS / "exports.md").read_text()
PROFILE_FILE = (DOCS / "profile-file.md").read_text()
EXAMPLE = parse(EXPORTS.split("```yaml\n")[1].split("```")[0], "exports.md")
FORM_ROWS = re.findall(r"^\| `(\{.+?\})` \|", PROFILE_FILE, re.MULTILINE)


@pytest.mark.parametrize("row", FORM_ROWS)
def test_every_form_on_the_page_is_read(row: str) -> None:
    data = to_data(EXAMPLE)
    data["changes"] = [{**data["changes"][0], "apply": strict_yaml.load(row, "row").data}]
    change = parse(strict_yaml.dump(data), "page").changes[0]
    assert to_form(change.apply) == data["changes"][0]["apply"]


def test_the_page_shows_every_form() -> None:
    assert {next(iter(strict_yaml.load(row, "row").data)) for row in FORM_ROWS} == set(FORMS)


@pytest.mark.parametrize("name", ["env", "nginx", "postgres", "redis", "sysctl", "systemd"])
def test_the_example_of_each_format_is_what_it_writes(name: str) -> None:
    shown = re.search(rf"^## {name}\n\n```\w+\n(.*?)```", EXPORTS, re.MULTILINE | re.DOTALL)
    assert shown
    text = load("exporters", name)(EXAMPLE)
    assert "".join(f"{line}\n" for line in text.splitlines() if not line.startswith("#")) == shown[1]


def test_the_page_names_every_format() -> None:
    assert set(re.findall(r"^\| `(\w+)` \|", EXPORTS, re.MULTILINE)) == set(names("exporters"))


def test_the_example_is_within_the_policy() -> None:
    facts = {"memory_mib": 24_000, "cpus": 2}
    assert {check(change, facts).answer for change in EXAMPLE.changes} == {Answer.ALLOWED}


def test_the_page_shows_the_command_that_signs() -> None:
    assert signing_words(Path("profile.yaml")).replace("YOUR_KEY", "KEY") in PROFILE_FILE
    assert f"-Y verify -n {NAMESPACE}" in PROFILE_FILE
