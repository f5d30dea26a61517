from __future__ import annotations

import os

import pytest

from autotune.core.errors import FileError
from autotune.core.text_file import read_text


def test_text_is_read_up_to_the_limit(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("é" * 512)
    assert read_text(path, largest=1024) == "é" * 512
    with pytest.raises(FileError, match="is larger than 0 KiB"):
        read_text(path, largest=1023)


def test_an_endless_device_and_a_pipe_are_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path.joinpath("/dev/zero")):
        with pytest.raises(FileError, match="not a regular file"):
            read_text(path, largest=1024)


def test_a_name_with_a_nul_is_a_problem_and_no_traceback(tmp_path):
    with pytest.raises(FileError, match="cannot be read"):
        read_text(tmp_path / "a\0b", largest=10)


def test_the_place_of_a_bad_byte_counts_characters(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("é\né".encode() + b"\x80")
    with pytest.raises(FileError, match=":2:2: is not UTF-8 text: found byte 0x80"):
        read_text(path, largest=1024)
