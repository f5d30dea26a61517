"""What zstd compresses: `corpus` makes it once, `run` measures, `check` compares what comes back with it.

python zstd_corpus.py run --data DIR -3 --zstd=wlog=22      the options are zstd's; prints the metrics as JSON

40 MB of a web server's log, of JSON records and of binary measurements, the same on every machine. It is kept
for the next run in /var/tmp/autotune-gallery-UID/zstd (remove it at will).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import struct
import subprocess
import sys
import time
from collections.abc import Iterable
from itertools import accumulate
from pathlib import Path

LOG, RECORDS, BINARY = 16_000_000, 16_000_000, 8_000_000
"""Bytes of each part."""


def main() -> str:
    """Runs one of the three commands; what is wrong, as text."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("what", choices=["corpus", "run", "check"])
    parser.add_argument("--data", type=Path, required=True, help="the sample's folder")
    args, options = parser.parse_known_args()
    if args.what == "run":
        return run(args.data, options)
    return check(args.data) if args.what == "check" else corpus(args.data)


def corpus(data: Path) -> str:
    """Puts a link `corpus` into `data` that leads to the file; it is in memory when this returns."""
    folder = own_folder() / "zstd"
    folder.mkdir(exist_ok=True)
    file = folder / "corpus"
    if not file.is_file() or file.stat().st_size != LOG + RECORDS + BINARY:
        rng = random.Random(1)
        made = folder / f"new-{os.getpid()}"
        made.write_bytes(cut(log(rng), LOG) + cut(records(rng), RECORDS) + cut(binary(rng), BINARY))
        made.replace(file)
    file.read_bytes()
    (data / "corpus").symlink_to(file)
    return ""


def run(data: Path, options: list[str]) -> str:
    """Compresses the corpus with the given options of zstd and prints speed and ratio."""
    source, target = data / "corpus", data / "out.zst"
    command = ["zstd", "--quiet", "--force", *options, str(source), "-o", str(target)]
    start = time.perf_counter()
    ended = subprocess.run(command, check=False)  # noqa: S603  no shell
    seconds = time.perf_counter() - start
    if ended.returncode:
        return f"zstd ended with {ended.returncode}"
    size = source.stat().st_size
    print(json.dumps({"speed": size / 1e6 / seconds, "ratio": size / target.stat().st_size}))
    return ""


def own_folder() -> Path:
    """The gallery's folder of this user, that nobody else can write to."""
    folder = Path("/var/tmp") / f"autotune-gallery-{os.geteuid()}"  # noqa: S108  its owner is checked
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        sys.exit(f"{folder} is not a folder of this user alone: remove it")
    return folder


def cut(parts: Iterable[bytes], size: int) -> bytes:
    """The first `size` bytes of all parts together."""
    whole = bytearray()
    for part in parts:
        whole += part
        if len(whole) >= size:
            break
    return bytes(whole[:size])


def log(rng: random.Random) -> Iterable[bytes]:
    """Lines of a web server's log."""
    hosts = [f"10.{rng.randrange(256)}.{rng.randrange(256)}.{rng.randrange(256)}" for _ in range(400)]
    words = ("items", "users", "orders", "cart", "search", "login", "static/app.js", "static/site.css")
    paths = [f"/api/v{version}/{word}" for word in words for version in (1, 2, 3)]
    agents = [f"Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/{v}.0" for v in range(90, 120)]
    now = 1_700_000_000.0
    while True:
        now += rng.expovariate(40)
        request = f"GET {rng.choice(paths)}?id={rng.randrange(10**6)} HTTP/1.1"
        answer = f"{rng.choice((200, 200, 200, 304, 404, 500))} {int(rng.lognormvariate(8, 1.5))}"
        yield f'{rng.choice(hosts)} - - [{now:.3f}] "{request}" {answer} "{rng.choice(agents)}"\n'.encode()


def records(rng: random.Random) -> Iterable[bytes]:
    """JSON records, one a line."""
    words = ["".join(rng.choices("etaoinshrdlucmfw", k=rng.randint(3, 10))) for _ in range(3000)]
    number = 0
    while True:
        number += 1
        record = {
            "id": number,
            "user": rng.choice(words),
            "tags": rng.sample(words[:200], 3),
            "price": round(rng.lognormvariate(3, 1), 2),
            "text": " ".join(rng.choices(words, k=12)),
        }
        yield json.dumps(record).encode() + b"\n"


def binary(rng: random.Random) -> Iterable[bytes]:
    """Four channels that wander: whole numbers of 32 bit."""
    for steps in iter(lambda: [int(rng.gauss(0, 60)) for _ in range(4000)], None):
        channels = zip(*(accumulate(steps[start::4]) for start in range(4)), strict=True)
        yield b"".join(struct.pack("<4i", *four) for four in channels)


def check(data: Path) -> str:
    """Whether decompressing gives the corpus again, in as little memory as every zstd allows by itself."""
    expected = hashlib.sha256((data / "corpus").read_bytes()).digest()
    command = ["zstd", "--quiet", "--decompress", "--stdout", str(data / "out.zst")]
    found = subprocess.run(command, check=False, capture_output=True)  # noqa: S603  no shell
    if found.returncode:
        return f"zstd cannot read what it wrote: {found.stderr.decode(errors='replace')}"
    return "" if hashlib.sha256(found.stdout).digest() == expected else "another text came back"


if __name__ == "__main__":
    sys.exit(main() or 0)
