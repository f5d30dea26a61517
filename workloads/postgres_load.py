"""pgbench on the study's own server: `run` measures TPC-B, `check` proves that no transaction is missing.

pgbench empties the history before it begins, so that afterwards it holds one row per transaction of this run.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from math import ceil
from pathlib import Path

CLIENTS = 8
SUMS = """
SELECT (SELECT count(*) FROM pgbench_history), (SELECT sum(abalance) FROM pgbench_accounts),
       (SELECT sum(tbalance) FROM pgbench_tellers), (SELECT sum(bbalance) FROM pgbench_branches)
"""


def main() -> None:
    """Runs one of the two commands."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=["run", "check"])
    parser.add_argument("--socket", required=True, help="folder of the server's socket")
    parser.add_argument("--port", required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder for what the run acknowledged")
    parser.add_argument("--seconds", type=float, default=2.0)
    args = parser.parse_args()
    {"run": run, "check": check}[args.command](args)


def server(args: argparse.Namespace) -> list[str]:
    """How a client reaches the server."""
    return ["-h", args.socket, "-p", args.port, "-U", "postgres"]


def run(args: argparse.Namespace) -> None:
    """Prints throughput and latency as JSON, keeps the number of acknowledged transactions."""
    for old in args.out.glob("pgbench.*"):
        old.unlink()
    options = ["-T", str(max(1, round(args.seconds))), "-c", str(CLIENTS), "-j", "2", "-l"]
    prefix = f"--log-prefix={args.out / 'pgbench'}"
    said = subprocess.run(  # noqa: S603  an argv list of our own
        ["pgbench", *server(args), *options, prefix, "postgres"],  # noqa: S607  found by PATH
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    latencies_us = sorted(
        int(line.split(" ", 3)[2]) for log in args.out.glob("pgbench.*") for line in log.open()
    )
    found = re.search(r"tps = ([0-9.]+) \(without initial connection time\)", said)
    if found is None or not latencies_us:
        sys.exit(f"pgbench says no throughput:\n{said}")
    (args.out / "acknowledged").write_text(str(len(latencies_us)), encoding="ascii")
    metrics = {
        "tps": float(found[1]),
        "transactions": len(latencies_us),
        "p95_ms": latencies_us[ceil(0.95 * len(latencies_us)) - 1] / 1e3,
    }
    print(json.dumps(metrics))


def check(args: argparse.Namespace) -> None:
    """Ends with 1, saying what differs, unless history and balances are as they have to be."""
    said = subprocess.run(  # noqa: S603  an argv list of our own
        ["psql", *server(args), "-A", "-t", "-F", " ", "-c", SUMS, "postgres"],  # noqa: S607  found by PATH
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    rows, accounts, tellers, branches = map(int, said.split())
    acknowledged = int((args.out / "acknowledged").read_text(encoding="ascii"))
    if rows != acknowledged:
        sys.exit(f"the history has {rows} rows, acknowledged were {acknowledged} transactions")
    if not accounts == tellers == branches:
        sys.exit(f"sums of balances differ: accounts {accounts}, tellers {tellers}, branches {branches}")


if __name__ == "__main__":
    main()
