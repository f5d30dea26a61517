"""The text that stays with a sample: what it printed, without secrets."""

from __future__ import annotations

from collections.abc import Collection

from autotune.core.redact import printable, redacted
from autotune.measure.outcome import Outcome, Output

_KEPT_TEXT = 4096
"""Characters of each end of each stream that stay with the sample."""


def shown(outcome: Outcome, secrets: Collection[str]) -> str:
    """The ends of both streams, each under its name; a stream without output is not mentioned."""
    streams = {"stdout": outcome.stdout, "stderr": outcome.stderr}
    return "".join(
        f"[{name}]\n{_ends(stream, secrets)}\n" for name, stream in streams.items() if stream.total
    )


def _ends(stream: Output, secrets: Collection[str]) -> str:
    text = clean(stream.text, secrets).rstrip("\n")
    left_out = len(text) - 2 * _KEPT_TEXT
    if left_out <= 0:
        return text
    gap = f"{left_out} characters" if stream.whole else f"of {stream.total:,} bytes all but the ends"
    return f"{text[:_KEPT_TEXT]}\n[... {gap} left out ...]\n{text[-_KEPT_TEXT:]}"


def clean(text: str, secrets: Collection[str]) -> str:
    """`text` without control characters and secrets."""
    # Control characters first: a secret that they cut in two would not be found.
    return redacted(printable(text), secrets)
