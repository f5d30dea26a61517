"""What other tools say of pairs of samples: read as JSON from stdin, answered on stdout.

Runs in a virtual environment that holds them, by their own code: pyperf, pytest-benchmark, asv, Otava. The
rule of hyperfine's `scripts/welch_ttest.py`, which no package holds, is followed with the same call of scipy.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from statistics import fmean
from typing import TypeAlias

from asv.commands.compare import _is_result_better
from asv_runner.statistics import compute_stats
from otava.analysis import compute_change_points
from pyperf._utils import is_significant
from pytest_benchmark.utils import parse_compare_fail
from scipy.stats import ttest_ind

Samples: TypeAlias = Sequence[float]
Answer: TypeAlias = str
"""worse, better or same; elsewhere where a change is seen at another place than where it can be."""

_NEAR = 5
"""Samples by which a change point may lie off."""


def main() -> None:
    """Answers each comparison, a list [baseline, candidate] of samples, by every tool."""
    answers = [
        {name: rule(baseline, candidate) for name, rule in RULES.items()}
        for baseline, candidate in json.load(sys.stdin)
    ]
    json.dump(answers, sys.stdout)


def pyperf(baseline: Samples, candidate: Samples) -> Answer:
    """`pyperf compare_to`: its t-test at 95 %."""
    significant, _ = is_significant(baseline, candidate)
    return _way(baseline, candidate) if significant else "same"


def welch(baseline: Samples, candidate: Samples) -> Answer:
    """Hyperfine's script: Welch's t-test, different below p = .05."""
    p_value = ttest_ind(baseline, candidate, equal_var=False).pvalue
    return _way(baseline, candidate) if p_value < 0.05 else "same"


def threshold(text: str) -> Callable[[Samples, Samples], Answer]:
    """`pytest --benchmark-compare-fail=TEXT`."""
    check = parse_compare_fail(text)

    def rule(baseline: Samples, candidate: Samples) -> Answer:
        figures = ({"mean": fmean(arm), "min": min(arm)} for arm in (candidate, baseline))
        return "worse" if check.fails(*figures) else "same"

    return rule


def asv(factor: float) -> Callable[[Samples, Samples], Answer]:
    """`asv compare --factor FACTOR` (1.1 unless told): Mann-Whitney at p < .002, and the medians' ratio."""

    def rule(baseline: Samples, candidate: Samples) -> Answer:
        arms = []
        for samples in (baseline, candidate):
            middle, stats = compute_stats(list(samples), 1)
            arms.append((middle, (stats, list(samples))))
        (a, a_stats), (b, b_stats) = arms
        if _is_result_better(a, b, a_stats, b_stats, factor):
            return "worse"
        return "better" if _is_result_better(b, a, b_stats, a_stats, factor) else "same"

    return rule


def otava(baseline: Samples, candidate: Samples) -> Answer:
    """Otava on the baseline's samples followed by the candidate's: change points at p < .001."""
    found, _ = compute_change_points([*baseline, *candidate])
    if not found:
        return "same"
    near = [point for point in found if abs(point.index - len(baseline)) <= _NEAR]
    if not near:
        return "elsewhere"
    return "worse" if near[0].stats.mean_2 > near[0].stats.mean_1 else "better"


def _way(baseline: Samples, candidate: Samples) -> Answer:
    return "worse" if fmean(candidate) > fmean(baseline) else "better"


RULES: dict[str, Callable[[Samples, Samples], Answer]] = {
    "pyperf compare_to": pyperf,
    "pytest-benchmark mean:10%": threshold("mean:10%"),
    "pytest-benchmark min:5%": threshold("min:5%"),
    "asv compare, factor 1.1": asv(1.1),
    "asv compare, factor 1.02": asv(1.02),
    "hyperfine's Welch script (rule)": welch,
    "Otava": otava,
}
"""Each tool's answer, at its defaults unless the name says otherwise."""


if __name__ == "__main__":
    main()
