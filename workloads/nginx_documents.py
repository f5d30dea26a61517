"""JSON documents for nginx: `write` makes them, with `--gz` compressed ones too, `check` compares answers.

They are made from a seed, from 200 bytes to 64 KiB, so that `check` knows what every answer has to be.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import json
import random
import sys
from pathlib import Path

SIZES = (200, 300, 500, 800, 1_200, 2_000, 3_000, 5_000, 8_000, 16_000, 32_000, 64_000)
WORDS = (
    "north",
    "river",
    "paper",
    "stone",
    "cloud",
    "amber",
    "quiet",
    "seven",
    "metal",
    "orbit",
    "valid",
    "trace",
)
BEST = 9


def main() -> None:
    """Runs one of the two commands."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=["write", "check"])
    parser.add_argument("--folder", type=Path, help="where documents are written")
    parser.add_argument(
        "--gz", action="store_true", help="write each compressed too, as gzip_static wants it"
    )
    parser.add_argument("--port", type=int, help="where nginx listens")
    args = parser.parse_args()
    if args.command == "write":
        write(args.folder, compressed=args.gz)
    else:
        check(args.port)


def document(number: int) -> bytes:
    """Document `number`: a list of records, at least as large as its size says."""
    rng = random.Random(number)
    records: list[dict[str, object]] = []
    size = 2
    while size < SIZES[number]:
        records.append(
            {
                "id": rng.randrange(10**6),
                "name": f"{rng.choice(WORDS)} {rng.choice(WORDS)}",
                "price": round(rng.uniform(1, 500), 2),
                "tags": rng.sample(WORDS, 3),
                "stock": rng.randrange(1000),
            }
        )
        size += len(json.dumps(records[-1])) + 2
    return json.dumps(records).encode()


def write(folder: Path, *, compressed: bool) -> None:
    """Puts all documents into `folder`, readable by everybody."""
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    for number in range(len(SIZES)):
        files = {folder / f"{number}.json": document(number)}
        if compressed:
            files[folder / f"{number}.json.gz"] = gzip.compress(document(number), BEST, mtime=0)
        for path, content in files.items():
            path.write_bytes(content)
            path.chmod(0o644)


def check(port: int) -> None:
    """Ends with 1, saying which, unless every document is what it has to be once it is unpacked."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    for number in range(len(SIZES)):
        connection.request("GET", f"/{number}.json", headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        content = answer.read()
        if answer.headers.get("Content-Encoding") == "gzip":
            content = gzip.decompress(content)
        if answer.status != http.client.OK or content != document(number):
            sys.exit(f"document {number}: status {answer.status}, {len(content)} bytes that are not its own")


if __name__ == "__main__":
    main()
