from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autotune.actuate.edit import FORMATS, editor, format_of
from autotune.flow.host import settled
from autotune.report.latency import loop_label
from autotune.study.load import load, load_workload
from autotune.study.propose.metrics import metrics as proposed_metrics
from autotune.study.propose.name import study_name
from autotune.study.propose.options import command as proposed_command
from autotune.study.propose.write import Proposal
from autotune.study.propose.write import text as proposed_text
from autotune.study.schema.generate import json_schema

ROOT = Path(__file__).parent.parent
FACTS = {"host.cpus": 2, "host.memory_mib": 4096}


@pytest.mark.parametrize("kind", ["study", "workload"])
def test_schema_for_editors_is_the_one_that_is_generated(kind):
    kept = json.loads((ROOT / "docs" / "reference" / f"{kind}.schema.json").read_text())
    assert kept == json_schema(kind)


@pytest.mark.parametrize("path", sorted((ROOT / "studies").glob("*.yaml")), ids=lambda p: p.stem)
def test_every_study_loads_and_names_its_schema(path):
    assert load(path, facts=FACTS, read=settled).name == path.stem
    assert path.read_text().startswith("# yaml-language-server: $schema=../docs/reference/study.schema.json")


@pytest.mark.parametrize("path", sorted((ROOT / "workloads").glob("*.yaml")), ids=lambda p: p.stem)
def test_every_workload_loads_and_names_its_schema(path):
    assert load_workload(path, facts=FACTS, read=settled).metrics
    assert "workload.schema.json" in path.read_text().splitlines()[0]


def test_study_of_the_readme_is_right(tmp_path):
    block = re.search(r"```yaml\n(study: .*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    (tmp_path / "study.yaml").write_text(block[1])
    assert load(tmp_path / "study.yaml", facts=FACTS).name == "parse"


def test_commands_of_the_readme_exist():
    named = set(re.findall(r"`autotune ([\w-]+)", (ROOT / "README.md").read_text()))
    text = subprocess.run(
        [Path(sys.executable).with_name("autotune"), "--help"], text=True, capture_output=True, check=True
    ).stdout
    assert {name for name in named if not re.search(rf"^  {name} ", text, re.MULTILINE)} == set()


def test_example_of_an_open_loop_is_not_labelled_a_closed_one(tmp_path):
    text = (ROOT / "docs" / "reference" / "metrics.md").read_text()
    block = re.search(r"rate_per_s=200.*?```yaml\n(.*?)```", text, re.DOTALL)
    (tmp_path / "lookup.yaml").write_text(block[1])
    (tmp_path / "lookup.py").write_text("def run(size): ...\n")
    workload = load_workload(tmp_path / "lookup.yaml", facts=FACTS)
    assert workload.metric("p95_ms").values_in == "s"
    assert [loop_label(metric) for metric in workload.metrics] == ["", ""]


EDITS = re.findall(
    r"^`\{file: (.+?), key: (.+?)\}` and `(.+?)`:\n\n```diff\n(.*?)```",
    (ROOT / "docs" / "reference" / "editing-files.md").read_text(),
    re.DOTALL | re.MULTILINE,
)


@pytest.mark.parametrize(("file", "key", "value", "diff"), EDITS, ids=[file for file, *_ in EDITS])
def test_edits_of_the_documentation_are_what_is_done(file, key, value, diff):
    before, after = (
        "".join(line[1:] for line in diff.splitlines(keepends=True) if line[0] in f" {sign}") for sign in "-+"
    )
    edit = editor(format_of(file))
    assert edit.put(before, key, value) == after
    assert edit.get(after, key) == value


def test_formats_of_the_documentation_are_those_there_are():
    page = (ROOT / "docs" / "reference" / "editing-files.md").read_text()
    assert len(EDITS) == len(FORMATS)
    table = page.partition("## Formats")[2].partition("## What")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(FORMATS)


def test_study_of_the_kernel_page_is_what_its_check_says(tmp_path):
    page = (ROOT / "docs" / "how-to" / "tune-the-kernel.md").read_text()
    (tmp_path / "backlog.yaml").write_text(re.search(r"```yaml\n(.*?)```", page, re.DOTALL)[1])
    shown = re.search(r"```console\n\$ autotune (check \S+)\n(.*?)```", page, re.DOTALL)
    told = subprocess.run(
        [Path(sys.executable).with_name("autotune"), *shown[1].split()],
        cwd=tmp_path,
        text=True,
        capture_output=True,
        check=True,
    ).stdout
    now = Path("/proc/sys/net/unix/max_dgram_qlen").read_text().strip()
    expected = shown[2].replace("now 10)", f"now {now})")
    assert told == expected.replace("/var/lib/autotune", os.environ["AUTOTUNE_STATE"])


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")), ids=lambda p: p.stem)
def test_links_of_the_documentation_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text()):
        assert target.startswith("http") or (page.parent / target).exists(), target


def test_links_of_the_readme_lead_somewhere():
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", (ROOT / "README.md").read_text()):
        assert (ROOT / target).exists(), target


def test_make_targets_of_the_readme_exist():
    assert shutil.which("make")
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"(?:^|`)make ([a-z-]+)", (ROOT / "README.md").read_text(), re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_test_that_the_page_of_safety_names_is_there():
    page = (ROOT / "docs" / "explanation" / "safety.md").read_text()
    named = set(re.findall(r"`(test_\w+)`", page))
    sources = [path.read_text() for path in (ROOT / "tests").rglob("test_*.py")]
    there = {name for text in sources for name in re.findall(r"def (test_\w+)", text)}
    assert len(named) > 20
    assert named - there == set()


def test_study_of_the_page_on_commands_is_what_init_writes():
    page = (ROOT / "docs" / "how-to" / "tune-your-own-command.md").read_text()
    shown = re.search(
        r"with a line `(.*?)`, the file from `(.*?)` is this:\n\n```yaml\n(.*?)```", page, re.DOTALL
    )
    argv = shown[2].split()
    proposal = Proposal(
        name=study_name(argv),
        argv=tuple(argv),
        command=proposed_command(argv, cpus=2),
        metrics=proposed_metrics(shown[1], argv),
        seconds=2.1,
    )
    assert proposed_text(proposal) == shown[3]


def _objectives_page(folder):
    """The page on several objectives; its program and study are written into `folder`."""
    page = (ROOT / "docs" / "how-to" / "several-objectives.md").read_text()
    (folder / "pack.py").write_text(re.search(r"```python\n(.*?)```", page, re.DOTALL)[1])
    (folder / "pack.yaml").write_text(re.search(r"```yaml\n(study: .*?)```", page, re.DOTALL)[1])
    return page


def test_study_of_the_page_on_objectives_is_what_its_check_and_show_say(tmp_path):
    page = _objectives_page(tmp_path)
    autotune = Path(sys.executable).with_name("autotune")
    console = re.search(r"```console\n(.*?)```", page, re.DOTALL)[1]
    commands = re.findall(
        r"^\$ autotune (check|show) pack.yaml.*?\n(.*?)(?=^\$)", console, re.DOTALL | re.MULTILINE
    )
    for command, said in commands:
        told = subprocess.run(
            [autotune, command, "pack.yaml"], cwd=tmp_path, text=True, capture_output=True, check=True
        ).stdout
        assert [line.rstrip() for line in told.splitlines()][: said.count("\n")] == said.splitlines()
    assert len(commands) == 2


def test_every_pick_of_the_page_on_objectives_is_right(tmp_path):
    page = _objectives_page(tmp_path)
    picks = [*re.findall(r"`pick: (.*?)`", page), *re.findall(r"^pick: (.*)$", page, re.MULTILINE)]
    for pick in picks:
        assert load(tmp_path / "pack.yaml", facts=FACTS, overrides=(f"pick={pick}",)).further
    assert len(picks) == 6


@pytest.mark.slow
def test_study_of_the_page_on_objectives_runs_to_a_verdict(tmp_path):
    page = _objectives_page(tmp_path)
    bounded = re.search(r"^pick: (\{.*)$", page, re.MULTILINE)[1]
    autotune = Path(sys.executable).with_name("autotune")
    for pick in ("knee", bounded):
        words = [
            "run",
            "pack.yaml",
            "--fresh",
            "--json",
            "--set",
            f"pick={pick}",
            "--set",
            "sampler.name=grid",
        ]
        done = subprocess.run(
            [autotune, *words, "--trials", "10", "--set", "validate.pairs=12"],
            cwd=tmp_path,
            text=True,
            capture_output=True,
            check=False,
        )
        assert done.returncode in {0, 1, 3}, done.stderr
        data = json.loads(done.stdout)
        assert [one["metric"] for one in data["verdict"]["objectives"]] == ["mb_s", "ratio"]
        assert data["front"]["trials"]


def test_study_of_the_page_on_aborting_is_right(tmp_path):
    page = (ROOT / "docs" / "how-to" / "abort-early.md").read_text()
    (tmp_path / "pack.yaml").write_text(re.search(r"```yaml\n(study: .*?)```", page, re.DOTALL)[1])
    assert load(tmp_path / "pack.yaml", facts=FACTS).abort.beyond == 3
