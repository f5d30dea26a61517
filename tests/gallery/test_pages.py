from __future__ import annotations

import json
import re

import pages
import picture
import pytest
import rows
from entries import ROOT, entries
from kept import keep

PAGES = pages.pages()


@pytest.mark.parametrize("path", sorted(PAGES), ids=lambda p: str(p.relative_to(ROOT)))
def test_pages_are_what_the_kept_results_say(path):
    assert path.is_file(), "make gallery-pages"
    assert path.read_text() == PAGES[path], "make gallery-pages"


def test_no_page_is_of_a_system_that_is_not_in_the_gallery():
    names = {entry.name for entry in entries()} | {"README"}
    assert {path.stem for path in (ROOT / "docs" / "gallery").rglob("*.md")} <= names
    kept = (ROOT / "reports" / "gallery").glob("*.*")
    assert {path.name.split(".")[0] for path in kept} <= names


def test_kept_files_are_small():
    for path in (ROOT / "reports" / "gallery").rglob("*"):
        assert path.is_dir() or path.stat().st_size < 40_000, path.name


def test_a_page_of_no_gain_says_so_and_claims_nothing(entry, results, tmp_path):
    verdict = results["verdict"] | {"result": "equivalent", "proven": False}
    results |= {"verdict": verdict, "changes": [], "risks": {}, "profile": None}
    page = written(entry, results, tmp_path)
    assert "**EQUIVALENT: p50_ms" in page
    assert "What the profile changes" not in page
    assert "Against the targets" not in page
    assert "No system has a proven gain yet" in (tmp_path / "docs/gallery/README.md").read_text()


def test_a_page_of_nothing_to_confirm_is_whole(entry, results, tmp_path):
    results |= {"verdict": None, "confirmations": [], "sides": [], "changes": [], "risks": {}}
    assert "Nothing to confirm" in written(entry, results, tmp_path)


def test_a_page_shows_quality_beside_speed_and_where_the_time_went(entry, results, tmp_path):
    page = written(entry, results, tmp_path)
    table = page.partition("## Before and after")[2].partition("Per unit")[0]
    assert re.search(r"\| p95_ms \| .* ms \| .* ms \| -\d", table)
    assert "| changing the machine |" in page
    assert "restarting services" in page
    assert "| `queue` | 10 messages | " in page


def written(entry, results, root):
    """The system's page, made from the kept result of `results` alone."""
    (root / "README.md").write_text(f"# x\n{pages.BEGIN}\nold\n{pages.END}\nrest\n")
    (root / "kept").mkdir()
    (root / "kept" / f"{entry.name}.json").write_text(json.dumps(keep(entry, results)))
    for path, text in pages.pages(folder=root / "kept", root=root).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    readme = (root / "README.md").read_text()
    assert readme.startswith("# x\n")
    assert readme.endswith("rest\n")
    assert "old" not in readme
    return (root / "docs" / "gallery" / f"{entry.name}.md").read_text()


def test_a_text_without_marks_stays_as_it_is():
    assert pages.between("nothing here", "x") == "nothing here"


@pytest.mark.parametrize(
    ("direction", "text"), [("maximize", "+20.0 % [+10.0 %"), ("minimize", "-20.0 % [-30.0 %")]
)
def test_signs_are_those_of_the_metric(direction, text):
    effect = {"estimate": 0.2, "low": 0.1, "high": 0.3, "relative": True}
    assert rows.effect_text(effect, direction, "ms").startswith(text)


def test_pictures_that_are_kept_are_drawn_from_the_results():
    for path in (ROOT / "reports" / "gallery").glob("*.json"):
        result = json.loads(path.read_text())
        assert picture.pairs(result) == path.with_suffix(".svg").read_text()


@pytest.mark.parametrize(("stands", "said"), [(True, "**stands**"), (False, "**does not stand**")])
def test_a_page_says_whether_its_claim_stood_when_it_was_measured_again(
    entry, results, tmp_path, monkeypatch, *, stands, said
):
    row = {
        "stands": stands,
        "pairs": 20,
        "date": "2026-01-01",
        "again": "a",
        "claimed": "b",
        "difference": "c",
    }
    monkeypatch.setattr(pages.truth, "of", lambda _name, _result: row)
    assert said in written(entry, results, tmp_path)


def test_a_check_of_an_older_claim_is_not_shown(entry, results, tmp_path, monkeypatch):
    monkeypatch.setattr(pages.truth, "rows_of", lambda _: [{"name": entry.name, "claim": "of another run"}])
    assert "Measured again" not in written(entry, results, tmp_path)
