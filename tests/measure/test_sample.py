import resource
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autotune.core.errors import WorkloadError
from autotune.measure.folder import discard
from autotune.model.trial import Sample, State
from autotune.model.workload import Applied, Metric, PythonCall, Step, Workload

Take = Callable[..., Sample]
MakeWorkload = Callable[..., Workload]


def test_good_sample_carries_metrics_and_costs(sample: Take, workload: MakeWorkload) -> None:
    taken = sample(workload())
    assert (taken.state, taken.reason) == (State.OK, "")
    assert taken.metrics == {"ops": 5.0}
    assert {r.name for r in taken.resources} >= {"wall_s", "cpu_s", "peak_memory_bytes", "written_bytes"}
    assert taken.output == "[stdout]\nops=5\n"
    assert 0 < taken.wall_s <= taken.total_s
    assert taken.started > 0
    assert taken.warnings == ()


def test_parameter_and_environment_reach_every_command(
    sample: Take, workload: MakeWorkload, tmp_path: Path
) -> None:
    step = Step(command=("sh", "-c", 'echo "$0 $A $B" >> log', "{jobs}"))
    made = workload('echo ops=$2; echo "$2 $A $B" >> log', reset=step, check=step, env={"A": "1"})
    taken = sample(made, Applied(fields={"jobs": "4"}, env={"B": "x y"}))
    assert taken.metrics == {"ops": 4.0}
    assert (tmp_path / "log").read_text() == "4 1 x y\n" * 3


@pytest.mark.parametrize(
    ("script", "state", "reason"),
    [
        ("echo first >&2; echo 'no space' >&2; exit 3", State.FAILED_CONFIG, "exit code 3: no space"),
        ("echo ops=5; exit 1", State.FAILED_CONFIG, "exit code 1: ops=5"),
        ("exit 255", State.FAILED_CONFIG, "exit code 255"),
        ("kill -SEGV $$", State.FAILED_CONFIG, "ended by SIGSEGV"),
        ("kill -KILL $$", State.FAILED_CONFIG, "ended by SIGKILL (not ours: perhaps memory ran out)"),
        ("true", State.FAILED_CONFIG, "metric_missing: metric 'ops': nothing matches 'ops=(\\S+)'"),
        ("echo ops=nan", State.FAILED_CONFIG, "bad_metric: metric 'ops': 'nan' is not a number"),
        ("echo ops=inf", State.FAILED_CONFIG, "bad_metric: metric 'ops': 'inf' is not finite"),
        ("echo ops=1e400", State.FAILED_CONFIG, "bad_metric: metric 'ops': found inf"),
        ("echo ops=1,5", State.FAILED_CONFIG, "bad_metric: metric 'ops': '1,5' is not a number"),
        ("head -c 100000 /dev/urandom", State.FAILED_CONFIG, "metric_missing"),
    ],
)
def test_failure_of_the_command_is_the_configurations(
    sample: Take, workload: MakeWorkload, script: str, state: State, reason: str
) -> None:
    taken = sample(workload(script))
    assert taken.state is state
    assert taken.reason.startswith(reason)
    assert taken.metrics == {}
    assert taken.resources


def test_timeout_names_its_seconds(sample: Take, workload: MakeWorkload) -> None:
    taken = sample(workload("echo started >&2; sleep 60", timeout_s=0.3))
    assert taken.state is State.TIMEOUT
    assert taken.reason == "exceeded its time-out of 0.3 s: started"


@pytest.mark.parametrize(
    ("changes", "state", "reason"),
    [
        ({"command": ("./missing",)}, State.FAILED_ENVIRONMENT, "cannot be started: No such file"),
        ({"reset": Step(command=("./missing",))}, State.FAILED_ENVIRONMENT, "reset: cannot be started"),
        ({"reset": Step(command=("false",))}, State.FAILED_ENVIRONMENT, "reset: exit code 1"),
        (
            {"reset": Step(command=("sleep", "60"), timeout_s=0.2)},
            State.FAILED_ENVIRONMENT,
            "reset: exceeded its time-out of 0.2 s",
        ),
        ({"check": Step(command=("./missing",))}, State.FAILED_ENVIRONMENT, "check: cannot be started"),
        ({"check": Step(command=("false",))}, State.FAILED_CONFIG, "check: exit code 1"),
        (
            {"check": Step(command=("sleep", "60"), timeout_s=0.2)},
            State.FAILED_CONFIG,
            "check: exceeded its time-out of 0.2 s",
        ),
    ],
)
def test_blame_depends_on_what_failed(
    sample: Take, workload: MakeWorkload, changes: dict[str, Any], state: State, reason: str
) -> None:
    taken = sample(workload(**changes))
    assert taken.state is state
    assert taken.reason.startswith(reason)
    assert taken.metrics == {}


def test_failing_reset_keeps_the_command_from_running(
    sample: Take, workload: MakeWorkload, tmp_path: Path
) -> None:
    sample(workload("touch ran; echo ops=1", reset=Step(command=("false",))))
    assert not (tmp_path / "ran").exists()


def test_metric_file_of_an_earlier_sample_is_never_read(
    sample: Take, workload: MakeWorkload, tmp_path: Path
) -> None:
    once = 'test -e written || echo ops=5 > "$1/result"; touch written'
    made = workload(once, metrics=(Metric(name="ops", source="regex", where="ops=(.)", file="result"),))
    assert sample(made).metrics == {"ops": 5.0}
    taken = sample(made)
    assert taken.state is State.FAILED_CONFIG
    assert "file result was not written" in taken.reason
    used = tmp_path / "used"
    assert sample(made, folder=used).state is State.FAILED_CONFIG
    with pytest.raises(WorkloadError, match="every sample needs a folder of its own"):
        sample(made, folder=used)


def test_folder_is_private_and_may_hold_rendered_files(
    sample: Take, workload: MakeWorkload, tmp_path: Path
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir(mode=0o700)
    (folder / "app.conf").write_text("ops=9")
    made = workload('cat "$1/app.conf"; test -d "$1/data"', files={"app.conf": tmp_path / "t"})
    assert sample(made, folder=folder).metrics == {"ops": 9.0}
    assert stat.S_IMODE((folder / "data").stat().st_mode) == 0o700


def test_relative_folder_is_the_same_for_the_commands(
    sample: Take, workload: MakeWorkload, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(tmp_path)
    made = workload('cd "$1/data" && pwd && echo ops=1', folder=elsewhere)
    assert str(tmp_path / "mine" / "data") in sample(made, folder=Path("mine")).output


def test_folder_that_cannot_be_made_is_the_environments_failure(
    sample: Take, workload: MakeWorkload, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    taken = sample(workload(), folder=tmp_path / "file" / "sample")
    assert taken.state is State.FAILED_ENVIRONMENT
    assert taken.reason.startswith("Not a directory")


def test_too_many_open_files_of_our_own_is_the_environments_failure(
    sample: Take, workload: MakeWorkload
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
    try:
        taken = sample(workload())
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert taken.state is State.FAILED_ENVIRONMENT
    assert taken.reason.startswith("Too many open files")


def test_what_was_left_behind_is_a_warning(sample: Take, workload: MakeWorkload) -> None:
    taken = sample(workload("sleep 300 & echo ops=1"))
    assert taken.state is State.OK
    assert len(taken.warnings) == 1
    assert taken.warnings[0].startswith("sleep (")


def test_secret_appears_nowhere(sample: Take, workload: MakeWorkload) -> None:
    canary = "canary-7f3a9"
    printed = (
        f"printf 'ops={canary}\\n'; printf 'cana\\033[0mry-7f3a9 postgres://me:hunter2@db/x {canary}\\n' >&2"
    )
    for script in (printed, f"{printed}; exit 1"):
        taken = sample(workload(script), secrets=[canary])
        assert taken.state is State.FAILED_CONFIG
        assert canary not in repr(taken)
        assert "hunter2" not in repr(taken)
        assert "[hidden]" in taken.output


def test_kept_output_cannot_steer_a_terminal(sample: Take, workload: MakeWorkload) -> None:
    taken = sample(workload(r"printf 'ops=5\n\033]0;owned\007\000\033[2Jred\377\n'"))
    assert taken.metrics == {"ops": 5.0}
    assert "\x1b" not in taken.output
    assert "\x00" not in taken.output
    assert taken.output.endswith("red�\n")


def test_long_output_keeps_both_ends(sample: Take, workload: MakeWorkload) -> None:
    taken = sample(workload("echo begin; yes | head -c 300000; echo ops=5; echo problem >&2"))
    assert taken.metrics == {"ops": 5.0}
    assert taken.output.startswith("[stdout]\nbegin\n")
    assert "[... of 300,012 bytes all but the ends left out ...]" in taken.output
    assert taken.output.endswith("ops=5\n[stderr]\nproblem\n")
    assert len(taken.output) < 10_000


def test_output_that_was_cut_is_a_warning(sample: Take, workload: MakeWorkload) -> None:
    told = "of its output were left out: of a stream the ends alone are kept"
    kept = 2 * 64 * 1024
    loud = "yes | head -c 200000; yes | head -c 140000 >&2; echo ops=5"
    assert sample(workload(loud)).warnings == (f"{200_000 + 6 + 140_000 - 2 * kept:,} bytes {told}",)
    assert sample(workload("yes | head -c 100000; echo ops=5")).warnings == ()


def test_placeholder_that_nothing_fills_stops_the_run(sample: Take, workload: MakeWorkload) -> None:
    with pytest.raises(WorkloadError, match="is no field"):
        sample(workload(command=("echo", "{sise}")))


def python_workload(make: MakeWorkload, folder: Path, call: str) -> Workload:
    """A workload whose function lies in `folder`."""
    (folder / "mybench.py").write_text(
        "def run(jobs, mode='x', on=False):\n"
        "    print('noise')\n"
        "    return {'ops': jobs * 2, 'typed': int(on is True and mode == 'wal')}\n"
        "def nothing(jobs): return None\n"
        "def nan(jobs): return {'ops': float('nan'), 'typed': True}\n"
    )
    return make(
        driver="python",
        command=(),
        python=PythonCall(call=call, path=folder),
        metrics=(Metric(name="ops", source="returned"), Metric(name="typed", source="returned")),
    )


def test_function_receives_typed_arguments_and_returns_metrics(
    sample: Take, workload: MakeWorkload, tmp_path: Path
) -> None:
    made = python_workload(workload, tmp_path, "mybench:run")
    taken = sample(made, Applied(arguments={"jobs": 4, "mode": "wal", "on": True}))
    assert taken.metrics == {"ops": 8.0, "typed": 1.0}


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        ("mybench:gone", "exit code 1: module 'mybench'"),
        ("mybench:nothing", "exit code 1: mybench:nothing returned NoneType"),
        ("mybench:nan", "bad_metric: metric 'ops': found nan"),
    ],
)
def test_function_that_gives_no_metric_fails(
    sample: Take, workload: MakeWorkload, tmp_path: Path, call: str, reason: str
) -> None:
    taken = sample(python_workload(workload, tmp_path, call), Applied(arguments={"jobs": 4}))
    assert taken.state is State.FAILED_CONFIG
    assert taken.reason.startswith(reason)


def test_discard_removes_what_was_locked_and_spares_what_is_linked(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir(mode=0o755)
    (precious / "file").write_text("x")
    folder = tmp_path / "sample"
    locked = folder / "a" / "b"
    locked.mkdir(parents=True)
    (locked / "file").write_text("x")
    (folder / "link").symlink_to(precious)
    locked.chmod(0)
    (folder / "a").chmod(0)
    discard(folder)
    assert not folder.exists()
    assert (precious / "file").exists()
    assert stat.S_IMODE(precious.stat().st_mode) == 0o755
    discard(folder)


def test_aborted_sample_leaves_nothing_running(
    sample: Take, workload: MakeWorkload, marker: str, marked: Callable[[], list[int]]
) -> None:
    script = "setsid sleep 300 & (sleep 300 &) ; echo ops=5; echo early >&2; sleep 300"
    check = Step(command=("touch", "checked"))
    taken = sample(workload(script, env={"MARKER": marker}, check=check), abort_s=0.5)
    assert (taken.state, taken.reason) == (State.ABORTED, "aborted after 0.5 s: it had not ended by then")
    assert taken.metrics == {}
    assert 0.5 <= taken.wall_s < 30
    assert "early" in taken.output
    assert marked() == []


def test_sample_that_ends_before_it_is_aborted_is_as_any_other(sample: Take, workload: MakeWorkload) -> None:
    taken = sample(workload(), abort_s=20.0)
    assert (taken.state, taken.metrics) == (State.OK, {"ops": 5.0})


def test_steps_beside_the_measured_command_are_not_aborted(sample: Take, workload: MakeWorkload) -> None:
    slow = Step(command=("sleep", "0.6"))
    assert sample(workload(reset=slow, check=slow), abort_s=0.5).state is State.OK
