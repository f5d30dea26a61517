"""The laws that every editor keeps, over texts that are nearly of its format and over any others."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from autotune.actuate.edit import FORMATS, editor

ENTRIES = {
    "ini": ("s.key", "s.b", "key", "t.a"),
    "json": ("s.key", "s.b", "key", "l.0", "t.a.b"),
    "keyvalue": ("key", "b", "a"),
    "nginx": ("s.key", "s.b", "key", "s x.a"),
    "postgres": ("key", "b", "a"),
    "systemd": ("s.key", "s.b", "t.a"),
    "toml": ("s.key", "s.b", "key", "l.0", "t.a.b"),
    "words": ("key", "b", "key a"),
    "yaml": ("s.key", "s.b", "key", "l.0", "t.a.b"),
}
PIECES = {
    "ini": ("[s]\n", "[t]\n", "key = 1\n", "key=a b ; c\n", " b: 'x' # c\n", "# key = 2\n", "a\n", "a =\n"),
    "keyvalue": (
        "key=1\n",
        "key = a b\n",
        "export b='x y' # c\n",
        "# key=2\n",
        'a="x\\"$"\n',
        "if x\n",
        "b=\n",
    ),
    "postgres": ("key = 1\n", "KEY 'a''b' # c\n", "b=4MB\n", "#key = 2\n", "a = 'x\\n'\n", "include 'x'\n"),
    "systemd": ("[s]\n", "[t]\n", "key=1\n", "key = a \\\n b\n", "b=\n", "# key=2\n", "a=1 # x\n"),
    "toml": (
        "[s]\n",
        "[t]\n",
        "key = 1 # c\n",
        "b='x'\n",
        "l = [1, 'a']\n",
        "s.b = 2020-01-01\n",
        "t.a = {b=1}\n",
    ),
    "words": ("key 1\n", "key a b\n", '  KEY  \'a b\' "\\""\n', "# key 2\n", "b x # c\n"),
    "yaml": (
        "s:\n",
        "  key: 1 # c\n",
        "  b: 'x'\n",
        "key: on\n",
        "l: [1, a]\n",
        "l:\n- 1\n",
        "t: {a: {b: 1}}\n",
        "# x\n",
    ),
}
ANY = st.text(alphabet="ab1=.#;'\"\\ \n\r\t[]{}:,-$@kesy\u00e9\u2028\U0001f600", max_size=40)
VALUES = st.one_of(
    st.sampled_from(
        ("1", "-0.5", "64MB", "on", "true", "", '"1"', '"x"', "a b", "a #b", "'", "\\", "null", "$(x)")
    ),
    st.text(max_size=12),
    ANY,
)
REFUSALS = settings(max_examples=40, suppress_health_check=[HealthCheck.filter_too_much])
EVERY_FORMAT = pytest.mark.parametrize("name", FORMATS)


def ended(text, end, last):
    """The text with these line ends, or without the last one."""
    return (text if last else text.removesuffix("\n")).replace("\n", end)


def blocks(inner):
    """Blocks of nginx with members, on one line or on several."""
    return st.tuples(
        st.sampled_from(("s", "s x", "key")), st.lists(inner, max_size=3), st.sampled_from("\n ")
    ).map(lambda made: f"{made[0]} {{{made[2]}" + "".join(f"  {each}{made[2]}" for each in made[1]) + "}")


DIRECTIVES = st.sampled_from(("key 1;", "b 'x;' \"y\"; # c\n", "a;", "# key 2;\n", "b 1\n 2;", "key a; b 1;"))
LEAVES = st.sampled_from((1, -0.5, "x", "1", "a\nb", None, True))
MEMBERS = st.dictionaries(st.sampled_from(("key", "b", "a")), LEAVES, max_size=3)
OBJECTS = st.dictionaries(
    st.sampled_from(("s", "key", "t", "l")),
    st.one_of(LEAVES, MEMBERS, st.lists(LEAVES, max_size=2)),
    max_size=4,
)
WAYS = st.sampled_from(({}, {"indent": 2}, {"indent": "\t"}, {"separators": (",", ":")}))
MADE = {
    "json": st.tuples(OBJECTS, WAYS).map(lambda made: json.dumps(made[0], **made[1]) + "\n"),
    "nginx": st.lists(st.recursive(DIRECTIVES, blocks, max_leaves=4), max_size=4).map(
        lambda made: "".join(f"{each}\n" for each in made)
    ),
}


def texts(name):
    """Texts of pieces of the format, with either line end, with or without the last one."""
    pieces = MADE[name] if name in MADE else st.lists(st.sampled_from(PIECES[name]), max_size=6).map("".join)
    return st.builds(ended, pieces, st.sampled_from(("\n", "\r\n")), st.booleans())


def attempted(act, *arguments):
    """What it gives; a refusal is a discarded example."""
    try:
        return act(*arguments)
    except ValueError:
        assume(False)


def middle(old, new):
    """The lines in which two texts differ, of each."""
    left, right = old.splitlines(keepends=True), new.splitlines(keepends=True)
    while left and right and left[0] == right[0]:
        left, right = left[1:], right[1:]
    while left and right and left[-1] == right[-1]:
        left, right = left[:-1], right[:-1]
    return left, right


@EVERY_FORMAT
@REFUSALS
@given(data=st.data())
def test_what_is_put_is_got(name, data):
    edit, entry = editor(name), data.draw(st.sampled_from(ENTRIES[name]))
    value = data.draw(VALUES)
    new = attempted(edit.put, data.draw(texts(name)), entry, value)
    assert edit.get(new, entry) == value
    assert edit.put(new, entry, value) == new


@EVERY_FORMAT
@REFUSALS
@given(data=st.data())
def test_putting_the_present_value_changes_nothing(name, data):
    edit, entry = editor(name), data.draw(st.sampled_from(ENTRIES[name]))
    text = data.draw(texts(name))
    assert edit.put(text, entry, attempted(edit.get, text, entry)) == text


@EVERY_FORMAT
@REFUSALS
@given(data=st.data())
def test_other_entries_and_other_lines_stay(name, data):
    edit, text = editor(name), data.draw(texts(name))
    entry, other = data.draw(st.permutations(ENTRIES[name]))[:2]
    assume(not (other.startswith(entry) or entry.startswith(other)))
    before = attempted(edit.get, text, other)
    present = attempted(edit.get, text, entry) or ""
    new = attempted(edit.put, text, entry, data.draw(VALUES))
    assert edit.get(new, other) == before
    old_lines, _ = middle(text, new)
    joined = name == "systemd"  # whose lines may go on in the next
    assert len(old_lines) <= present.count("\n") + 1 or joined


@EVERY_FORMAT
@REFUSALS
@given(data=st.data())
def test_an_entry_that_is_taken_away_is_gone_and_nothing_else(name, data):
    edit, text = editor(name), data.draw(texts(name))
    entry, other = data.draw(st.permutations(ENTRIES[name]))[:2]
    assume(not (other.startswith(entry) or entry.startswith(other)))
    before = attempted(edit.get, text, other)
    new = attempted(edit.put, text, entry, None)
    assert edit.get(new, entry) is None
    assert edit.get(new, other) == before


@EVERY_FORMAT
@REFUSALS
@given(data=st.data())
def test_a_changed_value_can_be_put_back(name, data):
    edit, entry, before = editor(name), data.draw(st.sampled_from(ENTRIES[name])), data.draw(VALUES)
    text = attempted(edit.put, data.draw(texts(name)), entry, before)
    changed = attempted(edit.put, text, entry, data.draw(VALUES))
    assert edit.get(edit.put(changed, entry, before), entry) == before


@EVERY_FORMAT
@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_an_entry_that_was_made_and_taken_away_leaves_the_same_bytes(name, end):
    with_end = {"json": '{{"s": {{"x": 1}}}}{}', "nginx": "s {{\n  x 1;\n}}{}", "yaml": "s:\n  x: 1 # c{}"}
    text = with_end.get(name, "[s]\nx = 1 # c{}" if name in {"ini", "systemd", "toml"} else "x=1{}").format(
        end
    )
    text = text.replace("=1", " 1") if name == "words" else text
    entry = ENTRIES[name][0]
    made = editor(name).put(text, entry, "7")
    assert made != text
    assert editor(name).put(made, entry, None) == text


@EVERY_FORMAT
@given(data=st.data())
def test_any_text_is_refused_or_edited_by_the_laws(name, data):
    edit, entry, text = editor(name), data.draw(st.sampled_from(ENTRIES[name])), data.draw(ANY)
    value = data.draw(VALUES)
    try:
        present = edit.get(text, entry)
        new = edit.put(text, entry, value)
    except ValueError:
        return
    assert edit.put(text, entry, present) == text
    assert edit.get(new, entry) == value


@EVERY_FORMAT
@pytest.mark.parametrize("value", ["a\nb", "a\rb", "a\0b", "\x1b[0m", "a\u2028b", "\ud800"])
def test_a_value_of_several_lines_or_with_control_characters_is_refused(name, value):
    text = "s { key 1; }\n" if name == "nginx" else ""
    with pytest.raises(ValueError, match=r"the value has the character U\+"):
        editor(name).put(text, ENTRIES[name][0], value)


@EVERY_FORMAT
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# a\n\0", "line 2: a NUL character"),
        ("\ufeff", "byte order mark"),
        ("# a\r", "carriage return stands alone"),
        ("\n" * (2**20 + 1), "larger than 1024 KiB"),
        ("é" * (2**19 + 1), "larger than 1024 KiB"),
    ],
)
def test_a_text_that_is_no_configuration_is_refused(name, text, message):
    edit = editor(name)
    with pytest.raises(ValueError, match=message):
        edit.get(text, ENTRIES[name][0])
    with pytest.raises(ValueError, match=message):
        edit.put(text, ENTRIES[name][0], "1")


@EVERY_FORMAT
@pytest.mark.parametrize("entry", ["", ".", "a..b", "a\nb", "a\0b", " ", '"', "a.", ".a"])
def test_a_text_that_names_no_entry_is_refused(name, entry):
    lenient = {("keyvalue", e) for e in (".", "a..b", "a.", ".a")} | {
        ("words", e) for e in (".", "a..b", "a.", ".a")
    }
    lenient |= {("ini", "a..b"), ("systemd", "a..b"), ("words", "a\nb"), ("ini", '"'), ("systemd", '"')}
    if (name, entry) not in lenient:
        with pytest.raises(ValueError, match="is no entry"):
            editor(name).get("", entry)


@EVERY_FORMAT
def test_an_empty_text_has_no_entry_and_takes_one(name):
    edit, entry = editor(name), "key" if name == "nginx" else ENTRIES[name][0]
    assert edit.get("", entry) is None
    assert edit.put("", entry, None) == ""
    new = edit.put("", entry, "7")
    assert new.endswith("\n")
    assert edit.get(new, entry) == "7"


@EVERY_FORMAT
@pytest.mark.parametrize("filler", [" ", "\t", "\\", '"', "'", "[", "{", "=", "\n", "a ", "=a "])
@pytest.mark.parametrize("around", ["key{}b", "key = 1{}b", "[s]\nkey{}=\n"])
def test_a_large_text_takes_no_longer_than_its_size_asks_for(name, filler, around):
    times = 20_000 // len(filler)  # where time grows with the square, this already takes minutes
    with contextlib.suppress(ValueError):
        editor(name).put(around.format(filler * times), ENTRIES[name][0], "2")
