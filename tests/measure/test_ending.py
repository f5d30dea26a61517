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
