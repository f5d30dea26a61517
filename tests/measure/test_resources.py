from autotune.measure.outcome import Outcome, Room, Used
from autotune.measure.resources import NAMES, resources
from autotune.model.trial import Resource, Series

MIB = 1 << 20


def peak(largest: int, sampled: tuple[float, ...] = (), processes: tuple[float, ...] = ()) -> Resource:
    """The peak memory where the launcher itself had 14 MiB."""
    columns = {"rss_bytes": sampled, "processes": processes}
    outcome = Outcome(
        used=Used(peak_bytes=largest, floor_bytes=14 * MIB),
        series=Series(seconds=tuple(map(float, range(len(sampled)))), columns=columns),
    )
    return next(r for r in resources(outcome) if r.name == "peak_memory_bytes")


def test_peak_below_the_launchers_own_is_only_a_bound() -> None:
    assert (peak(14 * MIB).quality, peak(14 * MIB).value) == ("floor", 14 * MIB)


def test_tree_that_was_seen_to_hold_less_than_the_launcher_is_told_as_seen() -> None:
    found = peak(14 * MIB, (5 * MIB,), (1,))
    assert (found.value, found.quality) == (5 * MIB, "sampled")


def test_peak_of_a_single_process_is_exact() -> None:
    found = peak(100 * MIB, (90 * MIB,), (1,))
    assert (found.value, found.quality) == (100 * MIB, "exact")


def test_peak_of_a_tree_is_the_sampled_sum() -> None:
    found = peak(100 * MIB, (90 * MIB, 180 * MIB), (1, 2))
    assert (found.value, found.quality) == (180 * MIB, "sampled")


def test_peak_that_was_never_sampled_is_not_called_exact() -> None:
    assert peak(100 * MIB).quality == "sampled"


def test_storage_that_is_not_told_is_unavailable() -> None:
    found = {r.name: r for r in resources(Outcome())}
    assert (found["read_bytes"].value, found["read_bytes"].quality) == (None, "unavailable")
    known = {r.name: r for r in resources(Outcome(used=Used(read_bytes=0, written_bytes=4096)))}
    assert (known["read_bytes"].value, known["read_bytes"].quality) == (0, "exact")
    assert (known["written_bytes"].value, known["written_bytes"].unit) == (4096, "B")


def test_cpu_is_user_and_system() -> None:
    outcome = Outcome(used=Used(cpu_user_s=1.5, cpu_system_s=0.25))
    values = {r.name: r.value for r in resources(outcome)}
    assert values["cpu_s"] == 1.75
    assert tuple(values) == NAMES


def foreign(busy_s: float, *, waited_s: float, group_s: float | None = None) -> Resource:
    room = Room(
        group_user_s=group_s,
        group_system_s=None if group_s is None else 0.0,
        around={"busy": busy_s, "steal": 0.5, "cpus": 4.0},
    )
    found = resources(Outcome(used=Used(cpu_user_s=waited_s), room=room))
    return next(r for r in found if r.name == "foreign_cpu_s")


def test_foreign_cpu_is_what_was_busy_less_ones_own() -> None:
    assert (foreign(2.0, waited_s=0.75).value, foreign(2.0, waited_s=0.75).quality) == (1.25, "sampled")


def test_detached_children_that_the_group_tells_of_are_no_neighbours() -> None:
    assert foreign(2.0, waited_s=0.25, group_s=1.75).value == 0.25


def test_own_cpu_beyond_the_ticks_is_no_negative_neighbour() -> None:
    assert foreign(0.0, waited_s=0.003).value == 0.0


def test_host_that_tells_nothing_has_no_foreign_cpu() -> None:
    found = {r.name: r for r in resources(Outcome())}
    for name in ("steal_s", "foreign_cpu_s", "host_cpu_s"):
        assert (found[name].value, found[name].quality, found[name].unit) == (None, "unavailable", "s")
