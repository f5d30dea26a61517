"""The model's view of a domain, under the name that samplers know it by."""

from __future__ import annotations

from autotune.model.domain import at, distinct, index_of, members, nearest, nth, ordered, points, singles

__all__ = ["at", "distinct", "index_of", "members", "nearest", "nth", "ordered", "points", "singles"]
