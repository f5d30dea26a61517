"""What other tools' gates say of samples: read as JSON from stdin, answered on stdout as true for red.

Runs in their virtual environment, by their own code where it is installed: pytest-benchmark, asv. Hyperfine
has no gate and CodSpeed's stands on its servers: both are followed by the rule that their documentation
names.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from statistics import fmean, median
from typing import TypeAlias

from asv.commands.compare import _is_result_better
from asv_runner.statistics import compute_stats
from pytest_benchmark.utils import parse_compare_fail

Samples: TypeAlias = Sequence[float]


def pytest_benchmark(base: Samples, head: Samples) -> bool:
    """`--benchmark-compare-fail=min:5%`."""
    figures = ({"min": min(arm)} for arm in (head, base))
    return bool(parse_compare_fail("min:5%").fails(*figures))


def asv(base: Samples, head: Samples) -> bool:
    """`asv continuous --factor 1.05`: Mann-Whitney at p < .002, and the medians' ratio."""
    arms = []
    for samples in (base, head):
        middle, stats = compute_stats(list(samples), 1)
        arms.append((middle, (stats, list(samples))))
    (one, one_stats), (other, other_stats) = arms
    return bool(_is_result_better(one, other, one_stats, other_stats, 1.05))


def hyperfine(base: Samples, head: Samples) -> bool:
    """A script over its JSON: the means differ by more than 5 %."""
    return fmean(head) / fmean(base) > 1.05


def codspeed(base: Samples, head: Samples) -> bool:
    """A regression threshold of 5 % on the time that wall-time mode reports, here its median."""
    return median(head) / median(base) > 1.05


RULES: dict[str, Callable[[Samples, Samples], bool]] = {
    "pytest-benchmark": pytest_benchmark,
    "pytest-codspeed": codspeed,
    "asv": asv,
    "hyperfine": hyperfine,
}


def main() -> None:
    """Answers each comparison, [tool, base, head]."""
    json.dump([RULES[tool](base, head) for tool, base, head in json.load(sys.stdin)], sys.stdout)


if __name__ == "__main__":
    main()
