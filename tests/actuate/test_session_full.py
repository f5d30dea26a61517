"""A state folder that has no room, no inodes, no descriptors left, or cannot be written at all."""

import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from autotune.actuate.session import opened
from autotune.core.errors import AutotuneError, StorageError, WorkloadError
from autotune.model.target import Target
from autotune.sidecar import generation
from autotune.sidecar.means import file

Mount = Callable[..., Path]
KIB = 1024
LARGE = "x" * 3000
"""What makes the records of a generation fill pages."""


def note(_text: str) -> None:
    """Tells nobody."""


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Mount]:
    """Mounts a file system of so many bytes at `state`; with options of mount."""
    with ExitStack() as mounts:

        def make(size: int, *options: str) -> Path:
            folder = tmp_path / "state"
            folder.mkdir(exist_ok=True)
            words = ",".join((f"size={size}", "mode=700", *options))
            subprocess.run(["mount", "-t", "tmpfs", "-o", words, "tmpfs", folder], check=True)
            mounts.callback(subprocess.run, ["umount", "--lazy", "--quiet", folder], check=False)
            return folder

        yield make


def whole_file(state: Path, path: Path) -> Target:
    """A file as a target."""
    address = {"path": str(path), "blobs": str(state / "blobs")}
    return Target(key=path.name, means="file", address=address, volatile=False)


@pytest.mark.needs("tmpfs")
def test_row_27_journal_that_has_no_room_changes_nothing(small, value, held):
    one = value("one", "60")
    state = small(64 * KIB)
    with opened(state, kind="trial", note=note) as session:
        with pytest.raises(StorageError, match=r"No space left on device. Nothing was changed") as caught:
            session.bring([(one, "10")])
        assert caught.value.exit_code == 6
        assert held(one) == "60"
    assert not (state / "wal").exists()


@pytest.mark.needs("tmpfs")
@pytest.mark.slow
def test_rows_27_and_28_with_any_size_of_disk_the_machine_is_whole(small, value, held):
    """Sizes in pages, from none for the journal to enough for all: no way of ending leaves a mixture."""
    outcomes = set()
    for pages in range(1, 60):
        one, two = value("one", "60"), value("two", "20")
        state = small(pages * 4 * KIB)
        try:
            with opened(state, kind="profile", note=note) as session:
                session.bring([(one, "10"), (two, "21")])
                session.commit([(0, {"was": LARGE}), (1, {"is": LARGE})])
            outcome = "committed"
        except StorageError as error:
            outcome = "refused" if "Nothing was changed" in str(error) else "undone"
        committed = outcome == "committed"
        assert (held(one), held(two)) == (("10", "21") if committed else ("60", "20")), pages
        assert (generation.current(str(state)) == 1) == committed, pages
        assert not (state / "wal").exists(), pages
        outcomes.add(outcome)
        subprocess.run(["umount", state], check=True)
    assert outcomes == {"committed", "refused", "undone"}


@contextmanager
def filled(state: Path) -> Iterator[None]:
    """Fills the disk to the last page."""
    filler = state / "filler"
    with filler.open("wb", buffering=0) as file_:
        for size in (KIB * KIB, 4 * KIB, 1):
            try:
                while True:
                    file_.write(bytes(size))
            except OSError:
                continue
    yield
    filler.unlink(missing_ok=True)


@pytest.mark.needs("tmpfs")
def test_row_28_disk_that_fills_up_meanwhile_hinders_no_undo(small, value, held):
    one = value("one", "60")
    state = small(256 * KIB)
    with opened(state, kind="trial", note=note) as session:
        session.bring([(one, "10")])
        with filled(state), pytest.raises(StorageError, match="Nothing was changed"):
            for number in range(2000):  # until what was kept free is used up
                session.bring([(one, str(100 + number % 900))])
                last = str(100 + number % 900)
        assert held(one) == last
        with filled(state):
            session.close(note)
            assert held(one) == "60"
            assert not (state / "wal").exists()


@pytest.mark.needs("tmpfs")
def test_row_28_disk_that_is_full_at_the_commit_undoes_the_change(small, value, held):
    one = value("one", "60")
    state = small(256 * KIB)
    with pytest.raises(StorageError), filled_after_bring(state, one) as session:
        session.commit([(0, {"was": LARGE}), (1, {"is": LARGE})])
    assert held(one) == "60"
    assert generation.current(str(state)) is None
    assert not (state / "wal").exists()


@contextmanager
def filled_after_bring(state: Path, one: Target):
    """A session with a change, its disk full from then on."""
    with opened(state, kind="profile", note=note) as session:
        session.bring([(one, "10")])
        with filled(state):
            yield session


@pytest.mark.needs("tmpfs")
def test_row_28_next_start_restores_on_a_full_disk(small, value, held, harness):
    one = value("one", "60")
    state = small(256 * KIB)
    process = harness(state, [(one, "10")])
    os.kill(int(process.stdout.readline()), 9)
    process.kill()
    process.wait()
    with filled(state), opened(state, kind="trial", note=note) as session:
        assert session.recovered
        assert held(one) == "60"


@pytest.mark.needs("tmpfs")
def test_row_27_contents_of_a_file_that_have_no_room_change_nothing(small, tmp_path):
    state = small(64 * KIB)
    path = tmp_path / "app.conf"
    path.write_text("old\n")
    with filled(state), pytest.raises(OSError, match="No space"):
        file.keep(str(state / "blobs"), b"new\n")
    assert path.read_text() == "old\n"


@pytest.mark.needs("tmpfs")
def test_row_28_file_on_a_full_disk_is_told_and_restored_when_there_is_room(small, tmp_path, value):
    room = small(64 * KIB)
    state = tmp_path / "journal"
    state.mkdir()
    path = room / "app.conf"
    path.write_text("o" * 8 * KIB)
    target = whole_file(state, path)
    file.keep(str(state / "blobs"), path.read_bytes())
    new = b"n" * 4 * KIB
    file.keep(str(state / "blobs"), new)
    with opened(state, kind="trial", note=note) as session:
        session.bring([(target, file.of(new, path.stat()))])
        with filled(room), pytest.raises(AutotuneError) as caught:
            session.close(note)
    assert caught.value.exit_code == 5
    with opened(state, kind="trial", note=note):
        assert path.read_text() == "o" * 8 * KIB
    del value


@pytest.mark.needs("tmpfs")
def test_row_30_state_folder_that_cannot_be_written_is_named(small, value, held, tmp_path):
    one = value("one", "60")
    state = small(256 * KIB, "ro")
    with pytest.raises(StorageError, match=str(state)) as caught, opened(state, kind="trial", note=note):
        pass
    assert caught.value.exit_code == 6
    with pytest.raises(StorageError, match=str(state)), opened(state / "inside", kind="trial", note=note):
        pass
    (tmp_path / "file").touch()
    with pytest.raises(StorageError), opened(tmp_path / "file" / "inside", kind="trial", note=note):
        pass
    assert held(one) == "60"


@pytest.mark.needs("tmpfs")
def test_row_30_value_on_a_read_only_file_system_is_refused(small, value, held, tmp_path):
    one = value("one", "60")
    room = small(64 * KIB)
    (room / "two").write_text("20\n")
    subprocess.run(["mount", "-o", "remount,ro", room], check=True)
    two = Target(key="two", means="kernel", address={"path": str(room / "two")})
    with opened(tmp_path / "journal", kind="trial", note=note) as session:
        with pytest.raises(WorkloadError, match="two cannot be set to '21': Read-only file system"):
            session.bring([(one, "10"), (two, "21")])
        assert held(one) == "60"


@pytest.mark.needs("tmpfs")
@pytest.mark.parametrize("inodes", range(1, 7))
def test_row_31_no_inode_left_refuses_the_change_or_undoes_it(small, value, held, inodes):
    one = value("one", "60")
    state = small(1024 * KIB, f"nr_inodes={inodes}")
    committed = False
    try:
        with opened(state, kind="profile", note=note) as session:
            session.bring([(one, "10")])
            session.commit([(0, {}), (1, {})])
            committed = True
    except StorageError as error:
        assert "No space left" in str(error)  # noqa: PT017
    assert held(one) == ("10" if committed else "60")
    assert not (state / "wal").exists()


@contextmanager
def descriptors(free: int) -> Iterator[None]:
    """Lets this process open so many files more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    fillers: list[int] = []
    resource.setrlimit(resource.RLIMIT_NOFILE, (64 + free, hard))
    try:
        while True:
            fillers.append(os.open(os.devnull, os.O_RDONLY))
    except OSError:
        for number in fillers[len(fillers) - free :]:
            os.close(number)
        del fillers[len(fillers) - free :]
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        for number in fillers:
            os.close(number)


@pytest.mark.parametrize("free", range(26))
def test_row_31_no_descriptor_left_refuses_the_change_or_undoes_it(state, value, held, free):
    one = value("one", "60")
    with opened(state, kind="trial", note=note) as session:
        with descriptors(free), suppress(StorageError, WorkloadError):
            session.bring([(one, "10")])
        assert held(one) == ("10" if (state / "wal").exists() else "60")
    assert held(one) == "60"
    assert not (state / "wal").exists()


def test_row_31_undo_needs_no_descriptor_that_it_has_not(state, value, held, tmp_path):
    one, path = value("one", "60"), tmp_path / "app.conf"
    path.write_text("old\n")
    target = whole_file(state, path)
    state.mkdir()
    file.keep(str(state / "blobs"), b"old\n")
    file.keep(str(state / "blobs"), b"new\n")
    with opened(state, kind="trial", note=note) as session:
        session.bring([(one, "10"), (target, file.of(b"new\n", path.stat()))])
        with descriptors(0):
            session.close(note)
            assert held_now(one) == b"60\n"
    assert path.read_text() == "old\n"
    assert held(one) == "60"
    assert not (state / "wal").exists()


def held_now(target: Target) -> bytes:
    """The value; nothing else is opened."""
    number = os.open(str(target.address["path"]), os.O_RDONLY)
    try:
        return os.read(number, 100)
    finally:
        os.close(number)
