"""Whatever a command is called and prints: the study says the same command, and reads the same numbers."""

from __future__ import annotations

import math
import shlex
import statistics
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from autotune.core.placeholders import PART
from autotune.flow.propose import words as words_of
from autotune.measure import csv, document, pattern
from autotune.study.load import load
from autotune.study.propose.metrics import metrics
from autotune.study.propose.name import study_name
from autotune.study.propose.options import command
from autotune.study.propose.shell import asked_of_shell
from autotune.study.propose.write import Proposal, text
from autotune.study.schema.fields import is_file_name

FACTS = {"host.cpus": 2, "host.memory_mib": 4096}

printed = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.just(" "), min_size=1
)
option = st.builds(
    "{}{}{}".format,
    st.sampled_from(["-j", "--threads=", "-mx", "size=", "-", "--time=", "-T", "--a.b-c=", "-{x}"]),
    st.integers(0, 10**15),
    st.sampled_from(["", "", "k"]),
)
number = st.integers(0, 10**6).map(str)
arguments = st.lists(printed | option | number | st.sampled_from(["-t", "--level", "-seconds"]), max_size=6)
before = ["speed: ", "Latency (ms):\n   avg: ", "a b   ", "", "x=", "in ", '{"p95_ms": ', "Tot: 1 2 ", "'"]
units = ["", " ", " MB/s", "ms", " s, ", "k", "%", " requests/sec", " ops per second", " per sec)", "}"]
line = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from([*before, "(", "a,b_ms\nx,"]),
    st.floats(0, 1e9).map("{:.6g}".format) | number,
    st.sampled_from([*units, " | 3 4"]),
    st.sampled_from(["", " 12 ", "(x)", "\t7.5 ms"]),
    st.sampled_from(["\n", "\n\n", " ", ", "]),
)


def study(argv, output, tmp_path_factory, *, created=()):
    proposal = Proposal(
        name=study_name(argv),
        argv=tuple(argv),
        command=command(argv, cpus=2),
        metrics=metrics(output, argv),
        seconds=0.5,
        created=created,
        reset=bool(created),
    )
    path: Path = tmp_path_factory.mktemp("study") / "study.yaml"
    path.write_text(text(proposal), encoding="utf-8")
    return load(path, facts=FACTS, untuned=True)


def filled(word, config):
    """What a program gets for `word`."""
    return PART.sub(lambda m: m[0][0] if m[1] is None else str(config[m[1]]), word)


@settings(max_examples=25, deadline=None)
@given(
    argv=st.tuples(printed, arguments).map(lambda t: [t[0], *t[1]]),
    output=st.lists(line, max_size=6).map("".join),
)
@example(argv=["a", "--python=4", "--out=4", "{b}", "-T1", "-t1", "007", "-j007"], output="")
@example(argv=["#", "\u2028: 'x' \"y\" \\n", "-1"], output="a#b: 12 MB/s\n")
def test_a_proposed_study_is_right_and_its_defaults_are_the_command(argv, output, tmp_path_factory):
    made = study(argv, output, tmp_path_factory, created=("new {file}",))
    assert [filled(word, made.baseline) for word in made.workload.command] == argv
    assert made.workload.reset is not None
    assert made.objective in {metric.name for metric in made.workload.metrics}


@settings(max_examples=60, deadline=None)
@given(output=st.lists(line, max_size=10).map("".join) | st.text())
def test_what_was_found_is_what_a_sample_reads(output):
    for one in metrics(output, ["program"]):
        if one.found.source == "json":
            read = document.find(one.found.where, output)
        elif one.found.source == "csv":
            read = statistics.fmean(csv.column(one.found.where, output, one.found.unit))
        else:
            read = pattern.find(one.found.where, output, one.found.unit)
        assert math.isclose(read, one.found.value, rel_tol=1e-9), one


@settings(max_examples=80, deadline=None)
@given(argv=st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])), min_size=1))
def test_quoted_words_need_no_shell(argv):
    quoted = shlex.join(["program", *argv])
    assert asked_of_shell(quoted) == ""
    assert shlex.split(quoted) == ["program", *argv]


@settings(max_examples=40, deadline=None)
@given(argv=st.lists(printed, min_size=1))
def test_a_name_taken_from_a_command_is_one(argv):
    assert is_file_name(study_name(argv))


def test_words_are_those_of_a_shell():
    assert words_of("a 'b c' \"d\"") == ["a", "b c", "d"]
