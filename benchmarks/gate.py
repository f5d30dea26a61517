"""How often gates err: ours beside pytest-benchmark, pytest-codspeed, asv continuous and hyperfine.

    python benchmarks/gate.py rules     1,000 simulated gates a cell, by each tool's own rule
    python benchmarks/gate.py live      real runs in a repository that this makes, beside a neighbour's bursts
    python benchmarks/gate.py show      the tables of what is kept in reports/gate/

A truth is the head's time as a multiple of the base's; the limit is 5 %. What was finished is not run again;
a live run that was stopped goes on. Peers live in a virtual environment of their own (.venv-gate).
"""

from __future__ import annotations

import argparse
import sys

from gating import live, rules, show


def main() -> int:
    """Runs one part, and prints its table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parts = parser.add_subparsers(dest="part", required=True)
    simulated = parts.add_parser("rules", help="simulated gates")
    simulated.add_argument("--count", type=int, default=1000, help="gates per noise and truth")
    simulated.add_argument("--processes", type=int, default=2)
    running = parts.add_parser("live", help="real gates")
    running.add_argument("--tools", default=",".join(live.TOOLS), help="which, with commas")
    running.add_argument(
        "--runs", type=int, default=0, help="a cell (10 of ours and pytest-benchmark, else 3)"
    )
    running.add_argument("--minutes", type=float, default=1e9, help="begin none after so many")
    parts.add_parser("show", help="the tables of what is kept")
    args = parser.parse_args()
    if args.part == "rules":
        rules.run(args.count, args.processes)
    elif args.part == "live":
        live.run(args.tools.split(","), args.runs, args.minutes)
    show.show()
    return 0


if __name__ == "__main__":
    sys.exit(main())
