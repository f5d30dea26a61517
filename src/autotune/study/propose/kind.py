"""Whether an output is text at all."""

from __future__ import annotations

import re

_NO_TEXT = re.compile(r"[\x01-\x06\x0e-\x1a\x1c-\x1f\x7f\ufffd]")
_SHARE = 0.02
"""A terminal's colours and one wrong letter are still text."""


def is_binary(text: str) -> bool:
    """Whether `text`, where what is not UTF-8 became U+FFFD, is data and no report."""
    return "\0" in text or len(_NO_TEXT.findall(text)) > _SHARE * len(text)
