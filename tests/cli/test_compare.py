from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from autotune.cli import program
from autotune.core.errors import AutotuneError
from autotune.model.profile import Change
from autotune.model.space import Apply
from autotune.profile.write import to_yaml

Autotune = Callable[..., subprocess.CompletedProcess[str]]


def script(folder: Path, *lines: str) -> None:
    """Replaces the workload: `x` is the parameter, the rest is up to the lines."""
    (folder / "formula.py").write_text("\n".join(("import os, sys", "x = int(sys.argv[1])", *lines)))


def test_better_configuration_is_named_with_both_arms_side_by_side(autotune: Autotune, folder: Path) -> None:
    done = autotune("compare", "study.yaml", "--b", "x=7")
    assert done.returncode == 0, done.stderr
    first, a, b, smallest, *_ = done.stdout.splitlines()
    assert first == (
        "BETTER: score +7.0 % [+7.0 %, +7.0 %] in B against A (more is better), 8 pairs; margin 2 %"
    )
    assert (a, b) == ("  A  x=0", "  B  x=7")
    assert smallest == "smallest change that would have been seen with 80 % power: 0 %"
    row = next(line for line in done.stdout.splitlines() if line.startswith("score "))
    assert row.split() == ["score", "100", "107", "+7.0", "%", "*", "8", "exact"]
    assert "\ncpu_s " in done.stdout
    assert done.stdout.splitlines()[-1] == "next     take B"
    assert "look at 8 pairs: better" in done.stderr
    assert not (folder / "reports").exists()


def test_exit_code_says_which_of_the_four_answers_it_was(autotune: Autotune, folder: Path) -> None:
    worse = autotune("compare", "study.yaml", "--a", "x=9", "--b", "x=0")
    assert (worse.returncode, worse.stdout[:5]) == (1, "WORSE")
    equivalent = autotune("compare", "study.yaml", "--b", "x=1")
    assert (equivalent.returncode, equivalent.stdout[:10]) == (0, "EQUIVALENT")
    script(folder, "print('score', x)")
    undecided = autotune("compare", "study.yaml", "--b", "x=3")
    assert (undecided.returncode, undecided.stdout[:9]) == (3, "UNDECIDED")
    assert undecided.stdout.splitlines()[-1].startswith("next     give --min-difference")
    decided = autotune("compare", "study.yaml", "--b", "x=3", "--min-difference", "2")
    assert (decided.returncode, decided.stdout[:6]) == (0, "BETTER")


def test_set_is_for_both_arms_and_each_may_replace_it(autotune: Autotune) -> None:
    done = autotune("compare", "study.yaml", "--set", "x=3", "--b", "x=8", "--json")
    found = json.loads(done.stdout)
    assert (found["arms"]["a"]["config"], found["arms"]["b"]["config"]) == ({"x": 3}, {"x": 8})
    assert found["verdict"]["effect"]["estimate"] == pytest.approx(108 / 103 - 1)


def test_two_commands_are_compared_by_wall_time(autotune: Autotune) -> None:
    done = autotune("compare", "--pairs", "8", "--", "sleep 0.3", "sleep '0.01'")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("BETTER: wall_s -")
    assert "  A  sleep 0.3\n  B  sleep '0.01'\n" in done.stdout


def test_words_of_a_command_are_those_of_a_shell_that_expands_nothing(
    autotune: Autotune, folder: Path
) -> None:
    (folder / "two words {x}").write_text("")
    done = autotune("compare", "--pairs", "6", "--same", "--", "ls 'two words {x}'", "ls 'two words {x}'")
    assert done.returncode in {0, 1, 3}, done.stderr  # equal commands, told apart by nothing but noise
    assert "failed" not in done.stdout
    refused = autotune("compare", "--pairs", "6", "--", "ls *", "ls .")
    assert (refused.returncode, refused.stdout) == (4, "")


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_a_secret_word_of_a_command_is_not_shown(autotune: Autotune, more: tuple[str, ...]) -> None:
    command = "true --password hunter2"
    done = autotune("compare", "--pairs", "6", "--same", *more, "--", command, command)
    assert "true --password [hidden]" in done.stdout
    assert "hunter2" not in done.stdout + done.stderr


def test_a_resource_is_compared_and_bounded_as_a_metric_is(autotune: Autotune) -> None:
    limit = "peak_memory_bytes <= 1MiB"
    done = autotune(
        "compare", "--metric", "minor_faults", "--limit", limit, "--json", "--", "true", "sh -c :"
    )
    found = json.loads(done.stdout)
    assert found["objective"] == {"metric": "minor_faults", "unit": "", "direction": "minimize"}
    assert [one["held"] for one in found["verdict"]["limits"]] == ["broken"]
    assert (done.returncode, found["verdict"]["result"]) == (1, "worse")
    assert [row["name"] for row in found["rows"]].count("minor_faults") == 1


def test_json_holds_every_sample_in_order_with_host_and_fingerprint(autotune: Autotune) -> None:
    done = autotune("compare", "study.yaml", "--b", "x=7", "--seed", "5", "--pairs", "8", "--json")
    found = json.loads(done.stdout)
    assert (found["schema"], found["seed"], found["stopped"]) == ("autotune.compare/1", 5, False)
    samples = found["samples"]
    assert [(s["pair"], s["arm"]) for s in samples[:2]] == [(-1, "a"), (-1, "b")]
    assert [s["monotonic"] for s in samples] == sorted(s["monotonic"] for s in samples)
    first = [s for s in samples if s["take"] == 0 and s["pair"] >= 0]
    assert [(s["pair"], s["order"]) for s in first] == [(p, o) for p in range(8) for o in (0, 1)]
    assert {s["arm"] for s in first if s["order"] == 0} == {"a", "b"}
    assert [s["metrics"]["score"] for s in first if s["arm"] == "b"] == [107] * 8
    assert {"machine.cpus", "tool.version"} <= found["host"]["fingerprint"].keys()
    assert "workload.script formula.py" in found["arms"]["b"]["fingerprint"]
    again = json.loads(
        autotune("compare", "study.yaml", "--b", "x=7", "--seed", "5", "--pairs", "8", "--json").stdout
    )
    coins = [s["arm"] for s in first]
    assert [s["arm"] for s in again["samples"] if s["take"] == 0 and s["pair"] >= 0] == coins


def test_a_study_brings_its_rules_and_an_option_replaces_them(autotune: Autotune, folder: Path) -> None:
    text = (folder / "study.yaml").read_text() + 'limits: ["score <= 105"]\n'
    (folder / "study.yaml").write_text(text)
    own = json.loads(autotune("compare", "study.yaml", "--b", "x=9", "--json").stdout)
    assert (own["pairs"], own["seed"], own["limits"]) == (8, 3, ["score <= 105"])
    assert own["verdict"]["result"] == "worse"
    options = ("--limit", "score <= 120", "--pairs", "12", "--min-gain", "5%")
    other = json.loads(autotune("compare", "study.yaml", "--b", "x=9", "--json", *options).stdout)
    assert (other["pairs"], other["limits"]) == (12, ["score <= 120"])
    assert (other["verdict"]["result"], other["verdict"]["margin"]) == ("better", 0.05)


def test_equal_arms_are_refused_unless_asked_for(autotune: Autotune) -> None:
    refused = autotune("compare", "study.yaml", "--a", "x=4", "--b", "x=4")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "A and B are the same (x=4)" in refused.stderr
    done = autotune("compare", "study.yaml", "--set", "x=4", "--same")
    assert (done.returncode, done.stdout[:10]) == (0, "EQUIVALENT")


@pytest.mark.parametrize("ending", ["sys.exit(3)", "os.kill(os.getpid(), 9)"])
def test_failures_of_b_alone_count_as_worse(autotune: Autotune, folder: Path, ending: str) -> None:
    script(folder, f"if x: {ending}", "print('score', 100)")
    done = autotune("compare", "study.yaml", "--b", "x=1")
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("WORSE: B failed in 8 of the pairs, 8 pairs; margin 2 %\n")
    assert "warning: B: 8 of 8 samples failed" in done.stdout


def test_failures_of_a_leave_nothing_to_compare_with(autotune: Autotune, folder: Path) -> None:
    script(folder, "if not x: sys.exit('disk full')", "print('score', 100)")
    done = autotune("compare", "study.yaml", "--b", "x=1")
    assert (done.returncode, done.stdout) == (4, "")
    assert "error: the baseline of workload 'formula' failed in 3 of 3 pairs" in done.stderr
    assert "disk full" in done.stderr


@pytest.mark.parametrize("commands", [("true", "no-such-program"), ("no-such-program", "true")])
def test_a_missing_program_is_an_error_and_no_verdict(autotune: Autotune, commands: tuple[str, str]) -> None:
    done = autotune("compare", "--", *commands)
    assert (done.returncode, done.stdout) == (4, "")
    assert "no-such-program" in done.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "name a workload's file and what differs"),
        (("study.yaml", "--", "a", "b"), "name a workload's file and what differs"),
        (("study.yaml",), "A and B are the same"),
        (("study.yaml", "--b", "x=99"), "--b: 'x' cannot be 99"),
        (("study.yaml", "--set", "x=2", "--a", "x=99"), "--set or --a: 'x' cannot be 99"),
        (("study.yaml", "--b", "x"), "--b x: expected PARAMETER=VALUE"),
        (("study.yaml", "--b", "x=1", "--metric", "scor"), "Did you mean 'score'?"),
        (("study.yaml", "--b", "x=1", "--limit", "scor <= 2"), "--limit: 'scor' is no metric"),
        (("study.yaml", "--b", "x=1", "--min-gain", "2"), "--min-gain: '2' is not a percentage"),
        (("study.yaml", "--b", "x=1", "--min-gain", "0%"), "--min-gain has to be above 0"),
        (("study.yaml", "--b", "x=1", "--min-difference", "2ms"), "--min-difference: '2ms' cannot be read"),
        (("study.yaml", "--b", "x=1", "--timeout", "5s"), "--set timeout=20s"),
        (("study.yaml", "--b", "validate.pairs=9"), "--a and --b say what differs between the arms"),
        (("--", "true"), "two commands are compared, each in quotes, and 1 stand after --"),
        (("--", "sleep", "1", "2"), "and 3 stand after --"),
        (("--", "true 'x", "true"), "cannot be split into words: No closing quotation"),
        (("--", "true", " "), "a command after -- is empty"),
        (("--", "true", "true"), "A and B are the same (true)"),
        (("--b", "x=1", "--", "true", "false"), "bare commands have no parameters"),
        (("--timeout", "5", "--", "true", "false"), "--timeout: '5' is not a duration"),
        (("none.yaml", "--b", "x=1"), "none.yaml"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_runs(
    folder: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], message: str
) -> None:
    monkeypatch.chdir(folder)
    with pytest.raises(AutotuneError) as caught:
        program.main(["compare", *arguments], prog_name="autotune", standalone_mode=False)
    assert message in str(caught.value)
    assert caught.value.exit_code == 2
    assert not (folder / "reports").exists()


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_stopped_compare_tells_what_it_has_and_leaves_nothing(folder: Path, more: tuple[str, ...]) -> None:
    pid = folder / "pid"
    script(
        folder,
        "with open('log', 'a') as log: log.write('x')",
        "if os.path.getsize('log') > 9:",
        f"    open({str(pid)!r}, 'w').write(str(os.getpid()))",
        "    import time; time.sleep(60)",
        "print('score', 100 + x)",
    )
    command = [str(Path(sys.executable).with_name("autotune")), "compare", "study.yaml", "--b", "x=7"]
    command += ["--set", "workload.timeout=90s", *more]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not (pid.exists() and pid.read_text()):
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    printed, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert not Path(f"/proc/{pid.read_text()}").exists()
    assert not (folder / "reports").exists()
    if more:
        found = json.loads(printed)
        assert (found["stopped"], found["verdict"]["result"], len(found["samples"])) == (True, "undecided", 9)
    else:
        assert printed.startswith("UNDECIDED: ")
        assert "warning: stopped in the course of 8 pairs" in printed


def test_compare_that_is_stopped_before_a_pair_is_whole_says_so_only(folder: Path) -> None:
    pid = folder / "pid"
    script(folder, f"open({str(pid)!r}, 'w').write(str(os.getpid()))", "import time; time.sleep(60)")
    command = [str(Path(sys.executable).with_name("autotune")), "compare", "study.yaml", "--b", "x=7"]
    command += ["--set", "workload.timeout=90s"]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not (pid.exists() and pid.read_text()):
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    printed, told = process.communicate(timeout=60)
    assert (process.returncode, printed) == (130, "")
    assert told.splitlines()[-1] == "stopped"


def test_profile_is_compared_with_the_baseline_by_its_file(autotune, folder, proven):
    change = Change(parameter="x", before=0, after=10, unit="", scope="restart", apply=Apply(actuator="argv"))
    (folder / "profile.yaml").write_text(to_yaml(proven("demo", change)))
    done = autotune("compare", "study.yaml", "--b", "profile.yaml", "--json")
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    assert (data["arms"]["a"]["config"], data["arms"]["b"]["config"]) == ({"x": 0}, {"x": 10})
    assert data["verdict"]["result"] == "better"
