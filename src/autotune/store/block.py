"""A sample's resource series as one compressed block of bytes."""

from __future__ import annotations

import json
import struct
import zlib

from autotune.model.trial import Series

_HEAD = struct.Struct("<I")
_DOUBLE = 8
_LARGEST = 256 * 2**20
"""A block that unpacks to more is damaged: 10 Hz over an hour in 50 columns is 15 MB."""


def packed(series: Series) -> bytes | None:
    """`series` as bytes; None where it holds nothing.

    Layout before zlib: uint32 length of the header, the header (JSON: names of the columns), then the
    seconds and each column as little-endian doubles. Raises ValueError where a column has not as many values
    as there are seconds.
    """
    if not series.seconds and not series.columns:
        return None
    rows = len(series.seconds)
    if any(len(column) != rows for column in series.columns.values()):
        raise ValueError(f"every column of a series needs {rows} values, one for each second")
    header = json.dumps(list(series.columns)).encode()
    doubles = struct.Struct(f"<{rows}d")
    columns = [series.seconds, *series.columns.values()]
    return zlib.compress(_HEAD.pack(len(header)) + header + b"".join(doubles.pack(*c) for c in columns))


def unpacked(block: bytes | None) -> Series:
    """The series that `packed` made `block` from; raises ValueError where the block is damaged."""
    if block is None:
        return Series()
    try:
        raw = inflated(block)
        (length,) = _HEAD.unpack_from(raw)
        names = json.loads(raw[_HEAD.size : _HEAD.size + length])
        body = raw[_HEAD.size + length :]
        rows = len(body) // (_DOUBLE * (len(names) + 1))
        doubles = list(struct.iter_unpack(f"<{rows}d", body)) if rows else [()] * (len(names) + 1)
        columns = dict(zip(names, doubles[1:], strict=True))
    except (zlib.error, struct.error, ValueError, TypeError) as error:
        raise ValueError(f"a series of readings is damaged: {error}") from error
    return Series(seconds=doubles[0], columns=columns)


def inflated(block: bytes) -> bytes:
    """What zlib made `block` from; raises ValueError or zlib.error where it is damaged or far too large."""
    stream = zlib.decompressobj()
    raw = stream.decompress(block, _LARGEST)
    if not stream.eof:
        raise ValueError("the block is cut off or far too large")
    return raw
