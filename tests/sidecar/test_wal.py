from pathlib import Path

import pytest

from autotune.sidecar import wal
from autotune.sidecar.wal import CorruptError, Wal

RECORDS = [
    {"r": "begin", "v": 1, "kind": "trial", "boot": "b", "pid": 7},
    {"r": "change", "intents": [{"key": "a", "old": "60", "new": "10"}], "actions": {}},
    {"r": "applied", "seen": {"a": "10"}},
]


@pytest.fixture
def written(tmp_path: Path) -> tuple[Path, bytes, int]:
    """A journal of all RECORDS: its path, its bytes with the room kept free, and where the records end."""
    path = tmp_path / "wal"
    with Wal(str(path)) as journal:
        for record in RECORDS:
            journal.append(record, sync=True)
    return path, path.read_bytes(), sum(len(wal.line_of(record)) for record in RECORDS)


def whole_before(cut: int) -> list[dict[str, object]]:
    """The records that lie before `cut` as wholes."""
    end, found = 0, []
    for record in RECORDS:
        end += len(wal.line_of(record))
        found += [record] if end <= cut else []
    return found


def test_what_is_written_is_read(written):
    path, _, end = written
    assert wal.read(str(path)) == (RECORDS, end)


@pytest.mark.parametrize("tail", [b"", bytes(700)], ids=["cut off", "zeros follow"])
def test_journal_cut_at_any_byte_gives_the_records_before(written, tail):
    path, content, end = written
    for cut in range(end + 1):
        path.write_bytes(content[:cut] + tail)
        assert wal.read(str(path))[0] == whole_before(cut), cut


def test_any_flipped_bit_of_a_record_is_damage(written):
    path, content, end = written
    for place in range(end):
        for bit in range(8):
            flipped = bytearray(content)
            flipped[place] ^= 1 << bit
            path.write_bytes(flipped)
            with pytest.raises(CorruptError, match="damaged"):
                wal.read(str(path))


def test_flipped_bit_behind_the_records_is_none_of_them(written):
    path, content, end = written
    for place in (end, end + 1, end + 600, len(content) - 1):
        for bit in range(8):
            flipped = bytearray(content)
            flipped[place] ^= 1 << bit
            path.write_bytes(flipped)
            assert wal.read(str(path)) == (RECORDS, end)


def test_sector_that_a_power_cut_left_unwritten_ends_the_journal(tmp_path):
    path = tmp_path / "wal"
    long = {"r": "change", "intents": ["x" * 1800]}
    content = b"".join(map(wal.line_of, [RECORDS[0], long]))
    start = len(wal.line_of(RECORDS[0]))
    for sector in range(0, len(content), 512):
        torn = bytearray(content)
        lost = slice(max(start, sector), min(len(content), sector + 512))
        torn[lost] = bytes(lost.stop - lost.start)
        path.write_bytes(torn)
        assert wal.read(str(path)) == ([RECORDS[0]], start), sector


@pytest.mark.parametrize("garbage", [b"hello\n", b"00000000 \n", b"\xff\xfe\n\n", b'{"r": "begin"}\n', b"\n"])
def test_foreign_content_is_damage(tmp_path, garbage):
    path = tmp_path / "wal"
    path.write_bytes(garbage)
    with pytest.raises(CorruptError, match="line 1 is damaged"):
        wal.read(str(path))


@pytest.mark.parametrize("content", [b"", bytes(4096), b"half a li"])
def test_file_without_a_whole_record_is_an_empty_journal(tmp_path, content):
    path = tmp_path / "wal"
    path.write_bytes(content)
    assert wal.read(str(path)) == ([], 0)


def test_no_file_is_an_empty_journal(tmp_path):
    assert wal.read(str(tmp_path / "wal")) == ([], 0)


def test_half_a_record_is_gone_once_the_next_is_written(written):
    path, content, _ = written
    cut = len(wal.line_of(RECORDS[0])) + 30
    path.write_bytes(content[:cut])
    with Wal(str(path), end=wal.read(str(path))[1]) as journal:
        journal.append({"r": "x"}, sync=False)
    assert wal.read(str(path))[0] == [RECORDS[0], {"r": "x"}]


def test_journal_that_is_there_is_not_begun_again(written):
    path, content, _ = written
    with pytest.raises(FileExistsError):
        Wal(str(path))
    assert path.read_bytes() == content


def test_record_that_could_not_be_synced_does_not_count(tmp_path, monkeypatch):
    path = tmp_path / "wal"
    with Wal(str(path)) as journal:
        journal.append(RECORDS[0], sync=True)
        with monkeypatch.context() as patch:
            patch.setattr(wal.os, "fdatasync", _fail)
            with pytest.raises(OSError, match="broken"):
                journal.append(RECORDS[1], sync=True)
        assert wal.read(str(path))[0] == RECORDS[:1]
        journal.append(RECORDS[2], sync=True)
    assert wal.read(str(path))[0] == [RECORDS[0], RECORDS[2]]


def _fail(_file):
    raise OSError("broken")
