"""redis-benchmark on the study's server: `run` measures SET and GET, `check` looks at what it holds.

The number of requests is given, or so many are issued as fill the given time, after a small first round.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
from pathlib import Path

FIRST = 1_000
KINDS = ("set", "get")
ASKED = 10


def main() -> None:
    """Runs one of the two commands."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=["run", "check"])
    parser.add_argument("--port", required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder for what the run acknowledged")
    parser.add_argument("--requests", type=int, default=0, help="of each kind")
    parser.add_argument(
        "--seconds", type=float, default=1.0, help="of each kind, where requests are not given"
    )
    parser.add_argument("--keys", type=int, required=True)
    parser.add_argument("--size", type=int, required=True, help="bytes of a value")
    parser.add_argument("--only", choices=KINDS)
    parser.add_argument("--file", type=Path, help="folder of the append-only file that holds every SET")
    args = parser.parse_args()
    {"run": run, "check": check}[args.command](args)


def said(argv: list[str]) -> str:
    """What a command prints; it has to end with 0."""
    return subprocess.run(argv, stdout=subprocess.PIPE, text=True, check=True).stdout  # noqa: S603  our own argv


def issue(args: argparse.Namespace, kind: str, requests: int) -> tuple[float, float]:
    """Requests per second and p95 in ms of so many requests of one kind."""
    options = ["-n", str(requests), "-r", str(args.keys), "-d", str(args.size), "-c", "50", "--csv"]
    rows = list(csv.DictReader(said(["redis-benchmark", "-p", args.port, "-t", kind, *options]).splitlines()))
    if len(rows) != 1 or rows[0]["test"].lower() != kind:
        sys.exit(f"redis-benchmark says nothing of {kind}: {rows}")
    return float(rows[0]["rps"]), float(rows[0]["p95_latency_ms"])


def run(args: argparse.Namespace) -> None:
    """Prints rates and latency as JSON, keeps the number of acknowledged SETs."""
    metrics: dict[str, float] = {"requests": 0, "p95_ms": 0.0}
    seconds, sets = 0.0, 0
    for kind in (args.only,) if args.only else KINDS:
        before = 0 if args.requests else FIRST
        requests = args.requests or max(FIRST, int(issue(args, kind, FIRST)[0] * args.seconds))
        metrics[f"{kind}_per_s"], p95_ms = issue(args, kind, requests)
        metrics["p95_ms"] = max(metrics["p95_ms"], p95_ms)
        metrics["requests"] += requests
        seconds += requests / metrics[f"{kind}_per_s"]
        sets += before + requests if kind == "set" else 0
    metrics["ops_per_s"] = metrics["requests"] / seconds
    (args.out / "acknowledged").write_text(str(sets), encoding="ascii")
    print(json.dumps(metrics))


def check(args: argparse.Namespace) -> None:
    """Ends with 1, saying what differs, unless keys, values and file are as they have to be."""
    sets = int((args.out / "acknowledged").read_text(encoding="ascii"))
    client = ["redis-cli", "-e", "-p", args.port]
    keys = int(said([*client, "dbsize"]))
    # Of so many draws of so many keys more than half are hit; none lies outside of the drawn names.
    if not min(args.keys, sets) / 2 < keys <= args.keys:
        sys.exit(f"{keys} keys after {sets} SETs of {args.keys} keys")
    for _ in range(ASKED):
        name = said([*client, "randomkey"]).strip()
        size = int(said([*client, "strlen", name]))
        if not name.startswith("key:") or size != args.size:
            sys.exit(f"{name} has {size} bytes, expected {args.size}")
    if args.file and (found := logged(args.file)) != sets:
        sys.exit(f"the append-only file has {found} SETs, acknowledged were {sets}")


def logged(folder: Path) -> int:
    """The SETs in the append-only file."""
    return sum(path.read_bytes().count(b"\r\nSET\r\n") for path in folder.glob("*.incr.aof"))


if __name__ == "__main__":
    main()
