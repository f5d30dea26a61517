"""What a gallery entry's `check:` lets through, and what it does not."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

WORKLOADS = Path(__file__).parents[2] / "workloads"


def script(name: str, what: str, data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """One step of an entry, as its workload file names it."""
    command = [sys.executable, WORKLOADS / name, what, f"--data={data}", *words]
    return subprocess.run(command, check=False, capture_output=True, text=True)


def damaged(path: Path, at: int) -> None:
    """Turns one byte of a file into another."""
    text = bytearray(path.read_bytes())
    text[at] ^= 1
    path.write_bytes(text)


def test_sorted_lines_have_to_be_all_there_and_in_order(tmp_path) -> None:
    assert script("sort_lines.py", "lines", tmp_path).returncode == 0
    lines = (tmp_path / "lines").read_bytes().splitlines(keepends=True)
    (tmp_path / "sorted").write_bytes(b"".join(sorted(lines)))
    assert script("sort_lines.py", "check", tmp_path).returncode == 0
    for wrong in (lines, sorted(lines)[1:], [*sorted(lines)[:-1], b"zzz\n"]):
        (tmp_path / "sorted").write_bytes(b"".join(wrong))
        assert "not the same lines" in script("sort_lines.py", "check", tmp_path).stderr


@pytest.mark.skipif(shutil.which("zstd") is None, reason="zstd is not installed")
def test_what_zstd_wrote_has_to_give_the_corpus_again(tmp_path) -> None:
    assert script("zstd_corpus.py", "corpus", tmp_path).returncode == 0
    ran = script("zstd_corpus.py", "run", tmp_path, "-1", "--zstd=minMatch=6")
    assert '"ratio": ' in ran.stdout, ran.stderr
    assert script("zstd_corpus.py", "check", tmp_path).returncode == 0
    damaged(tmp_path / "out.zst", 100_000)
    assert script("zstd_corpus.py", "check", tmp_path).returncode == 1


@pytest.mark.skipif(not Path("/usr/include/stb/stb_image.h").is_file(), reason="libstb-dev is not installed")
def test_the_compiled_program_has_to_answer_as_without_optimisation(tmp_path) -> None:
    assert script("gcc_flags_build.py", "build", tmp_path, "--profile=false", "-O1").returncode == 0
    subprocess.run([tmp_path / "program", tmp_path / "answer"], check=True)
    assert script("gcc_flags_build.py", "check", tmp_path).returncode == 0
    damaged(tmp_path / "answer", 1000)
    assert "another answer" in script("gcc_flags_build.py", "check", tmp_path).stderr


def test_fio_has_to_have_read_every_byte(tmp_path) -> None:
    for read, error, fine in ((8 * 128 << 20, 0, True), ((8 * 128 << 20) - 4096, 0, False), (0, 5, False)):
        told = {"jobs": [{"error": error, "read": {"io_bytes": read}}]}
        (tmp_path / "fio.json").write_text(json.dumps(told))
        assert (script("read_ahead_file.py", "check", tmp_path).returncode == 0) is fine
