from __future__ import annotations

import pytest

from autotune.study.propose.name import study_name
from autotune.study.propose.options import command
from autotune.study.propose.shell import asked_of_shell


def found(*argv):
    return {o.name: (o.low, o.high, o.default) for o in command(["program", *argv], cpus=2).options}


@pytest.mark.parametrize(
    ("argv", "parameters"),
    [
        (["--threads=1"], {"threads": (1, 4, 1)}),
        (["-t", "4"], {"t": (1, 8, 4)}),
        (["-j8"], {"j": (1, 16, 8)}),
        (["threads=2"], {"threads": (1, 4, 2)}),
        (["-mmt2", "-mx=5"], {"mmt": (1, 4, 2), "mx": (1, 9, 5)}),
        (["-9"], {"level": (1, 9, 9)}),
        (["--buffer-size=4096"], {"buffer_size": (1024, 16384, 4096)}),
        (["-T1", "-t1"], {"T": (1, 4, 1), "t": (1, 4, 1)}),
        (["--retry-depth=0"], {"retry_depth": (0, 8, 0)}),
        (["-b13", "-x12", "-j16"], {"b": (10, 16, 13), "x": (6, 24, 12), "j": (1, 32, 16)}),
        (["--thread-count=2", "--batch-size", "8"], {"thread_count": (1, 8, 2), "batch_size": (4, 16, 8)}),
        (["-x", "a", "12", "v1", "4k", "-j007", "-1.5"], {}),
    ],
)
def test_options_with_whole_numbers_become_parameters(argv, parameters):
    assert found(*argv) == parameters


@pytest.mark.parametrize(
    "argv",
    [
        ["--time=1"], ["-seconds", "3"], ["--seed=7"], ["--port=80"], ["--events=9"], ["-bytes", "16384"],
        ["-md15"], ["--memory-block-size=1024"], ["--maxRequests=5"], ["--n_rows", "9"], ["-n", "100"],
        ["--count=3"], ["--memory-total-size=4"], ["--warmup-iterations=4"],
    ],
)  # fmt: skip
def test_how_long_and_how_much_is_measured_stays_as_it_is(argv):
    made = command(["program", *argv], cpus=2)
    assert made.options == ()
    assert made.words == ("program", *argv)
    assert made.amounts == (" ".join(argv),)


def test_a_name_that_autotune_fills_itself_is_not_taken():
    assert set(found("--trial=3", "--python=4")) == {"trial_", "python_"}


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("a | b", "|"),
        ("a && b", "&&"),
        ("a > f", ">"),
        ("a $HOME", "$HOME"),
        ('a "$HOME"', "$HOME"),
        ("a $(b)", "$(b"),
        ("a `b`", "`"),
        ("a *.txt", "*"),
        ("a ~/x", "~"),
        ("X=1 a", "X="),
        ("a; b", ";"),
        ("a\nb", "a line break"),
        ("a '$HOME' '|' \"*\" \\| x~ 5$", ""),
        ("sh -c 'a | b'", ""),
    ],
)
def test_what_only_a_shell_understands_is_named(line, asked):
    assert asked_of_shell(line) == asked


@pytest.mark.parametrize(
    ("argv", "name"),
    [
        (["7z", "b"], "7z-b"),
        (["/usr/bin/openssl", "speed", "-x"], "openssl-speed"),
        (["python3", "-I", "my bench.py"], "my-bench"),
        (["./{x}"], "x"),
        (["%"], "study"),
    ],
)
def test_a_study_is_called_after_what_it_runs(argv, name):
    assert study_name(argv) == name
