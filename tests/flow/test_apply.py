from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autotune.actuate.generations import in_force, known, read
from autotune.actuate.recover import confirm, waiting_s
from autotune.actuate.session import Session
from autotune.core.errors import (
    BusyError,
    NotRestoredError,
    RefusedError,
    StorageError,
    UsageError,
    WorkloadError,
)
from autotune.flow.apply import apply, plan
from autotune.flow.apply_preview import preview
from autotune.flow.apply_targets import Places, steps
from autotune.flow.boot import MOST_FAILED, at_boot, is_good
from autotune.flow.rollback import rollback
from autotune.flow.status import status
from autotune.flow.verify import verify
from autotune.model.profile import Change, Profile
from autotune.model.space import Apply, Value

pytestmark = [pytest.mark.needs("root"), pytest.mark.xdist_group("sysctl")]

CLUSTER, INTERVAL = "vm.page-cluster", "vm.stat_interval"
Make = Callable[..., Profile]


def path(name: str) -> Path:
    return Path("/proc/sys") / name.replace(".", "/")


def held(name: str) -> str:
    return path(name).read_text().strip()


@pytest.fixture(autouse=True)
def _as_before(machine_alone: None) -> Iterator[None]:
    del machine_alone  # held from here on
    before = {name: held(name) for name in (CLUSTER, INTERVAL)}
    path(CLUSTER).write_text("3")
    path(INTERVAL).write_text("1")
    yield
    for name, value in before.items():
        path(name).write_text(value)


@pytest.fixture
def made(proven: Make) -> Make:
    def make(name: str = "kernel", **values: Value) -> Profile:
        names = {"cluster": CLUSTER, "interval": INTERVAL}
        changes = [
            Change(
                parameter=key,
                before=None,
                after=value,
                unit="",
                scope="runtime",
                apply=Apply(actuator="sysctl", options={"name": names[key]}),
            )
            for key, value in values.items()
        ]
        return proven(name, *changes)

    return make


@pytest.fixture
def notes() -> list[str]:
    return []


@pytest.fixture
def put(tmp_path: Path, notes: list[str]) -> Callable[..., object]:
    """Applies a profile as `autotune apply` does; its sha256 is its name."""

    def do(profile: Profile, **options: object) -> object:
        made = plan(
            tmp_path, profile, profile.name, steps(profile, Places()), force=bool(options.pop("force", False))
        )
        return apply(tmp_path, made, Places(), note=notes.append, **options)  # type: ignore[arg-type]

    return do


def leave_open(state: Path, profile: Profile) -> None:
    """As a harness leaves it that dies together with its guardian."""
    dead = Session(state, "trial")
    dead.bring([(step.target, step.asked) for step in steps(profile, Places())])
    guardian = dead._guardian._process
    guardian.kill()
    guardian.wait()
    guardian.stdin.close()
    dead._wal.close()


def back(state: Path, **options: object) -> object:
    return rollback(state, note=lambda _: None, **options)  # type: ignore[arg-type]


def test_profile_is_applied_verified_drifted_and_rolled_back(made: Make, put, tmp_path: Path) -> None:
    put(made(cluster=2, interval=5))
    assert (held(CLUSTER), held(INTERVAL)) == ("2", "5")
    generation, drift = verify(tmp_path)
    assert (generation.number, drift) == (1, ())
    path(CLUSTER).write_text("4")
    _, drift = verify(tmp_path)
    assert [(d.target.key, d.expected, d.actual) for d in drift] == [(f"sysctl {CLUSTER}", "2", "4")]
    path(CLUSTER).write_text("2")
    assert back(tmp_path).left == ()
    assert (held(CLUSTER), held(INTERVAL)) == ("3", "1")


def test_what_somebody_else_has_changed_is_left_alone_and_the_rest_goes_back(
    made: Make, put, tmp_path: Path
) -> None:
    put(made(cluster=2, interval=5))
    path(CLUSTER).write_text("4")
    done = back(tmp_path)
    assert [left.target.key for left in done.left] == [f"sysctl {CLUSTER}"]
    assert (held(CLUSTER), held(INTERVAL)) == ("4", "1")
    assert back(tmp_path, to=0, force=True).left == ()
    assert held(CLUSTER) == "3"


def test_generation_0_is_never_overwritten(made: Make, put, tmp_path: Path) -> None:
    put(made("one", cluster=2))
    first = (tmp_path / "gen-0.json").read_bytes()
    put(made("two", cluster=1, interval=7))
    back(tmp_path)
    back(tmp_path)
    assert (tmp_path / "gen-0.json").read_bytes() == first
    assert (held(CLUSTER), held(INTERVAL)) == ("3", "1")


def test_rollbacks_go_back_one_by_one_and_end_with_nothing_to_do(made: Make, put, tmp_path: Path) -> None:
    put(made("one", cluster=2))
    put(made("two", cluster=1, interval=7))
    assert back(tmp_path).made.again == 1
    assert (held(CLUSTER), held(INTERVAL)) == ("2", "1")
    assert back(tmp_path).made.again == 0
    assert held(CLUSTER) == "3"
    files = sorted(tmp_path.iterdir())
    assert back(tmp_path).made is None
    assert sorted(tmp_path.iterdir()) == files


def test_rollback_where_nothing_was_ever_applied_does_nothing(tmp_path: Path) -> None:
    assert back(tmp_path).made is None


def test_rollback_to_a_generation_that_is_not_there_names_those_that_are(
    made: Make, put, tmp_path: Path
) -> None:
    put(made(cluster=2))
    with pytest.raises(UsageError, match="There are: 0, 1"):
        back(tmp_path, to=9)


def test_second_profile_keeps_what_the_first_one_set(made: Make, put, tmp_path: Path) -> None:
    put(made("one", cluster=2))
    put(made("two", interval=7))
    assert {m.target.key: m.value for m in in_force(tmp_path).managed} == {
        f"sysctl {CLUSTER}": "2",
        f"sysctl {INTERVAL}": "7",
    }


def test_older_generation_comes_back_by_rollback_only(made: Make, put, tmp_path: Path) -> None:
    put(made("one", cluster=2))
    put(made("two", cluster=1))
    with pytest.raises(RefusedError, match="rollback --to 1"):
        put(made("one", cluster=2))
    back(tmp_path, to=1)
    assert held(CLUSTER) == "2"


def test_profile_that_was_rolled_back_can_be_applied_again(made: Make, put, tmp_path: Path) -> None:
    put(made("one", cluster=2))
    back(tmp_path)
    put(made("one", cluster=2))
    assert (held(CLUSTER), in_force(tmp_path).number) == ("2", 3)
    back(tmp_path)
    assert held(CLUSTER) == "3"


def test_profile_that_is_applied_twice_is_rolled_back_at_once(made: Make, put, tmp_path: Path) -> None:
    put(made("one", cluster=2, interval=5))
    path(CLUSTER).write_text("3")
    put(made("one", cluster=2, interval=5))
    assert back(tmp_path).left == ()
    assert (held(CLUSTER), held(INTERVAL)) == ("3", "1")


def test_rollback_that_had_to_leave_a_value_shows_it_as_drift_and_can_be_done_again(
    made: Make, put, tmp_path: Path
) -> None:
    put(made(cluster=2, interval=5))
    path(CLUSTER).write_text("4")
    assert [left.target.key for left in back(tmp_path).left] == [f"sysctl {CLUSTER}"]
    _, drift = verify(tmp_path)
    assert [(d.expected, d.actual) for d in drift] == [("3", "4")]
    count = len(known(tmp_path))
    assert back(tmp_path).left  # still somebody else's
    assert len(known(tmp_path)) == count
    path(CLUSTER).write_text("2")  # the profile's own again
    assert back(tmp_path).left == ()
    assert held(CLUSTER) == "3"
    assert verify(tmp_path)[1] == ()


def test_value_of_somebody_else_that_was_overwritten_can_be_gone_back_to(
    made: Make, put, tmp_path: Path
) -> None:
    put(made("one", cluster=2))
    path(CLUSTER).write_text("5")
    put(made("two", cluster=1), force=True)
    assert [read(tmp_path, number).why for number in known(tmp_path)] == [
        "original",
        "apply",
        "found",
        "apply",
    ]
    back(tmp_path)
    assert held(CLUSTER) == "5"
    back(tmp_path)
    assert held(CLUSTER) == "3"


def test_originals_come_back_though_the_generation_in_force_is_damaged(
    made: Make, put, tmp_path: Path
) -> None:
    put(made(cluster=2))
    (tmp_path / "gen-1.json").write_text("{\n")
    with pytest.raises(StorageError, match="damaged"):
        back(tmp_path)
    assert back(tmp_path, to=0, force=True).left == ()
    assert held(CLUSTER) == "3"


def test_profile_over_foreign_drift_is_refused_until_forced(made: Make, put) -> None:
    put(made("one", cluster=2))
    path(CLUSTER).write_text("5")
    with pytest.raises(RefusedError, match="somebody else"):
        put(made("two", cluster=1))
    assert held(CLUSTER) == "5"
    put(made("two", cluster=1), force=True)
    assert held(CLUSTER) == "1"


def test_value_that_the_kernel_refuses_takes_the_whole_profile_back(made: Make, put, tmp_path: Path) -> None:
    with pytest.raises(WorkloadError, match="taken back"):
        put(made(interval=9, cluster=-99_999_999_999_999_999_999))
    assert (held(CLUSTER), held(INTERVAL)) == ("3", "1")
    assert known(tmp_path) == ()
    assert not (tmp_path / "wal").exists()


def test_profile_that_was_shown_is_what_is_applied(made: Make, tmp_path: Path) -> None:
    shown = plan(tmp_path, made(cluster=2), "x", steps(made(cluster=2), Places()))
    path(CLUSTER).write_text("5")
    with pytest.raises(RefusedError, match="was 3 when the change was shown"):
        apply(tmp_path, shown, Places(), note=print)
    assert held(CLUSTER) == "5"


def test_preview_shows_the_diff_and_commands_that_can_be_pasted(made: Make, tmp_path: Path) -> None:
    seen = preview(plan(tmp_path, made(cluster=2), "x", steps(made(cluster=2), Places())), {})
    assert f"-sysctl {CLUSTER} = 3" in seen.diff
    assert f"+sysctl {CLUSTER} = 2" in seen.diff
    assert seen.commands == ("printf '%s\\n' 2 > /proc/sys/vm/page-cluster",)
    assert seen.undo == ("printf '%s\\n' 3 > /proc/sys/vm/page-cluster",)
    assert held(CLUSTER) == "3"


def test_profile_without_a_machines_values_says_how_to_use_it(proven: Make, tmp_path: Path) -> None:
    argv = Change(parameter="jobs", before=1, after=2, unit="", scope="restart", apply=Apply(actuator="argv"))
    with pytest.raises(UsageError, match="autotune export"):
        plan(tmp_path, proven("build", argv), "x", ())


def test_unconfirmed_profile_is_undone_when_the_time_is_over(
    made: Make, put, tmp_path: Path, wait_until: Callable[..., None]
) -> None:
    put(made(cluster=2), confirm_within_s=0.6)
    assert held(CLUSTER) == "2"
    assert waiting_s(tmp_path) > 0
    wait_until(lambda: held(CLUSTER) == "3")
    wait_until(lambda: not (tmp_path / "wal").exists())
    assert in_force(tmp_path) is None


def test_confirmed_profile_stays(made: Make, put, tmp_path: Path) -> None:
    put(made(cluster=2), confirm_within_s=60)
    with pytest.raises(BusyError, match="waits to be confirmed"):
        put(made("other", interval=9))
    confirm(tmp_path)
    assert (held(CLUSTER), in_force(tmp_path).number) == ("2", 1)
    with pytest.raises(UsageError, match="no profile waits"):
        confirm(tmp_path)


def test_rollback_takes_back_what_waits_to_be_confirmed(made: Make, put, tmp_path: Path) -> None:
    put(made(cluster=2), confirm_within_s=60)
    assert back(tmp_path).recovered
    assert held(CLUSTER) == "3"


def test_status_tells_generations_and_drift(made: Make, put, tmp_path: Path) -> None:
    assert status(tmp_path, note=print).in_force is None
    put(made(cluster=2))
    path(CLUSTER).write_text("4")
    found = status(tmp_path, note=print)
    assert (found.in_force.number, len(found.generations), len(found.drift)) == (1, 2, 1)


def test_boot_applies_again_what_it_has_reset(made: Make, put, tmp_path: Path) -> None:
    put(made(cluster=2, interval=5))
    path(CLUSTER).write_text("3")  # as a reboot does
    path(INTERVAL).write_text("9")  # as sysctl.d may
    told: list[str] = []
    assert at_boot(tmp_path, note=told.append, disable=pytest.fail).number == 1
    assert (held(CLUSTER), held(INTERVAL)) == ("2", "9")
    assert any(INTERVAL in line and "left alone" in line for line in told)
    assert known(tmp_path) == (0, 1)


def test_profile_is_not_applied_after_two_boots_that_did_not_become_good(
    made: Make, put, tmp_path: Path
) -> None:
    put(made(cluster=2))
    disabled: list[bool] = []
    for _ in range(MOST_FAILED):
        at_boot(tmp_path, note=print, disable=pytest.fail)
    path(CLUSTER).write_text("3")
    with pytest.raises(RefusedError, match="did not become good"):
        at_boot(tmp_path, note=print, disable=lambda: disabled.append(True))
    assert (held(CLUSTER), disabled) == ("3", [True])
    is_good(tmp_path)
    at_boot(tmp_path, note=print, disable=pytest.fail)
    assert held(CLUSTER) == "2"


def test_damaged_generation_is_told_and_left(made: Make, put, tmp_path: Path) -> None:
    put(made(cluster=2))
    file = tmp_path / "gen-1.json"
    file.write_bytes(file.read_bytes().replace(b'"2"', b'"9"', 1))
    with pytest.raises(StorageError, match="damaged"):
        read(tmp_path, 1)
    assert held(CLUSTER) == "2"


def test_apply_over_what_a_dead_process_left_restores_first(made: Make, put, tmp_path: Path) -> None:
    leave_open(tmp_path, made(interval=9))
    put(made(cluster=2))
    assert (held(CLUSTER), held(INTERVAL)) == ("2", "1")


def test_foreign_change_of_what_a_dead_process_left_stops_everything(made: Make, put, tmp_path: Path) -> None:
    leave_open(tmp_path, made(interval=9))
    path(INTERVAL).write_text("11")
    with pytest.raises(NotRestoredError, match="by hand: printf"):
        put(made(cluster=2))
    assert (held(CLUSTER), held(INTERVAL)) == ("3", "11")
    assert back(tmp_path, force=True).recovered
    assert held(INTERVAL) == "1"
