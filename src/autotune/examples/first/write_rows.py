"""Writes rows to an SQLite file, so many in each transaction, and prints how fast that was."""

import argparse
import sqlite3
import time
from pathlib import Path

ROWS = 3000

options = argparse.ArgumentParser()
options.add_argument("--file", required=True)
options.add_argument("--batch", type=int, default=20)
options.add_argument("--cache", type=int, default=-2000)
options.add_argument("--check", action="store_true")
given = options.parse_args()

db = sqlite3.connect(given.file)
if given.check:
    found = db.execute("SELECT count(*), sum(number) FROM rows").fetchone()
    raise SystemExit(found != (ROWS, sum(range(ROWS))))

db.execute(f"PRAGMA cache_size={given.cache}")
db.execute("CREATE TABLE rows (number INTEGER, text TEXT)")
begin = time.perf_counter()
for first in range(0, ROWS, given.batch):
    numbers = range(first, min(first + given.batch, ROWS))
    db.executemany("INSERT INTO rows VALUES (?, ?)", ((n, f"row {n}" * 10) for n in numbers))
    db.commit()
print(f"rows/s: {ROWS / (time.perf_counter() - begin):.1f}")
print(f"size: {Path(given.file).stat().st_size / 2**20:.3f} MiB")
