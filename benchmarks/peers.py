"""Systems of the gallery tuned with the same number of measurements by what a user would otherwise take.

Optuna's TPE by hand, mlos_core's optimizer, OpenTuner, and `auto`, which pays for its baseline's five samples
out of the same number. Then the truth: what each recommends and the baseline are measured in rounds, in an
order that is drawn anew for each; shown is by how much each gains on the baseline, over the rounds.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Mapping, Sequence
from statistics import fmean, stdev
from typing import Any

import numpy as np
from search.live import Live
from search.ours import REPEATS, Ours, spread
from search.pipe import Peer, PeerError
from search.searcher import Searcher

from autotune.core.errors import AutotuneError
from autotune.model.space import Config
from autotune.model.trial import Sample, State, Trial
from search import kept, roster

PEERS = {
    "Optuna TPE": ("by_optuna", ("tpe",), "optuna"),
    "mlos_core": ("by_mlos", (), "mlos"),
    "OpenTuner": ("by_opentuner", (), "opentuner"),
}
OURS, BASELINE = "auto", "baseline"
_REFUSED = 50
"""Answers in a row that are not permitted cost nothing; after so many the search is over."""


def main() -> int:
    """Tunes every study by every peer, measures the truth, keeps and prints it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--studies", default="zstd,xz,sort", help="names of studies/, with commas")
    parser.add_argument("--measurements", type=int, default=50, help="of each search")
    parser.add_argument("--rounds", type=int, default=20, help="of the truth")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", default="", help="name of a kept file in reports/search/")
    args = parser.parse_args()
    found = {}
    for name in args.studies.split(","):
        try:
            found[name] = compared(Live.of(roster.ROOT / "studies" / f"{name}.yaml"), args)
        except AutotuneError as error:
            print(f"{name} is left out: {error}", file=sys.stderr)
            continue
        show(name, found[name])
    if args.keep:
        document = {"schema": kept.SCHEMA, "date": kept.today(), "machine": kept.machine(), "studies": found}
        kept.write(args.keep, {**document, "measurements": args.measurements, "rounds": args.rounds})
    return 0 if found else 1


def compared(system: Live, args: argparse.Namespace) -> dict[str, Any]:
    """What each searcher recommends, and the log ratios of the baseline to it (above 0: a gain), by round."""
    recommended: dict[str, Config] = {BASELINE: system.study.baseline}
    recommended[OURS] = by_auto(system, args)
    for title, (script, arguments, home) in PEERS.items():
        if reason := roster.install(home):
            print(f"{title} is left out: {reason}", file=sys.stderr)
            continue
        argv = roster.Entry(title, script, arguments, home).argv
        peer = Peer(argv, system, seed=args.seed, budget=args.measurements)  # type: ignore[arg-type]
        recommended[title] = tuned(system, peer, args.measurements)
    return {"recommended": recommended, "gains": truth(system, recommended, args.rounds, args.seed)}


def by_auto(system: Live, args: argparse.Namespace) -> Config:
    """What `auto` recommends: told of the baseline first, then of so many trials as are left."""
    costs = [cost for _ in range(REPEATS) if (cost := system.baseline()) is not None]
    if not costs:
        raise AutotuneError("the baseline fails")
    values = [system.sign * cost for cost in costs]
    system.typical = fmean(costs)
    left = args.measurements - REPEATS
    ours = Ours(OURS, system.problem(seed=args.seed, trials=left, noise=spread(values)))
    ours.know(
        Trial(
            number=-1,
            config=system.study.baseline,
            origin=BASELINE,
            state=State.OK,
            value=fmean(values),
            violation=0.0 if all(map(system.keeps, system.baselines)) else 1.0,
            samples=(Sample(state=State.OK),) * len(values),
        )
    )
    return tuned(system, ours, left)


def tuned(system: Live, searcher: Searcher, measurements: int) -> Config:
    """What the searcher recommends after so many runs; else the best value seen; else the baseline."""
    until, refused = system.ran + measurements, 0
    best: tuple[float, Config] = (math.inf, system.study.baseline)
    while system.ran < until and refused < _REFUSED and (config := _next(searcher)) is not None:
        before = system.ran
        cost = system.cost(config)
        refused = refused + 1 if system.ran == before else 0
        if cost is not None and cost < best[0]:
            best = cost, config
        searcher.tell(config, cost)
    final = searcher.recommended()
    searcher.close()
    return dict(final or best[1])


def _next(searcher: Searcher) -> Config | None:
    """Its next configuration; None where it ended, or gave no answer in five minutes, which is said."""
    try:
        return searcher.next()
    except PeerError as error:
        print(f"the search ends there: {error}", file=sys.stderr)
        return None


def truth(
    system: Live, recommended: Mapping[str, Config], rounds: int, seed: int
) -> dict[str, list[float | None]]:
    """By name, the log ratio of the baseline to what was recommended in each round; None where one failed."""
    random = np.random.default_rng([seed, 2])
    gains: dict[str, list[float | None]] = {name: [] for name in recommended if name != BASELINE}
    for _ in range(rounds):
        order = [list(recommended)[i] for i in random.permutation(len(recommended))]
        costs = {
            name: system.baseline() if name == BASELINE else system.cost(recommended[name]) for name in order
        }
        for name, of in gains.items():
            of.append(_gain(costs[BASELINE], costs[name]))
    return gains


def _gain(baseline: float | None, cost: float | None) -> float | None:
    """Costs below zero are of what is to be large."""
    if baseline is None or cost is None or baseline * cost <= 0:
        return None
    return round(math.log(baseline / cost) * (1 if cost > 0 else -1), 5)


def show(name: str, found: Mapping[str, Any]) -> None:
    """Prints the gains with standard errors, and by how much `auto` is ahead in pairs."""
    print(f"\n{name}: gain on the baseline, and of {OURS} on it, in per cent ± standard error")
    gains: Mapping[str, Sequence[float | None]] = found["gains"]
    for title, each in gains.items():
        both = [a - b for a, b in zip(gains[OURS], each, strict=True) if a is not None and b is not None]
        alone = [g for g in each if g is not None]
        print(
            f"{title:<12}{_percent(alone):>18}{_percent(both):>18}  {json.dumps(found['recommended'][title])}"
        )


def _percent(logs: Sequence[float]) -> str:
    if len(logs) < 2:
        return "-"
    return f"{100 * math.expm1(fmean(logs)):+.1f} ± {100 * stdev(logs) / math.sqrt(len(logs)):.1f}"


if __name__ == "__main__":
    sys.exit(main())
