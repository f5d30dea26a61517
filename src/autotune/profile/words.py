"""How the numbers of a proof are written in a profile, and said in one line of an export."""

from __future__ import annotations

from autotune.core.redact import printable
from autotune.model.profile import Profile
from autotune.model.verdict import Effect

NOT_SHOWN = "not shown"
"""What stands for the effect of a change that was confirmed with the others and not alone."""


def percent(share: float) -> str:
    """A share as a signed percentage: +182%, +18.2%, -0.42%."""
    value = 100 * share
    if abs(value) >= 99.95:
        return f"{value:+.0f}%"
    return f"{value:+.1f}%" if abs(value) >= 0.95 else f"{value:+.2g}%"


def plain_percent(share: float) -> str:
    """A level or a margin: 2%, 97.85%."""
    return f"{100 * share:.4g}%"


def changed(effect: Effect, value: float) -> str | float:
    """One number of `effect`: a percentage, or a number in the metric's unit where it is absolute."""
    return percent(value) if effect.relative else float(f"{value:.4g}")


def one_line(text: str) -> str:
    """`text` fit for a comment: no line break and no control character can end it."""
    return " ".join(printable(text).split())


def headline(profile: Profile) -> tuple[str, ...]:
    """What an export says about its profile: name, proof and risks, one line each."""
    proof = profile.verdict
    effect, low, high = (
        changed(proof.effect, x) for x in (proof.effect.estimate, proof.effect.low, proof.effect.high)
    )
    limits = "; ".join(f"{text}: {held}" for text, held in proof.limits.items()) or "none"
    seen = f"{proof.metric} {effect} [{low}, {high}] (positive is better)"
    lines = (
        f"autotune profile {profile.name}, run {profile.made_by.get('run', 'unknown')}",
        f"verdict: {proof.result}, {seen}, {proof.pairs} pairs, margin {plain_percent(proof.margin)}",
        f"limits: {limits}",
        f"risks: {_risks(profile)}",
        "The proof holds for all changes together, on the machine that it was given on.",
    )
    return tuple(one_line(line) for line in lines)


def _risks(profile: Profile) -> str:
    return "; ".join(f"{risk} ({', '.join(names)})" for risk, names in profile.risks.items()) or "none"
