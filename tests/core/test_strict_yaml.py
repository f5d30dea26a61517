from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotune.core.errors import ExitCode, FileError
from autotune.core.strict_yaml import dump, load, read

BOMB = "".join(
    f"{c}: &{c} [{', '.join([f'*{p}'] * 9)}]\n" for p, c in zip("abcdefgh", "bcdefghi", strict=True)
)

BAD = [
    ("a: 1\na: 2\n", ["f:2:1: key 'a' is given twice, in line 1 and in line 2"]),
    ("x:\n  y: {a: 1,\n      a: 2}\n", ["f:3:7: key 'a' is given twice, in line 2 and in line 3"]),
    ("- {b: 1, b: 2}\n", ["f:1:10: key 'b' is given twice, in line 1 and in line 1"]),
    ("a: &x 1\nb: *x\n", ["f:1:4: anchor '&x' is not allowed", "f:2:4: alias '*x' is not allowed"]),
    ("&a [*a]", ["f:1:1: anchor", "f:1:5: alias"]),
    ("<<: {a: 1}\n", ["f:1:1: merge key '<<' is not allowed"]),
    ("a: !!python/name:os.system x\n", ["f:1:4: tag '!!python/name:os.system' is not allowed"]),
    ("a: !own 1\n", ["f:1:4: tag '!own' is not allowed"]),
    ("a: .nan\nb: -.inf\n", ["f:1:4: '.nan' is not a finite", "f:2:4: '-.inf' is not a finite"]),
    ("a: " + "9" * 4000, ["f:1:4: '999"]),
    ("1: x\ntrue: y\n~: z\n[a]: b\n", ["f:1:1: a key has to be text, found '1'", "f:2:", "f:3:", "f:4:"]),
    ("a: 1\n---\nb: 2\n", ["f:2:1: a second document begins"]),
    ("a:\n\tb: 1\n", ["f:2:1: not YAML: found character '\\t' that cannot start any token; indent"]),
    ("a: [1\n", ["f:2:1: not YAML: expected ',' or ']'"]),
    ("a: b: c\n", ["f:1:5: not YAML: mapping values are not allowed here"]),
    ("a: 'x\n", ["f:2:1: not YAML: found unexpected end of stream"]),
    ("ab: \x07\n", ["f:1:5: character U+0007 is not allowed in YAML"]),
    ('a: "\\UFFFFFFFF"\n', ["f:1:1: what follows is not YAML"]),
    ('a: "\\uD800"\n', ["f:1:4: half a surrogate pair"]),
    ("[" * 5000, ["f:1:52: more than 50 levels"]),
    ("- " * 5000 + "x", ["f:1:103: more than 50 levels"]),
    ("[" + "1," * 100_001 + "]", ["f:1:200000: more than 100000 values"]),
    ("#" * (2**20 + 1), ["f:1:1: is larger than 1024 KiB"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "messages"), BAD, ids=[repr(text[:20]) for text, _ in BAD])
def test_what_is_not_strict_yaml_is_named_with_its_place(text, messages):
    with pytest.raises(FileError) as caught:
        load(text, "f")
    found = [str(problem) for problem in caught.value.problems]
    assert len(found) == len(messages)
    for line, wanted in zip(found, messages, strict=True):
        assert line.startswith(wanted)


def test_an_alias_bomb_is_refused_within_little_memory():
    program = (
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (200 << 20, 200 << 20))\n"
        "import sys; from autotune.core.strict_yaml import load\n"
        "from autotune.core.errors import FileError\n"
        "try: load(sys.stdin.read(), 'bomb')\n"
        "except FileError as error: sys.exit(error.exit_code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        input="a: &a [x]\n" + BOMB,
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == ExitCode.USAGE, done.stderr
    assert not done.stderr


def test_not_more_than_50_problems_are_listed():
    with pytest.raises(FileError) as caught:
        load("\n".join("a: *x" for _ in range(500)), "f")
    assert len(caught.value.problems) == 50


def test_every_value_and_key_has_its_line_and_column():
    document = load("a: 1\nb:\n  - x\n  - c: {d: 2}\n", "f")
    assert document.data == {"a": 1, "b": ["x", {"c": {"d": 2}}]}
    assert document.position([]) == (1, 1)
    assert document.position(["b", 0]) == (3, 5)
    assert document.position(["b", 1, "c", "d"]) == (4, 12)
    assert document.key_position(["b", 1, "c", "d"]) == (4, 9)
    assert document.has(["b", 1])
    assert not document.has(["b", 2])


def test_a_path_that_is_not_there_has_its_nearest_parents_place():
    document = load("a:\n  b: 1\n", "f")
    assert document.position(["a", "b", "c", 3]) == (2, 6)
    assert document.position(["zz"]) == (1, 1)
    assert load("", "f").position(["a"]) == (1, 1)


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "~"])
def test_an_empty_document_is_none(text):
    assert load(text, "f").data is None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a: 1\nb: \xff\xfe\n", "2:4: is not UTF-8 text: found byte 0xff"),
        ("a: é".encode("latin-1"), "1:4: is not UTF-8 text: found byte 0xe9"),
        (b"#" * (2**20 + 1), "1:1: is larger than 1024 KiB"),
    ],
)
def test_a_file_that_is_no_text_is_named_with_the_place(tmp_path, content, message):
    path = tmp_path / "a.yaml"
    path.write_bytes(content)
    with pytest.raises(FileError) as caught:
        read(path)
    assert str(caught.value) == f"{path}:{message}"


def test_a_missing_file_and_a_folder_are_named(tmp_path):
    with pytest.raises(FileError, match="cannot be read: No such file"):
        read(tmp_path / "none.yaml")
    with pytest.raises(FileError, match="is not a regular file"):
        read(tmp_path)


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert read(path).data == {"a": 1}


leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(
        ["no", "1e3", "0o17", "010", "1:30", "<<", "=", "null", "2026-01-02", "a: b", " x ", "{a}"]
    )
)
data = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4)
)


@given(data)
def test_what_was_written_reads_back_identically(value):
    again = load(dump(value), "f").data
    assert again == value
    assert repr(again) == repr(value)


@given(st.dictionaries(st.text("abc", min_size=1), st.integers(0, 9), min_size=1), st.data())
def test_a_duplicate_key_is_found_wherever_it_stands(mapping, choose):
    twice = choose.draw(st.sampled_from(sorted(mapping)))
    lines = [f"  {key}: {value}" for key, value in mapping.items()]
    lines.insert(choose.draw(st.integers(0, len(lines))), f"  {twice}: 0")
    with pytest.raises(FileError, match=f"'{twice}' is given twice"):
        load("outer:\n" + "\n".join(lines), "f")


@pytest.mark.parametrize("value", [float("nan"), float("-inf"), 2**63, {1: 2}, object(), {"a": {True: 1}}])
def test_what_could_not_be_read_back_is_not_written(value):
    with pytest.raises(ValueError):  # noqa: PT011  any of several sentences
        dump(value)


def test_short_leaves_stand_in_one_line_and_keys_keep_their_order():
    text = dump({"z": {"int": [1, 8], "default": 2}, "a": {"b": {"c": 1}}, "words": ["x" * 60, "y" * 60]})
    assert text == (
        "z: {int: [1, 8], default: 2}\na:\n  b: {c: 1}\nwords:\n- " + "x" * 60 + "\n- " + "y" * 60 + "\n"
    )
