"""What an answer of a sampler costs at 50, 200, 1,000 and 5,000 told trials, beside Optuna's."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from search.runs import ONE_THREAD

from autotune.core.registry import names
from search import costs, kept, tables


def main() -> int:
    """Measures one sampler after the other, each in a process of its own; prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samplers", default="auto,gp,random,tpe", help="ours, with commas")
    parser.add_argument("--keep", default="", help="name of a kept file in reports/search/")
    args = parser.parse_args()
    ours = [name for name in args.samplers.split(",") if name in names("samplers")]
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    document = {
        "schema": kept.SCHEMA,
        "date": kept.today(),
        "machine": kept.machine(),
        "samplers": {name: _alone(costs.measured, name) for name in [*costs.SUBJECTS, *ours]},
        "many": _alone(costs.many, "random"),
    }
    if args.keep:
        kept.write(args.keep, document)
    print(tables.terminal(tables.cost(document)))
    print(tables.many(document))
    return 0


def _alone(measure: Any, name: str) -> Mapping[str, Any]:
    """What is measured in a fresh process: memory is that of one sampler."""
    print(name, file=sys.stderr, flush=True)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        found: Mapping[str, Any] = pool.submit(measure, name).result()
    return _rounded(found)


def _rounded(found: Mapping[str, Any]) -> dict[str, Any]:
    return {k: _rounded(v) if isinstance(v, Mapping) else round(v, 3) for k, v in found.items()}


if __name__ == "__main__":
    sys.exit(main())
