from __future__ import annotations

from search_page import PAGE, TABLES, between, page


def test_page_holds_what_is_kept():
    assert page(PAGE.read_text()) == PAGE.read_text()


def test_page_has_a_place_for_every_table():
    text = PAGE.read_text()
    assert all(between(text, name, "here") != text for name in TABLES)
