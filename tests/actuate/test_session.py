"""A session among everything that can go wrong; the numbers are those of the table in safety.md."""

import json
import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from autotune.actuate.recover import recovered
from autotune.actuate.session import opened
from autotune.core.errors import NotRestoredError, StorageError, WorkloadError
from autotune.flow.rollback import rollback
from autotune.model.target import Target
from autotune.sidecar import moment, undo, wal
from autotune.sidecar.means import file

TOLD: list[str] = []


@pytest.fixture(autouse=True)
def _nothing_told():
    TOLD.clear()


def session(state: Path, **options: object):
    return opened(state, kind="trial", note=TOLD.append, **options)


def crashed(state: Path, wanted: list[tuple[Target, str]]) -> None:
    """A process that brings `wanted` and dies with its guardian."""
    if (pid := os.fork()) == 0:
        with session(state) as one:
            one.bring(wanted)
            os.kill(one.guardian_pid, 9)
            os.kill(os.getpid(), 9)
    os.waitpid(pid, 0)


def rewritten(state: Path, number: int, **changes: object) -> None:
    """Changes a record of the journal, with a checksum that fits."""
    records, _ = wal.read(str(state / "wal"))
    records[number].update(changes)
    (state / "wal").write_bytes(b"".join(map(wal.line_of, records)))


def test_values_are_changed_inside_and_as_before_afterwards(state, value, held):
    one, two = value("one", "60"), value("two", "20")
    with session(state) as opened_session:
        brought = opened_session.bring([(one, "10"), (two, "20")])
        assert [(b.before, b.effective) for b in brought] == [("60", "10"), ("20", "20")]
        assert (held(one), held(two)) == ("10", "20")
    assert held(one) == "60"
    assert not (state / "wal").exists()


def test_place_that_is_wanted_no_more_goes_back_at_once(state, value, held):
    one, two = value("one", "60"), value("two", "20")
    with session(state) as opened_session:
        opened_session.bring([(one, "10"), (two, "21")])
        opened_session.bring([(one, "11")])
        assert (held(one), held(two)) == ("11", "20")
        assert opened_session.originals == {"one": "60", "two": "20"}
    assert (held(one), held(two)) == ("60", "20")


def test_session_that_changes_nothing_writes_nothing(state, value):
    one = value("one", "60")
    with session(state) as opened_session:
        opened_session.bring([(one, "60")])
        assert opened_session.guardian_pid is None
        assert not (state / "wal").exists()


def test_place_that_cannot_be_read_stops_before_the_first_change(state, value, held):
    one, none = value("one", "60"), value("none")
    with session(state) as opened_session:
        with pytest.raises(WorkloadError, match="Nothing was changed"):
            opened_session.bring([(one, "10"), (none, "1")])
        assert held(one) == "60"


def test_bring_that_fails_takes_back_what_it_changed(state, value, held):
    one = value("one", "60")
    broken = Target(key="full", means="kernel", address={"path": "/dev/full"})
    with session(state) as opened_session:
        with pytest.raises(WorkloadError, match="full cannot be set to '1': No space left on device"):
            opened_session.bring([(one, "10"), (broken, "1")])
        assert held(one) == "60"


def test_session_goes_on_after_a_journal_that_could_not_be_begun(state, value, held, monkeypatch):
    one = value("one", "60")
    real = os.pwrite
    with session(state) as opened_session:
        with monkeypatch.context() as patch:
            patch.setattr(os, "pwrite", lambda *_: (_ for _ in ()).throw(OSError(5, "Input/output error")))
            with pytest.raises(StorageError, match="Nothing was changed"):
                opened_session.bring([(one, "10")])
        assert os.pwrite is real
        opened_session.bring([(one, "11")])
        assert held(one) == "11"
    assert held(one) == "60"


def test_row_47_journal_that_is_deleted_meanwhile_is_not_needed(state, value, held):
    one = value("one", "60")
    with session(state) as opened_session:
        opened_session.bring([(one, "10")])
        (state / "wal").unlink()
    assert held(one) == "60"


def test_row_47_state_folder_that_is_removed_meanwhile_is_not_needed(state, value, held):
    one = value("one", "60")
    with session(state) as opened_session:
        opened_session.bring([(one, "10")])
        shutil.rmtree(state)
    assert held(one) == "60"


def test_row_47_journal_that_is_damaged_meanwhile_is_not_needed(state, value, held):
    one = value("one", "60")
    with session(state) as opened_session:
        opened_session.bring([(one, "10")])
        (state / "wal").write_bytes(b"garbage\n")
    assert held(one) == "60"
    assert not (state / "wal").exists()


def test_row_47_without_its_journal_a_dead_process_is_not_undone(state, value, held):
    one = value("one", "60")
    crashed(state, [(one, "10")])
    (state / "wal").unlink()
    with session(state) as opened_session:
        assert not opened_session.recovered
    assert held(one) == "10"


@pytest.mark.parametrize("line", [0, 1, 2])
def test_row_46_damaged_journal_is_kept_and_nothing_is_guessed(state, value, held, line):
    one = value("one", "60")
    crashed(state, [(one, "10")])
    lines = (state / "wal").read_bytes().split(b"\n")
    lines[line] = lines[line][:20] + b"?" + lines[line][21:]
    damaged = b"\n".join(lines)
    (state / "wal").write_bytes(damaged)
    with pytest.raises(NotRestoredError, match=f"line {line + 1} is damaged"), session(state):
        pass
    assert (state / "wal").read_bytes() == damaged
    assert held(one) == "10"


def test_row_46_what_was_half_written_at_the_end_is_left_out(state, value, held):
    one = value("one", "60")
    crashed(state, [(one, "10")])
    content = (state / "wal").read_bytes()
    (state / "wal").write_bytes(content.rstrip(b"\0")[:-9])
    recovered(state, TOLD.append)
    assert held(one) == "60"


def test_journal_of_another_version_is_kept(state, value, held):
    one = value("one", "60")
    crashed(state, [(one, "10")])
    rewritten(state, 0, v=99)
    with pytest.raises(NotRestoredError, match="another version"):
        recovered(state, TOLD.append)
    assert held(one) == "10"
    assert (state / "wal").exists()


@pytest.mark.needs("root")
@pytest.mark.xdist_group("sysctl")
@pytest.mark.usefixtures("machine_alone")
def test_row_49_refused_sysctl_takes_the_whole_set_back(state, sysctl, held):
    taken, refused = sysctl("vm.dirty_expire_centisecs"), sysctl("vm.dirty_background_ratio")
    before = held(taken), held(refused)
    with session(state) as opened_session:
        with pytest.raises(WorkloadError, match=r"dirty_background_ratio cannot be set to '101': Invalid"):
            opened_session.bring([(taken, "2999"), (refused, "101")])
        assert (held(taken), held(refused)) == before
    assert (held(taken), held(refused)) == before


@pytest.mark.needs("root")
def test_row_50_value_that_the_kernel_rounds_is_told_and_undone(state, held):
    path = next(Path("/sys/block").glob("*/queue/read_ahead_kb"), None)
    if path is None:
        pytest.skip("no block device")
    ahead = Target(key="read ahead", means="kernel", address={"path": str(path)})
    before = held(ahead)
    with session(state) as opened_session:
        (brought,) = opened_session.bring([(ahead, "67")])
        assert (brought.asked, brought.effective, brought.coerced) == ("67", "64", True)
        opened_session.bring([(ahead, "67")])
    assert held(ahead) == before


def test_row_50_white_space_of_the_kernel_is_no_difference(state, value):
    ports = value("ports", "32768\t60999")
    with session(state) as opened_session:
        (brought,) = opened_session.bring([(ports, "32768 60999")])
        assert not brought.coerced


def test_row_50_value_nobody_has_read_back_is_undone_at_once_but_not_later(state, value, held):
    one = value("one", "60")
    for fresh, after in ((True, "60"), (False, "17")):
        crashed(state, [(one, "10")])
        records = wal.read(str(state / "wal"))[0][:2]  # killed before it was read back
        Path(str(one.address["path"])).write_text("17\n")  # what the kernel may have made of 10
        result = undo.undo(records, fresh=fresh)
        assert held(one) == after
        assert bool(result.left) is not fresh
        (state / "wal").unlink()
        Path(str(one.address["path"])).write_text("60\n")


@pytest.mark.needs("root")
@pytest.mark.xdist_group("sysctl")
@pytest.mark.usefixtures("machine_alone")
@pytest.mark.parametrize("dying", [False, True])
@pytest.mark.parametrize("first", ["ratio", "bytes"])
def test_row_51_of_two_coupled_values_the_one_in_force_comes_back(state, sysctl, held, first, dying):
    values = {name: sysctl(f"vm.dirty_background_{name}") for name in ("ratio", "bytes")}
    start = {name: held(target) for name, target in values.items()}
    other = {"ratio": "bytes", "bytes": "ratio"}[first]
    try:
        Path(str(values[first].address["path"])).write_text({"ratio": "9", "bytes": "81920"}[first])
        before = {name: held(target) for name, target in values.items()}
        wanted = [(values[other], {"ratio": "7", "bytes": "40960"}[other])]
        if dying:
            crashed(state, wanted)
            assert held(values[first]) == "0"
            recovered(state, TOLD.append)
        else:
            with session(state) as opened_session:
                opened_session.bring(wanted)
                assert held(values[first]) == "0"
                opened_session.bring([])
                assert {name: held(target) for name, target in values.items()} == before
                with pytest.raises(WorkloadError):
                    opened_session.bring(
                        [*wanted, (Target(key="full", means="kernel", address={"path": "/dev/full"}), "1")]
                    )
                assert {name: held(target) for name, target in values.items()} == before
        assert {name: held(target) for name, target in values.items()} == before
    finally:
        name = next(name for name, text in start.items() if text != "0")
        Path(str(values[name].address["path"])).write_text(start[name])


@pytest.mark.needs("root")
@pytest.mark.parametrize("again", [False, True])
def test_row_52_group_that_went_away_is_told_and_its_successor_is_left_alone(state, held, again):
    root = Path("/sys/fs/cgroup")
    group = (root / "pids" if (root / "pids").exists() else root) / f"autotune-test-{os.getpid()}"
    group.mkdir()
    if not (group / "pids.max").exists():
        group.rmdir()
        pytest.skip("groups have no limit of processes here")
    limit = Target(key="pids.max", means="kernel", address={"path": str(group / "pids.max")})
    try:
        with session(state) as opened_session:
            opened_session.bring([(limit, "100")])
            group.rmdir()
            if again:
                group.mkdir()
                (group / "pids.max").write_text("100")
        assert TOLD == ["pids.max: what was changed is gone, nothing is left to undo"]
        assert not again or held(limit) == "100"
    finally:
        if group.exists():
            group.rmdir()


def test_row_52_next_configuration_needs_no_group_that_went_away(state, value, held):
    one, two = in_group(value), value("two", "20")
    with session(state) as opened_session:
        opened_session.bring([(one, "10"), (two, "21")])
        shutil.rmtree(Path(str(one.address["path"])).parent)
        opened_session.bring([(two, "22")])
        assert held(two) == "22"
    assert held(two) == "20"


def test_row_52_successor_of_a_group_that_was_changed_too_is_undone(state, value, held):
    one = in_group(value)
    folder = Path(str(one.address["path"])).parent
    with session(state) as opened_session:
        opened_session.bring([(one, "10")])
        value("successor/one", "70")
        shutil.rmtree(folder)
        (folder.parent / "successor").rename(folder)
        opened_session.bring([(one, "11")])
        assert held(one) == "11"
    assert held(one) == "70"


def in_group(value) -> Target:
    """A value of a group that is known by its folder."""
    one = value("group/one", "60")
    return replace(one, address={**one.address, "group": True})


def test_row_52_place_that_cannot_be_told_from_another_is_not_taken_for_gone(state, value):
    one = in_group(value)
    folder = Path(str(one.address["path"])).parent
    with (
        pytest.raises(NotRestoredError, match="Too many levels of symbolic"),
        session(state) as opened_session,
    ):
        opened_session.bring([(one, "10")])
        shutil.rmtree(folder)
        folder.symlink_to(folder)
    assert (state / "wal").exists()


def test_row_54_value_of_somebody_else_is_left_alone_and_told(state, value, held):
    one, two = value("one", "60"), value("two", "20")
    with pytest.raises(NotRestoredError) as caught, session(state) as opened_session:
        opened_session.bring([(one, "10"), (two, "21")])
        Path(str(one.address["path"])).write_text("77\n")
    assert "one: was 60, is 77: somebody else has changed it since" in str(caught.value)
    assert f"by hand: printf '%s\\n' 60 > {one.address['path']}" in str(caught.value)
    assert (held(one), held(two)) == ("77", "20")
    with pytest.raises(NotRestoredError), session(state):
        pass
    assert held(one) == "77"
    with session(state, force=True):
        pass
    assert held(one) == "60"


def test_row_54_next_configuration_is_not_brought_over_somebody_else(state, value, held):
    one = value("one", "60")
    with pytest.raises(NotRestoredError, match="was left alone"), session(state) as opened_session:
        opened_session.bring([(one, "10")])
        Path(str(one.address["path"])).write_text("77\n")
        opened_session.bring([(one, "12")])
    assert held(one) == "77"


def test_row_55_after_a_reboot_only_files_are_restored(state, value, held, tmp_path):
    one = value("one", "60")
    crashed(state, [(one, "10"), (whole_file(state, tmp_path, "old\n"), stored(state, "new\n"))])
    assert (tmp_path / "app.conf").read_text() == "new\n"
    rewritten(state, 0, boot="another")
    recovered(state, TOLD.append)
    assert (held(one), (tmp_path / "app.conf").read_text()) == ("10", "old\n")
    assert TOLD == ["one: the reboot has reset it"]


def test_row_55_boot_that_cannot_be_told_is_no_other_boot(state, value, held, monkeypatch):
    one = value("one", "60")
    crashed(state, [(one, "10")])
    monkeypatch.setattr(moment, "boot", str)
    recovered(state, TOLD.append)
    assert held(one) == "60"


def test_row_57_one_value_that_cannot_go_back_stops_no_other(state, value, held):
    values = [value(name, "60") for name in ("one", "two", "three")]
    path = Path(str(values[1].address["path"]))
    with pytest.raises(NotRestoredError) as caught, session(state) as opened_session:
        opened_session.bring([(one, "10") for one in values])
        path.unlink()
        path.mkdir()
    assert (held(values[0]), held(values[2])) == ("60", "60")
    assert "two: was 60, is unknown or not there: Is a directory" in str(caught.value)
    assert f"by hand: printf '%s\\n' 60 > {path}" in str(caught.value)
    assert caught.value.exit_code == 5
    assert (state / "wal").exists()
    path.rmdir()
    path.write_text("10\n")
    recovered(state, TOLD.append)
    assert path.read_text().strip() == "60"
    assert not (state / "wal").exists()


def test_row_58_rollback_with_nothing_to_do_writes_nothing(state, value, held):
    one = value("one", "60")
    crashed(state, [(one, "10")])
    path = Path(str(one.address["path"]))
    assert rollback(state, note=TOLD.append).made is None
    assert held(one) == "60"
    before = {entry: entry.stat().st_mtime_ns for entry in (path, *state.iterdir()) if entry.name != "lock"}
    assert rollback(state, note=TOLD.append).made is None
    assert rollback(state, note=TOLD.append).made is None
    assert before == {entry: entry.stat().st_mtime_ns for entry in before}


def test_commit_keeps_the_change_and_its_generations(state, value, held):
    one = value("one", "60")
    with session(state) as opened_session:
        opened_session.bring([(one, "10")])
        opened_session.commit([(0, {"was": "60"}), (1, {"is": "10"})])
    assert held(one) == "10"
    assert (state / "current").readlink() == Path("gen-1.json")
    assert json.loads((state / "gen-0.json").read_text()[9:]) == {"was": "60"}
    assert not (state / "wal").exists()


def test_commit_whose_generation_cannot_be_written_is_undone(state, value, held):
    one = value("one", "60")
    with pytest.raises(StorageError), session(state) as opened_session:
        opened_session.bring([(one, "10")])
        (state / ".gen").mkdir()
        opened_session.commit([(0, {"was": "60"}), (1, {"is": "10"})])
    assert held(one) == "60"
    assert not (state / "current").exists()
    assert not (state / "wal").exists()


def test_commit_that_is_in_force_stays_though_its_journal_cannot_be_removed(state, value, held, monkeypatch):
    one = value("one", "60")
    with session(state) as opened_session, monkeypatch.context() as patch:
        opened_session.bring([(one, "10")])
        patch.setattr(wal, "remove", lambda _: (_ for _ in ()).throw(OSError(5, "Input/output error")))
        opened_session.commit([(0, {}), (1, {})])
        patch.undo()
    assert held(one) == "10"
    assert not (state / "wal").exists()


def test_lease_is_no_reason_not_to_undo_when_the_session_closes(state, value, held):
    one = value("one", "60")
    with pytest.raises(ZeroDivisionError), session(state) as opened_session:
        opened_session.bring([(one, "10")])
        opened_session.lease(100, [(0, {}), (1, {})])
        raise ZeroDivisionError
    assert held(one) == "60"


def test_process_that_was_started_inside_does_not_hold_the_lock(state, value):
    one = value("one", "60")
    with session(state) as opened_session:
        opened_session.bring([(one, "10")])
        child = subprocess.Popen(["sleep", "60"])
    with session(state):
        pass
    child.kill()
    child.wait()


def whole_file(state: Path, folder: Path, text: str) -> Target:
    """A file as a target; its content is stored, as a session does for entries."""
    path = folder / "app.conf"
    path.write_text(text)
    blobs = state / "blobs"
    stored(state, text)
    return Target(
        key="app.conf", means="file", address={"path": str(path), "blobs": str(blobs)}, volatile=False
    )


def stored(state: Path, text: str) -> str:
    """The value of a file of this content."""
    state.mkdir(exist_ok=True)
    file.keep(str(state / "blobs"), text.encode())
    (state / "like").touch(0o644)
    return file.of(text.encode(), (state / "like").stat())
