"""Every system call of a change and of its undo, failing or the last of its process."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"

RECORDED = """
import json, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import undo_sweep
from undo_faults import Faults
undo_sweep.stand_alone()
tree = undo_sweep.Tree(Path(sys.argv[2]))
tree.build()
faults = Faults(tree.kernel)
faults.install()
undo_sweep.SCENARIOS[sys.argv[3]](tree)
print(json.dumps(faults.log))
"""


@pytest.mark.slow
@pytest.mark.parametrize("scenario", ["trial", "profile", "vanished", "rounded", "persevering", "folding"])
def test_rows_9_and_10_machine_is_whole_wherever_a_change_and_its_undo_stop(scenario):
    """One fault at every call; a second one in the undo for a sample: all of them by `make undo-sweep`."""
    done = subprocess.run(
        (sys.executable, BENCHMARKS / "undo_sweep.py", "--only", scenario, "--double", "100", "--fewer"),
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(params=["trial", "profile"])
def calls(request, tmp_path) -> list[tuple[str, str]]:
    """Every call of a scenario that changes something: its name, and the last name of its path."""
    done = subprocess.run(
        (sys.executable, "-c", RECORDED, BENCHMARKS, tmp_path / "tree", request.param),
        text=True,
        capture_output=True,
        check=True,
    )
    return [(name, Path(path).name) for name, path in json.loads(done.stdout)]


def test_row_48_journal_is_on_the_disk_before_the_first_change(calls):
    first = next(
        n for n, call in enumerate(calls) if call in {("open", "swappiness"), ("open", "dirty_bytes")}
    )
    before = calls[:first]
    written = max(n for n, call in enumerate(before) if call == ("pwrite", "wal"))
    assert ("fdatasync", "wal") in before[written:]
    made = before.index(("open", "wal"))
    assert ("fsync", "state") in before[made:]


def test_row_48_data_are_on_the_disk_before_they_get_their_name_and_the_folder_after_it(calls):
    renames = [n for n, (name, _) in enumerate(calls) if name in {"rename", "replace"}]
    assert renames
    for at in renames:
        beside = calls[at][1]
        if ("symlink", "gen-1.json") not in calls[at - 1 : at]:  # a link has no data
            written = max(n for n, call in enumerate(calls[:at]) if call == ("write", beside))
            assert ("fsync", beside) in calls[written:at]
        following = [name for name, _ in calls[at + 1 : at + 3]]
        assert "fsync" in following


def test_row_48_stored_contents_are_on_the_disk_before_the_journal_names_them(calls):
    named = next(n for n, call in enumerate(calls) if call == ("open", "wal"))
    blobs = [n for n, (name, path) in enumerate(calls) if name == "open" and len(path) == 64]
    assert blobs
    assert blobs[0] < named
    for at in blobs:
        assert ("fsync", calls[at][1]) in calls[at:]
        assert ("fsync", "blobs") in calls[at:]
        journal = next((n for n, call in enumerate(calls[at:], at) if call == ("pwrite", "wal")), None)
        assert journal is None or ("fsync", "blobs") in calls[at:journal]
