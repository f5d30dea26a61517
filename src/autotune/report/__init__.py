"""The evidence as a page, as text and as data."""
