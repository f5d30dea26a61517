from __future__ import annotations

from search_page import PAGES, TABLES, between, page


def test_page_holds_what_is_kept():
    for path in PAGES:
        assert page(path.read_text()) == path.read_text()


def test_page_has_a_place_for_every_table():
    text = "".join(path.read_text() for path in PAGES)
    assert all(between(text, name, "here") != text for name in TABLES)
