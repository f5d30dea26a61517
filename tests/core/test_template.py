from pathlib import Path

import pytest

from autotune.core.errors import WorkloadError
from autotune.core.template import problems, render
from autotune.model.space import Value


def rendered(folder: Path, source: str, **values: Value) -> str:
    """What becomes of a template's source."""
    template = folder / "template"
    template.write_text(source, encoding="utf-8")
    render(template, values, folder / "out")
    return (folder / "out").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a = {{ size }}\n", "a = 64\n"),
        ("{{ on }} {{ ratio }}", "true 0.1"),
        ("{{ size // 3 }} {{ (size * ratio) | round(1) }}", "21 6.4"),
        ("{% if on and size > 10 %}big{% else %}small{% endif %}", "big"),
        ("{% if other is defined %}{{ other }}{% endif %}end", "end"),
        ("{{ other | default(7) }}", "7"),
        ("{{ 'x' if mode == 'wal' else 'y' }} {{ mode | upper }}", "x WAL"),
        ("<{{ text }}>", '<a & "b" {{ size }}>'),
        ("{# a comment #}é", "é"),
    ],
)
def test_language_has_placeholders_choices_and_arithmetic(tmp_path: Path, source: str, text: str) -> None:
    values = {"size": 64, "on": True, "ratio": 0.1, "mode": "wal", "text": 'a & "b" {{ size }}'}
    assert rendered(tmp_path, source, **values) == text


@pytest.mark.parametrize(
    "attack",
    [
        "{{ ''.__class__ }}",
        "{{ ''['__class__'] }}",
        "{{ ''|attr('__class__') }}",
        "{{ 'a' * 10**9 }}",
        "{{ 'a' * 1000000000 }}",
        "{{ text * 1000000000 }}",
        "{{ '%1000000000d' % size }}",
        "{{ 'a'.center(10) }}",
        "{{ 'a' | center(1000000000) }}",
        "{{ text ~ text }}",
        "{{ size ** size }}",
        "{% for i in range(10) %}x{% endfor %}",
        "{% include '/etc/passwd' %}",
        "{% import '/etc/passwd' as x %}",
        "{% extends '/etc/passwd' %}",
        "{% macro m() %}{{ m() }}{% endmacro %}",
        "{% set x = 1 %}",
        "{{ self }}",
        "{{ cycler.__init__.__globals__.os }}",
        "{{ size.bit_length() }}",
        "{{ lipsum }}",
        "{{ size / 0 }}",
        "{{ size + text }}",
        "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
        "{{ unclosed",
    ],
)
def test_template_that_reaches_further_is_refused(tmp_path: Path, attack: str) -> None:
    with pytest.raises(WorkloadError):
        rendered(tmp_path, attack, size=64, text="a")
    assert not (tmp_path / "out").exists()


def test_undefined_name_is_told(tmp_path: Path) -> None:
    with pytest.raises(WorkloadError, match="'sise' is undefined"):
        rendered(tmp_path, "{{ sise }}", size=1)


def test_position_of_a_mistake_is_told(tmp_path: Path) -> None:
    with pytest.raises(WorkloadError, match="template:2: 'for' is not allowed"):
        rendered(tmp_path, "a\n{% for x in y %}{% endfor %}")


def test_template_and_result_are_bounded(tmp_path: Path) -> None:
    with pytest.raises(WorkloadError, match="larger than 1024 KiB"):
        rendered(tmp_path, "x" * (1 << 20) + "x")
    with pytest.raises(WorkloadError, match="renders to more than 1 MiB"):
        rendered(tmp_path, "{{ text }}" * 100, text="x" * 20_000)


def test_link_in_the_way_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (tmp_path / "out").symlink_to(victim)
    with pytest.raises(FileExistsError):
        rendered(tmp_path, "x")
    assert victim.read_text() == "precious"


def test_binary_and_missing_templates_are_told(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(WorkloadError, match="is not UTF-8 text"):
        render(tmp_path / "binary", {}, tmp_path / "out")
    with pytest.raises(WorkloadError, match="cannot be read: No such file"):
        render(tmp_path / "missing", {}, tmp_path / "out")
    with pytest.raises(WorkloadError, match="is not a regular file"):
        render(tmp_path, {}, tmp_path / "out")


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("a = {{ size }}\n{{ mode if size > 3 else size | default(3) }}", []),
        ("a\n  {{ sise }} {{ mod }}", ["t:2:6: 'sise' is no parameter", "t:2:17: 'mod' is"]),
        ("{% for x in y %}{% endfor %}\n{{ size | sum }}", ["t:1:1: 'for'", "t:2:1: 'sum'"]),
        ("a\n{{ size", ["t:2:1: unexpected end of template"]),
        ("{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}", ["t:1:1: this is nested too deeply"]),
    ],
)  # fmt: skip
def test_every_mistake_of_a_template_is_told_with_its_place(source: str, told: list[str]) -> None:
    found = [str(problem) for _, problem in problems(source, "t", ("size", "mode"))]
    assert [line[: len(start)] for line, start in zip(found, told, strict=True)] == told
