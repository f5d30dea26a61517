"""A service that logs in bursts to a collector on a Unix socket, as programs do to /dev/log.

python log_burst.py run --folder DIR --duration SECONDS     prints how long requests were held up, as JSON
python log_burst.py check --folder DIR                      were all lines written, each once and in order?
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import statistics
import sys
import time
from pathlib import Path

LINES = 400
"""Lines that one request logs: as a request does that fails, with its trace."""

PERIOD_S = 0.04
"""From one request to the next: the collector needs less than half of it."""

_END = b"end"
_SOCKET, _LOG, _SENT = "socket", "log", "sent"


def main() -> int:
    """Runs one of the two commands; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["run", "check"])
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--duration", type=float, default=1.0)
    args = parser.parse_args()
    os.chdir(args.folder)  # the address of a Unix socket holds no more than 107 bytes
    return check() if args.what == "check" else run(args.duration)


def run(duration_s: float) -> int:
    """Serves requests at a steady pace while the collector, a process of its own, writes what they log."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as inbox:
        inbox.bind(_SOCKET)
        child = os.fork()
        if child == 0:
            collect(inbox)
            os._exit(0)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as outbox:
        outbox.connect(_SOCKET)
        held = serve(outbox, duration_s)
        outbox.send(_END)
    os.waitpid(child, 0)
    Path(_SENT).write_text(str(len(held) * LINES), encoding="ascii")
    held_ms = sorted(1000 * seconds for seconds in held)
    print(
        json.dumps(
            {
                "p50_ms": statistics.median(held_ms),
                "p95_ms": statistics.quantiles(held_ms, n=20)[-1],
                "requests": len(held),
            }
        )
    )
    return 0


def serve(outbox: socket.socket, duration_s: float) -> list[float]:
    """Seconds that each request waited for its lines to be taken."""
    held: list[float] = []
    begin = time.perf_counter()
    while (due := begin + len(held) * PERIOD_S) < begin + duration_s:
        time.sleep(max(0.0, due - time.perf_counter()))
        start = time.perf_counter()
        for number in range(LINES):
            outbox.send(b"<13>service[42]: %d %s" % (len(held) * LINES + number, b"x" * 200))
        held.append(time.perf_counter() - start)
    return held


def collect(inbox: socket.socket) -> None:
    """Writes every line with its time and severity, until the last one."""
    with Path(_LOG).open("w", encoding="ascii") as log:
        while (line := inbox.recv(4096)) != _END:
            priority, _, text = line.decode("ascii").partition(">")
            facility, severity = divmod(int(priority[1:]), 8)
            stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())
            log.write(
                json.dumps({"at": stamp, "facility": facility, "severity": severity, "text": text}) + "\n"
            )


def check() -> int:
    """Whether the collector has written what the service says that it sent."""
    with Path(_LOG).open(encoding="ascii") as log:
        found = [int(json.loads(line)["text"].split()[1]) for line in log]
    sent = int(Path(_SENT).read_text(encoding="ascii"))
    if found != list(range(sent)):
        print(f"{sent} lines were sent, {len(found)} were written, or in another order", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
