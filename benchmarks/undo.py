"""What a change costs, and how soon it is undone: beside one fsync and beside sysctl(8), interleaved.

Twenty sysctls of a network namespace of its own go up by one and back (as root; else files stand for them).
In each round every arm has its turn, in an order drawn anew:

- write + read: one value through the actuator's means, both ways of it;
- sysctl: the same by `sysctl -w` and `sysctl -n`;
- change 1, change 20: values brought within an open session: journal synced, values written and read;
- fsync: what the journal's bytes of change 20 cost alone, on the same file system;
- session: opened, guardian started, 20 changes, all undone, guardian dismissed;
- death: from SIGKILL of a harness that holds 20 changes to the last old value, by its guardian.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from autotune.actuate.session import Session, opened
from autotune.actuate.sysctl import Sysctl
from autotune.model.space import Apply
from autotune.model.target import Target
from autotune.sidecar.means import kernel

NAMES = (
    "tcp_fin_timeout", "tcp_keepalive_time", "tcp_keepalive_intvl", "tcp_keepalive_probes",
    "tcp_syn_retries", "tcp_synack_retries", "tcp_retries1", "tcp_retries2", "tcp_orphan_retries",
    "tcp_reordering", "tcp_max_reordering", "ip_default_ttl", "tcp_base_mss", "tcp_probe_interval",
    "tcp_min_tso_segs", "tcp_limit_output_bytes", "tcp_max_syn_backlog", "igmp_max_memberships",
    "igmp_max_msf", "tcp_stdurg",
)  # fmt: skip
"""Below net.ipv4, each with room for one more."""
GOALS_MS = {"write + read": 1.0, "death": 100.0}
IN_NAMESPACE = "AUTOTUNE_BENCH_NAMESPACE"


def main() -> None:
    """Prints a line for each arm: n, median, quartiles, the largest."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--folder", type=Path, default=Path(), help="on the file system to measure")
    args = parser.parse_args()
    if os.geteuid() == 0 and IN_NAMESPACE not in os.environ:
        again = ("unshare", "--net", sys.executable, *sys.argv)
        sys.exit(subprocess.run(again, env={**os.environ, IN_NAMESPACE: "1"}, check=False).returncode)
    with tempfile.TemporaryDirectory(dir=args.folder, prefix="bench-undo-") as folder:
        bench = Bench(Path(folder).resolve())
        rng = random.Random(1)  # noqa: S311  an order, no secret
        for _ in range(args.rounds):
            bench.round(rng)
    print(f"{os.uname().sysname} {os.uname().release}, {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}")
    for name, times in bench.times.items():
        low, middle, high = statistics.quantiles(times, n=4)
        goal = f"   goal {GOALS_MS[name]:g} ms" if name in GOALS_MS else ""
        print(
            f"{name:<14} n = {len(times):<4} median {middle:8.3f} ms  [{low:.3f}, {high:.3f}]"
            f"  largest {max(times):.3f}{goal}"
        )
    medians = {name: statistics.median(times) for name, times in bench.times.items()}
    print(f"change 20 = {medians['change 20'] / medians['fsync']:.2f} x fsync")
    print(f"sysctl(8) = {medians['sysctl'] / medians['write + read']:.0f} x write + read")


class Bench:
    """The arms with their times in milliseconds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.targets = [self._target(name) for name in NAMES]
        self.old = [kernel.read(target.address) for target in self.targets]
        self.new = [str(int(text) + 1) for text in self.old]
        self.times: dict[str, list[float]] = {}

    def _target(self, name: str) -> Target:
        if os.geteuid() == 0:
            return Sysctl().target(
                Apply(actuator="sysctl", options={"name": f"net.ipv4.{name}"}), self.folder
            )
        path = self.folder / name
        path.write_text("60\n")
        return Target(key=name, means="kernel", address={"path": str(path)})

    def round(self, rng: random.Random) -> None:
        """Each arm once."""
        arms = [self.alone, self.sysctl, self.changes, self.fsync, self.session, self.death]
        rng.shuffle(arms)
        for arm in arms:
            arm()

    def timed(self, name: str, work: Callable[[], object]) -> None:
        """Times `work`."""
        begin = time.perf_counter()
        work()
        self.times.setdefault(name, []).append((time.perf_counter() - begin) * 1e3)

    def alone(self) -> None:
        """A value there and back, without a journal."""
        for text in (self.new[0], self.old[0]):
            self.timed("write + read", lambda text=text: self._write_and_read(text))

    def _write_and_read(self, text: str) -> None:
        address = self.targets[0].address
        kernel.write(address, text)
        if kernel.read(address) != text:
            raise AssertionError("the kernel has not kept the value")

    def sysctl(self) -> None:
        """The same by procps."""
        if os.geteuid() != 0:
            return
        name = f"net.ipv4.{NAMES[0]}"
        for text in (self.new[0], self.old[0]):
            self.timed("sysctl", lambda text=text: self._procps(name, text))

    @staticmethod
    def _procps(name: str, text: str) -> None:
        subprocess.run(("sysctl", "-q", "-w", f"{name}={text}"), check=True)  # noqa: S607  as a user types it
        if subprocess.check_output(("sysctl", "-n", name), text=True).strip() != text:  # noqa: S607  as a user types it
            raise AssertionError("the kernel has not kept the value")

    def changes(self) -> None:
        """Within one session: one value, then all twenty."""
        with self._opened() as session:
            session.bring([(self.targets[0], self.new[0])])
            session.bring([])
            self.timed("change 1", lambda: session.bring([(self.targets[0], self.new[0])]))
            session.bring([])
            before = (self.folder / "state" / "wal").read_bytes().rstrip(b"\0")
            self.timed("change 20", lambda: session.bring(list(zip(self.targets, self.new, strict=True))))
            after = (self.folder / "state" / "wal").read_bytes().rstrip(b"\0")
            self.record = after[len(before) :]

    def _opened(self) -> contextlib.AbstractContextManager[Session]:
        return opened(self.folder / "state", kind="trial", note=print)

    def fsync(self) -> None:
        """As many bytes as the journal's, into room that is there already."""
        number = os.open(self.folder / "plain", os.O_RDWR | os.O_CREAT, 0o600)
        os.posix_fallocate(number, 0, 1 << 16)
        os.fsync(number)
        record = getattr(self, "record", b"x" * 4096)

        def work() -> None:
            os.pwrite(number, record, 0)
            os.fsync(number)

        self.timed("fsync", work)
        os.close(number)
        (self.folder / "plain").unlink()

    def session(self) -> None:
        """From nothing to nothing."""

        def work() -> None:
            with self._opened() as session:
                session.bring(list(zip(self.targets, self.new, strict=True)))

        self.timed("session", work)

    def death(self) -> None:
        """A harness is killed; its guardian does the rest."""
        reading, writing = os.pipe()
        if (pid := os.fork()) == 0:
            with self._opened() as session:
                session.bring(list(zip(self.targets, self.new, strict=True)))
                os.write(writing, b"%d" % (session.guardian_pid or 0))
                signal.pause()
        guardian = int(os.read(reading, 32))
        os.close(reading)
        os.close(writing)
        self.timed("death", lambda: self._killed(pid))
        os.waitpid(pid, 0)
        while Path(f"/proc/{guardian}").exists():
            time.sleep(0.001)

    def _killed(self, pid: int) -> None:
        os.kill(pid, signal.SIGKILL)
        give_up = time.monotonic() + 30
        while [kernel.read(target.address) for target in self.targets] != self.old:
            if time.monotonic() > give_up:
                raise AssertionError("the guardian has not restored")
            time.sleep(0.0005)


if __name__ == "__main__":
    main()
