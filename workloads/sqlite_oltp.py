"""A seeded OLTP mix on SQLite: `prepare` makes the database, `run` measures it, `check` proves its contents.

Each transaction moves money between two accounts and writes it into a ledger: two point reads, two
updates, one insert, one range read, one commit. What transaction number i does depends on the seed and i
alone, so `check` can compute in plain Python what the database has to hold after the transactions that
`run` acknowledged.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sqlite3
import sys
import time
from pathlib import Path

ACCOUNTS = 10_000
START_BALANCE = 1_000
RANGE = 40


def main() -> None:
    """Runs one of the three commands."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=["prepare", "run", "check"])
    parser.add_argument("--db", type=Path, required=True)
    parser.add_argument("--answer", type=Path, help="what the run acknowledged")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--duration", type=float, default=0.5, help="seconds")
    parser.add_argument("--journal-mode", default="delete")
    parser.add_argument("--synchronous", default="full")
    parser.add_argument("--cache-size", type=int, default=-2000)
    parser.add_argument("--page-size", type=int, default=4096)
    parser.add_argument("--mmap-size", type=int, default=0)
    parser.add_argument("--temp-store", default="default")
    parser.add_argument("--wal-autocheckpoint", type=int)
    args = parser.parse_args()
    {"prepare": prepare, "run": run, "check": check}[args.command](args)


def prepare(args: argparse.Namespace) -> None:
    """Makes the database with all accounts, on disk when this returns."""
    with sqlite3.connect(args.db) as db:
        db.execute(f"PRAGMA page_size = {args.page_size}")
        db.execute("PRAGMA synchronous = OFF")
        db.execute("CREATE TABLE account (id INTEGER PRIMARY KEY, owner TEXT NOT NULL, balance INT NOT NULL)")
        db.execute(
            "CREATE TABLE ledger (id INTEGER PRIMARY KEY, source INT, target INT, amount INT, note TEXT)"
        )
        db.execute("CREATE INDEX ledger_source ON ledger (source)")
        rows = ((i, f"owner {i:06d} of the seeded bank", START_BALANCE) for i in range(ACCOUNTS))
        db.executemany("INSERT INTO account VALUES (?, ?, ?)", rows)
    db.close()
    with args.db.open("rb") as file:
        os.fsync(file.fileno())


def connect(args: argparse.Namespace) -> sqlite3.Connection:
    """The database as an application would open it, with the pragmas under test."""
    db = sqlite3.connect(args.db, isolation_level=None)
    pragmas = {
        "journal_mode": args.journal_mode,
        "synchronous": args.synchronous,
        "cache_size": args.cache_size,
        "mmap_size": args.mmap_size,
        "temp_store": args.temp_store,
        "wal_autocheckpoint": args.wal_autocheckpoint,
    }
    for name, value in pragmas.items():
        if value is not None:
            db.execute(f"PRAGMA {name} = {value}").fetchall()
    return db


def plan(rng: random.Random) -> tuple[int, int, int, int]:
    """What the next transaction does: source, target, amount, first account of the range read."""
    source, target = rng.sample(range(ACCOUNTS), 2)
    return source, target, rng.randint(1, 100), rng.randrange(ACCOUNTS - RANGE)


def transact(db: sqlite3.Connection, rng: random.Random) -> int:
    """One transaction; the sum of all that it read."""
    source, target, amount, first = plan(rng)
    db.execute("BEGIN IMMEDIATE")
    read = 0
    for account in (source, target):
        read += db.execute("SELECT balance FROM account WHERE id = ?", (account,)).fetchone()[0]
    db.execute("UPDATE account SET balance = balance - ? WHERE id = ?", (amount, source))
    db.execute("UPDATE account SET balance = balance + ? WHERE id = ?", (amount, target))
    db.execute(
        "INSERT INTO ledger (source, target, amount, note) VALUES (?, ?, ?, ?)",
        (source, target, amount, f"transfer of {amount} from {source} to {target}"),
    )
    span = (first, first + RANGE)
    read += db.execute("SELECT sum(balance) FROM account WHERE id >= ? AND id < ?", span).fetchone()[0]
    db.execute("COMMIT")
    return read


def run(args: argparse.Namespace) -> None:
    """Transactions for the given time; prints the metrics as JSON, keeps what was acknowledged."""
    db = connect(args)
    rng = random.Random(args.seed)
    latencies: list[float] = []
    read = 0
    start = now = time.perf_counter()
    while now < start + args.duration:
        read += transact(db, rng)
        after = time.perf_counter()
        latencies.append(after - now)
        now = after
    db.close()
    args.answer.write_text(json.dumps({"transactions": len(latencies), "read": read}))
    latencies.sort()
    metrics = {
        "transactions": len(latencies),
        "tps": len(latencies) / (now - start),
        "p50_ms": 1e3 * latencies[len(latencies) // 2],
        "p95_ms": 1e3 * latencies[int(len(latencies) * 0.95)],
        "size_mib": args.db.stat().st_size / 2**20,
    }
    print(json.dumps(metrics))


def expected(seed: int, transactions: int) -> tuple[int, int]:
    """What the reads add up to, and the checksum of the accounts, after so many transactions."""
    rng = random.Random(seed)
    balances = [START_BALANCE] * ACCOUNTS
    read = 0
    for _ in range(transactions):
        source, target, amount, first = plan(rng)
        read += balances[source] + balances[target]
        balances[source] -= amount
        balances[target] += amount
        read += sum(balances[first : first + RANGE])
    return read, sum(i * balance for i, balance in enumerate(balances))


def check(args: argparse.Namespace) -> None:
    """Ends with 1, saying what differs, unless database and reads are exactly as they have to be."""
    answer = json.loads(args.answer.read_text())
    db = sqlite3.connect(args.db)
    found = {
        "integrity": db.execute("PRAGMA integrity_check").fetchone()[0],
        "accounts": db.execute("SELECT count(*) FROM account").fetchone()[0],
        "ledger rows": db.execute("SELECT count(*) FROM ledger").fetchone()[0],
        "sum of reads": answer["read"],
        "checksum": db.execute("SELECT sum(id * balance) FROM account").fetchone()[0],
    }
    read, checksum = expected(args.seed, answer["transactions"])
    wanted = {
        "integrity": "ok",
        "accounts": ACCOUNTS,
        "ledger rows": answer["transactions"],
        "sum of reads": read,
        "checksum": checksum,
    }
    wrong = [
        f"{name}: {found[name]}, expected {wanted[name]}" for name in wanted if found[name] != wanted[name]
    ]
    if wrong:
        sys.exit("; ".join(wrong))


if __name__ == "__main__":
    main()
