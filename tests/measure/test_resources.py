from autotune.measure.detached import detached
from autotune.measure.outcome import Outcome, Room, Used
from autotune.measure.resources import resources
from autotune.model.resources import RESOURCES
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
    assert found["read_bytes"].source.startswith("cannot be read here: ")
    known = {r.name: r for r in resources(Outcome(used=Used(read_bytes=0, written_bytes=4096)))}
    assert (known["read_bytes"].value, known["read_bytes"].quality) == (0, "exact")
    assert (known["written_bytes"].value, known["written_bytes"].unit) == (4096, "B")


def test_cpu_is_user_and_system() -> None:
    outcome = Outcome(used=Used(cpu_user_s=1.5, cpu_system_s=0.25))
    values = {r.name: r.value for r in resources(outcome)}
    assert values["cpu_s"] == 1.75


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


def figures(outcome: Outcome) -> dict[str, Resource]:
    """The resources by name."""
    return {resource.name: resource for resource in resources(outcome)}


def test_larger_account_of_cpu_time_is_taken() -> None:
    used = Used(cpu_user_s=1.0, cpu_system_s=0.5)
    by_group = Room(group_user_s=2.0, group_system_s=0.6)
    assert figures(Outcome(used=used, room=by_group))["cpu_s"].value == 2.6
    less = Room(group_user_s=0.9, group_system_s=0.5)
    assert figures(Outcome(used=used, room=less))["cpu_s"].value == 1.5
    assert figures(Outcome(used=used, room=less))["cpu_s"].source.startswith("wait4")


def test_gap_between_the_accounts_is_named_only_where_it_counts() -> None:
    used = Used(cpu_user_s=1.0)
    assert detached(Outcome(used=used)) == ""
    assert detached(Outcome(used=used, room=Room(group_user_s=1.04, group_system_s=0.0))) == ""
    found = detached(Outcome(used=used, room=Room(group_user_s=1.5, group_system_s=0.0)))
    assert found.startswith("detached children used 0.50 s of CPU time")
    small = Outcome(used=Used(cpu_user_s=0.001), room=Room(group_user_s=0.003, group_system_s=0.0))
    assert detached(small) == ""


WAITED = (
    "read_bytes",
    "written_bytes",
    "voluntary_switches",
    "involuntary_switches",
    "minor_faults",
    "major_faults",
)


def with_lost_child(*, peak_bytes: int, group_s: float = 1.5) -> dict[str, Resource]:
    """The figures of a command that used 1 s of CPU time, its group `group_s`; the launcher had 14 MiB."""
    used = Used(cpu_user_s=1.0, peak_bytes=peak_bytes, floor_bytes=14 * MIB, read_bytes=0, written_bytes=4096)
    return figures(Outcome(used=used, room=Room(group_user_s=group_s, group_system_s=0.0)))


def test_figures_that_miss_a_child_nobody_waited_for_are_at_least_this() -> None:
    found = with_lost_child(peak_bytes=100 * MIB)
    assert found["written_bytes"].value == 4096
    for name in (*WAITED, "peak_process_bytes", "peak_memory_bytes"):
        assert found[name].quality == "floor"
        assert "children that nobody waited for are missing" in found[name].source
        assert "all processes" not in found[name].source
    assert (found["cpu_s"].value, found["cpu_s"].quality) == (1.5, "exact")


def test_child_nobody_waited_for_may_be_larger_than_the_launcher() -> None:
    for name in ("peak_process_bytes", "peak_memory_bytes"):
        found = with_lost_child(peak_bytes=14 * MIB)[name]
        assert found.quality == "floor"
        assert "at most" not in found.source
        assert "children that nobody waited for are missing" in found.source


def test_figures_stay_exact_where_every_child_was_waited_for() -> None:
    found = with_lost_child(peak_bytes=100 * MIB, group_s=1.01)
    assert {found[name].quality for name in (*WAITED, "peak_process_bytes")} == {"exact"}


def test_unknown_storage_stays_unavailable_beside_a_lost_child() -> None:
    room = Room(group_user_s=1.5, group_system_s=0.0)
    assert figures(Outcome(room=room))["written_bytes"].quality == "unavailable"


def test_pressure_of_the_group_and_of_the_host_are_told_apart() -> None:
    around = {"pressure_cpu_some": 9.0, "pressure_io_full": 3.0}
    found = figures(Outcome(room=Room(group_pressure={"cpu_some": 1.0}, around=around)))
    assert (found["pressure_cpu_some_s"].value, found["host_pressure_cpu_some_s"].value) == (1.0, 9.0)
    assert "control group" in found["pressure_cpu_some_s"].source
    assert found["pressure_io_full_s"].quality == "unavailable"
    assert found["host_pressure_io_full_s"].value == 3.0
    assert "whole host" in found["host_pressure_io_full_s"].source


def tasks(peak: int, *, at_start: int = 2, seen: int = 0) -> tuple[float | None, str]:
    """The peak of tasks with its quality, where readings saw one process and `seen` tasks."""
    series = Series(seconds=(0.1,), columns={"processes": (1.0,)})
    room = Room(peak_processes=peak, peak_at_start=at_start, seen_processes=seen)
    found = figures(Outcome(room=room, series=series))["peak_processes"]
    return found.value, found.quality


def test_peak_after_the_launcher_left_is_the_truth() -> None:
    assert [tasks(peak) for peak in (3, 4, 5, 6)] == [(n, "exact") for n in (3, 4, 5, 6)]


def test_two_tasks_at_once_are_one_and_the_launcher_unless_two_were_seen() -> None:
    assert tasks(2, seen=1) == (1, "sampled")
    assert tasks(2, seen=2) == (2, "sampled")


def test_command_that_forked_while_the_launcher_was_inside_may_count_it() -> None:
    assert tasks(3, at_start=3) == (2, "sampled")
    assert tasks(3, at_start=3, seen=3) == (3, "sampled")
    assert tasks(4, at_start=3) == (4, "exact")


def test_refused_network_has_no_figures_but_a_reason() -> None:
    room = Room(no_network="no network of its own", around={"network_sent_bytes": 5.0})
    found = figures(Outcome(room=room))["network_sent_bytes"]
    assert (found.value, found.quality, found.source) == (None, "unavailable", "no network of its own")


def test_cost_of_the_monitor_is_a_share_of_a_core() -> None:
    series = Series(seconds=(0.1,), columns={})
    found = figures(Outcome(wall_s=2.0, monitor_s=0.01, series=series))["monitor_cpu_share"]
    assert found.value == 0.005
    assert figures(Outcome(wall_s=2.0))["monitor_cpu_share"].quality == "unavailable"


def test_every_resource_is_told_in_its_order_and_unit() -> None:
    told = [(resource.name, resource.unit) for resource in resources(Outcome())]
    assert told == list(RESOURCES.items())
