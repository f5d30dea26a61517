"""What samples warn of, each warning once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from autotune.model.trial import Sample

_PID = re.compile(r" \(\d+\)")
_NUMBER = re.compile(r"\d[\d.,]*")


def told(samples: Iterable[Sample]) -> dict[str, int]:
    """The samples' own warnings with the number of samples that have them, most first.

    Process ids are left out. Warnings that differ in their numbers alone are one, in the words of the first.
    """
    words: dict[str, dict[str, None]] = {}
    counts: Counter[str] = Counter()
    for sample in samples:
        texts = {_PID.sub("", text): None for text in sample.warnings}
        for text in texts:
            words.setdefault(_NUMBER.sub("#", text), {})[text] = None
        counts.update({_NUMBER.sub("#", text) for text in texts})
    return {_shown(list(words[key])): count for key, count in counts.most_common()}


def _shown(texts: list[str]) -> str:
    return texts[0] if len(texts) == 1 else f"{texts[0]}, or the like"
