from autotune.measure.ending import failure
from autotune.measure.outcome import Outcome, Room
from autotune.model.confine import Confine
from autotune.model.trial import State


def reason(outcome: Outcome, confine: Confine) -> str:
    """Why the command failed that had 60 s and these bounds."""
    found = failure(outcome, 60.0, confine=confine)
    assert found is not None
    return found[1]


def test_memory_that_ran_out_names_the_bound_where_one_was_set() -> None:
    killed = Outcome(signal="SIGKILL", room=Room(oom_kills=2))
    bounded = reason(killed, Confine(memory_bytes=256 << 20))
    assert bounded == (
        "oom: memory ran out at 256 MiB (confine.memory), the kernel killed 2 of its processes"
    )
    assert reason(killed, Confine()) == "oom: memory ran out, the kernel killed 2 of its processes"


def test_idleness_names_its_bound() -> None:
    found = reason(Outcome(timed_out=True, idle=True), Confine(idle_s=5.0))
    assert found == "idle: neither CPU use nor output for 5.0 s (confine.idle)"


def test_suspended_measurement_names_a_workload_that_stops_its_parent() -> None:
    found = failure(Outcome(exit_code=0, suspended_s=16.0), 60.0)
    assert found is not None
    assert found[0] is State.FAILED_ENVIRONMENT
    assert found[1].startswith(
        "suspended for 16 s while it ran: the machine slept, or a process that measures"
    )
    assert "does the workload send SIGSTOP to its parent?" in found[1]


def test_aborted_command_is_no_failure_and_says_after_how_long() -> None:
    found = failure(Outcome(timed_out=True), 60.0, abort_s=6.0)
    assert found == (State.ABORTED, "aborted after 6.0 s: it had not ended by then")


def test_timeout_that_comes_first_is_a_timeout() -> None:
    for abort_s in (60.0, 300.0):
        found = failure(Outcome(timed_out=True), 60.0, abort_s=abort_s)
        assert found == (State.TIMEOUT, "exceeded its time-out of 60 s")


def test_what_else_goes_wrong_under_an_abort_is_called_by_its_name() -> None:
    idle = failure(Outcome(timed_out=True, idle=True), 60.0, confine=Confine(idle_s=5.0), abort_s=6.0)
    slept = failure(Outcome(timed_out=True, suspended_s=16.0), 60.0, abort_s=6.0)
    ended = failure(Outcome(exit_code=3), 60.0, abort_s=6.0)
    states = [found and found[0] for found in (idle, slept, ended)]
    assert states == [State.TIMEOUT, State.FAILED_ENVIRONMENT, State.FAILED_CONFIG]
    assert failure(Outcome(exit_code=0), 60.0, abort_s=6.0) is None
