"""Telemetry for a compressor: `prepare` writes it, `check` unpacks what was made of it, and compares.

Four fifths are records of 16 bytes, a time stamp and six channels that move in small steps, as a
controller logs them; the rest is text. Whoever knows the length of a record packs it better and faster,
whoever guesses it wrongly packs it worse.
"""

from __future__ import annotations

import argparse
import json
import lzma
import sys
from pathlib import Path

import numpy as np

RECORDS = 100_000
CHANNELS = 6
PERIOD_MS = 20
STEP = 12
WORDS = 3_000
TEXT_WORDS = 65_000


def records(rng: np.random.Generator) -> bytes:
    """Six random walks with their time stamps, in little-endian records of 16 bytes."""
    table = np.zeros(RECORDS, dtype=[("at", "<u4"), ("channel", "<i2", CHANNELS)])
    table["at"] = 1_000_000 + PERIOD_MS * np.arange(RECORDS)
    walks = rng.integers(-STEP, STEP + 1, (RECORDS, CHANNELS)).cumsum(axis=0)
    table["channel"] = walks + 1000 * np.arange(CHANNELS)
    return table.tobytes()


def text(rng: np.random.Generator) -> bytes:
    """Words of a small language, the common ones more often."""
    letters = rng.integers(ord("a"), ord("z") + 1, (WORDS, 8), dtype=np.uint8)
    lengths = rng.integers(2, 9, WORDS)
    words = [row[:length].tobytes() for row, length in zip(letters, lengths, strict=True)]
    places = np.minimum(rng.pareto(0.9, TEXT_WORDS), WORDS - 1).astype(int)
    return b" ".join(words[place] for place in places)


def prepare(corpus: Path) -> None:
    """The same bytes each time."""
    rng = np.random.default_rng(3)
    corpus.write_bytes(records(rng) + text(rng))


def check(corpus: Path, packed: Path, sizes: Path) -> None:
    """Ends with 1 unless unpacking gives the corpus again; writes both sizes."""
    original = corpus.read_bytes()
    if lzma.decompress(packed.read_bytes()) != original:
        sys.exit("what was packed is not what comes out")
    small = packed.stat().st_size
    sizes.write_text(json.dumps({"bytes": small, "ratio": len(original) / small}), encoding="ascii")


def main() -> None:
    """Runs one of the two commands."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=["prepare", "check"])
    parser.add_argument("--corpus", type=Path, required=True)
    args = parser.parse_args()
    corpus: Path = args.corpus
    if args.command == "prepare":
        prepare(corpus)
    else:
        check(corpus, corpus.with_name(corpus.name + ".xz"), corpus.with_name("sizes.json"))


if __name__ == "__main__":
    main()
