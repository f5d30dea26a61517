"""A sample's distributions as one compressed block of bytes."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from autotune.model.trial import Distribution, Percentile
from autotune.store.block import inflated


def packed(distributions: Mapping[str, Distribution]) -> bytes | None:
    """`distributions` as bytes, JSON before zlib; None where there is none."""
    if not distributions:
        return None
    plain = {name: asdict(distribution) for name, distribution in distributions.items()}
    return zlib.compress(json.dumps(plain, allow_nan=False, separators=(",", ":")).encode())


def unpacked(block: bytes | None) -> dict[str, Distribution]:
    """The distributions that `packed` made `block` from; raises ValueError where the block is damaged."""
    if block is None:
        return {}
    try:
        plain = json.loads(inflated(block))
        return {name: _distribution(fields) for name, fields in plain.items()}
    except (zlib.error, ValueError, TypeError, AttributeError, KeyError) as error:
        raise ValueError(f"the distributions of a sample are damaged: {error}") from error


def _distribution(fields: Mapping[str, Any]) -> Distribution:
    return Distribution(
        **{
            **fields,
            "percentiles": tuple(Percentile(**one) for one in fields["percentiles"]),
            "edges": tuple(fields["edges"]),
            "counts": tuple(fields["counts"]),
        }
    )
