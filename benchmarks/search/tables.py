"""Tables of a kept benchmark, as rows of text."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from search import roster, variants
from search.score import Cells, ahead, cells, mean, over, paired, points

Rows: TypeAlias = list[list[str]]
"""The head, then a row for each sampler."""

OURS = "auto"
_NONE = "-"
_COSTED = {"optuna-random": "Optuna random", "optuna-tpe": "Optuna TPE"}


def title(sampler: str) -> str:
    """What a sampler is called in a table; ours stand in code."""
    if sampler in roster.PEERS:
        return roster.PEERS[sampler].title
    name, variant = variants.of(sampler)
    return f"`{name}`, {variants.VARIANTS[variant]}" if variant else f"`{name}`"


def scores(kept: Mapping[str, Any], sampler: str, noise: str = "", at_most: int = 10**9) -> Cells:
    """By space and seed a run's mean over the budgets up to `at_most`, without runs that were cut before."""
    runs = kept["runs"].get(noise, {}).get(sampler, {})
    return _cells(runs, lambda gaps: over(gaps, kept["budgets"], at_most))


def at(kept: Mapping[str, Any], sampler: str, budget: int, noise: str = "") -> Cells:
    """By space and seed a run's score at one budget."""
    runs, place = kept["runs"].get(noise, {}).get(sampler, {}), kept["budgets"].index(budget)
    return _cells(runs, lambda gaps: over([gaps[place]], [budget], budget))


def _cells(runs: Mapping[str, list[list[Any]]], score: Callable[[list[float | None]], float | None]) -> Cells:
    return cells(
        (space, seed, score([math.nan if g == "cut" else g for g in gaps]))
        for space, each in runs.items()
        for seed, *gaps in each
    )


def whole(kept: Mapping[str, Any], sampler: str, found: Cells, noise: str = "") -> bool:
    """Whether no run that was cut is missing from `found`: a mean of the quick ones alone would flatter.

    A space in which random search is at the optimum has no score for anybody.
    """
    runs = kept["runs"][noise][sampler]
    return all(len(found[space]) == len(each) for space, each in runs.items() if space in found) and bool(
        found
    )


def cell(kept: Mapping[str, Any], sampler: str, found: Cells, noise: str = "") -> str:
    """Mean and standard error; `-` where runs were cut before they got there."""
    total = mean(found) if whole(kept, sampler, found, noise) else None
    return total.shown if total else _NONE


def against(kept: Mapping[str, Any], sampler: str, at_most: int, noise: str = "", rival: str = OURS) -> str:
    """By how much `rival` is ahead of a sampler in pairs, and in how many of the spaces.

    What is told the constraints is compared with `auto` that is told them too.
    """
    name, variant = variants.of(sampler)
    if rival == OURS and variant == "declared" and name != OURS:
        rival = f"{rival}:{variant}"
    if sampler == rival:
        return _NONE
    differences = paired(scores(kept, rival, noise, at_most), scores(kept, sampler, noise, at_most))
    total = mean(differences)
    if total is None:
        return _NONE
    sign = "+" if total.value > 0 else ""
    return f"{sign}{total.shown} ({ahead(differences)} of {len(differences)})"


def ranked(kept: Mapping[str, Any], noise: str = "", at_most: int = 10**9) -> list[str]:
    """Samplers, the best first; those without a score last."""

    def key(sampler: str) -> float:
        total = mean(scores(kept, sampler, noise, at_most))
        return -total.value if total else math.inf

    return sorted(kept["runs"].get(noise, {}), key=key)


def overall(kept: Mapping[str, Any]) -> Rows:
    """Every sampler without noise."""
    budgets = kept["budgets"]
    last, costs = budgets[-1], kept["costs"][""]
    head = ["sampler", "seeds", "up to 100", f"25 to {last}", *(f"at {budget}" for budget in budgets)]
    head += [
        f"`{OURS}` ahead, up to 100",
        f"`{OURS}` ahead, 25 to {last}",
        "repeats",
        "failed",
        "ms an answer",
    ]
    rows = [head]
    for sampler in ranked(kept, at_most=100):
        cost = costs[sampler]
        rows.append(
            [
                title(sampler),
                seeds(kept["runs"][""][sampler]),
                cell(kept, sampler, scores(kept, sampler, at_most=100)),
                cell(kept, sampler, scores(kept, sampler)),
                *(_short(kept, sampler, at(kept, sampler, budget)) for budget in budgets),
                against(kept, sampler, 100),
                against(kept, sampler, last),
                f"{100 * cost['repeated']:.0f} %",
                f"{100 * cost['failed']:.0f} %",
                f"{cost['ms']:.1f}",
            ]
        )
    return rows


def _short(kept: Mapping[str, Any], sampler: str, found: Cells) -> str:
    total = mean(found) if whole(kept, sampler, found) else None
    return points(total.value) if total else _NONE


def by_space(kept: Mapping[str, Any], at_most: int = 100) -> Rows:
    """Each space's mean over the budgets up to `at_most`."""
    spaces = sorted({space for runs in kept["runs"][""].values() for space in runs})
    rows = [["sampler", *spaces]]
    for sampler in ranked(kept, at_most=at_most):
        found = scores(kept, sampler, at_most=at_most)
        means = [mean({space: found[space]}) if space in found else None for space in spaces]
        rows.append([title(sampler), *(points(m.value) if m else _NONE for m in means)])
    return rows


def noisy(kept: Mapping[str, Any]) -> Rows:
    """Every sampler under each noise: the mean over the budgets, and `auto` in pairs under the first."""
    noises = [noise for noise in kept["runs"] if noise]
    rows = [["sampler", "seeds", *noises, *(f"`{OURS}` ahead, {noise}" for noise in noises[:2])]]
    samplers = list(dict.fromkeys(s for noise in noises for s in ranked(kept, noise)))
    for sampler in samplers:
        runs = [kept["runs"][noise][sampler] for noise in noises if sampler in kept["runs"][noise]]
        rows.append(
            [
                title(sampler),
                seeds(runs[0]),
                *(
                    cell(kept, sampler, scores(kept, sampler, noise), noise)
                    if sampler in kept["runs"][noise]
                    else _NONE
                    for noise in noises
                ),
                *(against(kept, sampler, 10**9, noise) for noise in noises[:2]),
            ]
        )
    return rows


def smooth(kept: Mapping[str, Any], noise: str, rival: str) -> Rows:
    """Every sampler on smooth functions: decades of regret gained at each budget, and ahead of `rival`."""
    budgets = kept["budgets"]
    spaces = sorted({space for runs in kept["runs"][noise].values() for space in runs})
    head = ["sampler", "seeds", *(f"at {budget}" for budget in budgets), *spaces, f"`{rival}` ahead"]
    rows = [head]
    for sampler in ranked(kept, noise):
        found = scores(kept, sampler, noise)
        means = [mean({space: found[space]}) if space in found else None for space in spaces]
        rows.append(
            [
                title(sampler),
                seeds(kept["runs"][noise][sampler]),
                *(cell(kept, sampler, at(kept, sampler, budget, noise), noise) for budget in budgets),
                *(points(m.value) if m else _NONE for m in means),
                against(kept, sampler, 10**9, noise, rival),
            ]
        )
    return rows


def cost(kept: Mapping[str, Any]) -> Rows:
    """Milliseconds of CPU time an answer, by how many trials were told, and as a ratio to Optuna's."""
    samplers = kept["samplers"]
    counts = list(next(iter(samplers.values()))["told"])
    head = ["sampler", *(f"ms at {int(count):,}" for count in counts)]
    head += [f"/ {title} at {int(c):,}" for title in ("random", "TPE") for c in counts[1:3]]
    rows = [[*head, f"first answer at {int(counts[-1]):,}", "bytes a trial"]]
    for name, found in samplers.items():
        told = found["told"]
        ratios = [
            told[count]["mean"] / samplers[f"optuna-{other}"]["told"][count]["mean"]
            for other in ("random", "tpe")
            for count in counts[1:3]
        ]
        rows.append(
            [
                _COSTED.get(name, f"`{name}`"),
                *(f"{told[count]['mean']:.2f}" for count in counts),
                *(f"{ratio:.1f}" if ratio >= 0.1 else f"{ratio:.2f}" for ratio in ratios),
                f"{told[counts[-1]]['first']:.0f} ms",
                f"{found['bytes']:,.0f}",
            ]
        )
    return rows


def many(kept: Mapping[str, Any]) -> str:
    """The search of 100,000 random trials, in a sentence."""
    found = kept["many"]
    return (
        f"The last 1,000 of 100,000 trials of `random` took {found['mean']:.2f} ms of CPU time each "
        f"({found['most']:.1f} at most), and the search {found['bytes']:,.0f} bytes a trial."
    )


def seeds(runs: Mapping[str, Sequence[Any]]) -> str:
    """How many runs each space has: `10`, or `9 to 10`."""
    counts = sorted({len(each) for each in runs.values()})
    return str(counts[0]) if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"


def markdown(rows: Rows) -> str:
    """The rows as a table of Markdown; all but the first column to the right."""
    head, *body = rows
    lines = [head, ["---", *("--:" for _ in head[1:])], *body]
    return "\n".join(f"| {' | '.join(row)} |" for row in lines)


def terminal(rows: Rows) -> str:
    """The rows with aligned columns."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(_aligned(row, widths) for row in rows)


def _aligned(row: Iterable[str], widths: Sequence[int]) -> str:
    first, *rest = (
        text.ljust(width) if place == 0 else text.rjust(width)
        for place, (text, width) in enumerate(zip(row, widths, strict=True))
    )
    return "  ".join([first, *rest])
