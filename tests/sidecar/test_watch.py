from autotune.sidecar.watch import Idle, Watch


def test_moment_that_comes_in_time_is_no_gap() -> None:
    watch = Watch(10**9)
    watch.look(1_100_000_000, 0.1)
    watch.look(1_150_000_000, 0.1)
    assert watch.suspended_s() < 0.01


def test_moment_that_comes_late_is_a_gap() -> None:
    watch = Watch(10**9)
    watch.look(1_100_000_000, 0.1)
    watch.look(61_100_000_000, 0.1)
    watch.look(61_200_000_000, 0.1)
    assert 59 < watch.suspended_s() < 60


def test_command_is_idle_after_so_long_without_cpu_and_output() -> None:
    idle = Idle(2.0, 0.0)
    for now, cpu, printed, over in ((1, 0.5, 0, False), (2.9, 0.505, 0, False), (3, 0.509, 0, True)):
        idle.look(now, cpu, printed)
        assert idle.over is over


def test_output_and_cpu_begin_the_time_anew() -> None:
    idle = Idle(2.0, 0.0)
    for now, cpu, printed in ((1.9, 0.0, 7), (3.8, 0.0, 8), (5.7, 0.01, 8), (7.6, 0.01, 8)):
        idle.look(now, cpu, printed)
        assert not idle.over


def test_without_a_longest_time_nothing_is_idle() -> None:
    idle = Idle(None, 0.0)
    idle.look(1e9, 0.0, 0)
    assert not idle.over
