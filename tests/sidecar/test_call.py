import json
import subprocess
import sys
from pathlib import Path

import pytest

from autotune import sidecar

CALL = Path(sidecar.__file__).with_name("call.py")
MODULE = """
import sys
def good(size, mode="a"): return {"ops": size * 2.5, "mode_is_a": int(mode == "a")}
def nothing(): pass
def broken(): raise RuntimeError("the disk is on fire")
def nan(): return {"ops": float("nan")}
def odd(): return {"ops": object()}
class Scalar(object):
    def item(self): return 7
def numpy_like(): return {"ops": Scalar()}
value = 3
"""


def call(folder: Path, name: str, /, **arguments: object) -> tuple[int, str, object]:
    """Exit code, stderr, and what was returned."""
    (folder / "mybench.py").write_text(MODULE)
    (folder / "imports_missing.py").write_text("import not_there_at_all\n")
    (folder / "arguments.json").write_text(json.dumps(arguments))
    returned = folder / "returned.json"
    done = subprocess.run(
        [sys.executable, CALL, folder, name, folder / "arguments.json", returned],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr, json.loads(returned.read_text()) if returned.exists() else None


def test_returned_mapping_stands_in_the_file(tmp_path: Path) -> None:
    assert call(tmp_path, "mybench:good", size=4, mode="b") == (0, "", {"ops": 10.0, "mode_is_a": 0})


def test_number_of_another_library_becomes_a_plain_one(tmp_path: Path) -> None:
    assert call(tmp_path, "mybench:numpy_like") == (0, "", {"ops": 7})


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("no_such:run", {}, "module 'no_such' was not found in"),
        ("mybench:no_such", {}, "has no function 'no_such'"),
        ("mybench:value", {}, "has no function 'value'"),
        ("mybench", {}, "has no function ''"),
        ("mybench:nothing", {}, "returned NoneType; a mapping of metric names to numbers is needed"),
        ("mybench:good", {"sise": 4}, "cannot be called with the parameters given (sise)"),
        ("mybench:good", {}, "cannot be called with the parameters given (none)"),
    ],
)
def test_mistake_is_a_sentence_and_no_traceback(
    tmp_path: Path, name: str, arguments: dict[str, object], message: str
) -> None:
    code, stderr, returned = call(tmp_path, name, **arguments)
    assert (code, returned) == (1, None)
    assert message in stderr
    assert "Traceback" not in stderr


@pytest.mark.parametrize(
    ("name", "last"),
    [
        ("mybench:broken", "RuntimeError: the disk is on fire"),
        ("mybench:odd", "TypeError: a metric of type object was returned; numbers are needed"),
        ("imports_missing:run", "ModuleNotFoundError: No module named 'not_there_at_all'"),
    ],
)
def test_failure_of_the_function_keeps_its_traceback(tmp_path: Path, name: str, last: str) -> None:
    code, stderr, returned = call(tmp_path, name)
    assert (code, returned) == (1, None)
    assert stderr.splitlines()[-1] == last


def test_modules_beside_the_script_are_not_importable(tmp_path: Path) -> None:
    code, stderr, _ = call(tmp_path, "capture:Capture")
    assert code == 1
    assert "module 'capture' was not found" in stderr
