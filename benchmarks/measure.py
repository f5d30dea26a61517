"""What a sample, its readings and a long run cost, beside hyperfine, pyperf and psutil in the same run."""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import psutil

from autotune.measure.command import CommandDriver
from autotune.measure.folder import discard
from autotune.measure.launcher import Launcher
from autotune.measure.outcome import Request
from autotune.measure.sample import take
from autotune.model.space import Space
from autotune.model.workload import Applied, Metric, Workload
from autotune.sidecar import layout
from autotune.sidecar.figures import Figures
from autotune.sidecar.group import Group
from autotune.sidecar.monitor import Monitor

ENVIRONMENT = dict(os.environ)
PYPERF = Path(__file__).parents[1] / ".venv-pyperf" / "bin" / "pyperf"
WORKLOAD = Workload(
    name="true",
    driver="command",
    folder=Path("/"),
    command=("true",),
    metrics=(Metric(name="seconds", source="wall"),),
    space=Space(parameters=()),
)
STUDY = """
study: long
workload:
  workload: formula
  command: ["echo", "score={x}"]
  metrics: {score: {regex: 'score=(\\S+)', direction: maximize}}
  parameters: {x: {float: [0, 1], default: 0.5}}
objective: {metric: score}
sampler: {name: random}
budget: {trials: 1000000, wall: WALL}
validate: {pairs: 8}
"""


def main() -> None:
    """Prints a table for each part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=5.0, help="of each reader in each round")
    parser.add_argument("--minutes", type=float, default=0.0, help="of the long run; 0: none")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    random.seed(options.seed)
    kind = layout.find().kind
    print(
        f"{platform.platform()}, {os.cpu_count()} CPUs, control groups: {kind}, load {os.getloadavg()[0]:.1f}"
    )
    with ExitStack() as stack:
        spawning(options.rounds, stack)
    readings(max(2, options.rounds // 4), options.seconds)
    if options.minutes:
        long_run(options.minutes)


def spawning(rounds: int, stack: ExitStack) -> None:
    """Milliseconds for one `true`, from the request to the record in hand."""
    none, auto = stack.enter_context(Launcher("none")), stack.enter_context(Launcher("auto"))
    arms: dict[str, Callable[[], float]] = {
        "hyperfine -N": partial(hyperfine, 50),
        "launcher, no group": partial(each, 50, partial(launch, none, monitor=False)),
        "launcher, group": partial(each, 50, partial(launch, auto, monitor=False)),
        "launcher, all costs, no group": partial(each, 50, partial(launch, none, monitor=True)),
        "launcher, all costs, group": partial(each, 50, partial(launch, auto, monitor=True)),
        "whole sample, no group": partial(each, 50, partial(sample, none)),
        "whole sample, group": partial(each, 50, partial(sample, auto)),
    }
    if PYPERF.exists():
        arms["pyperf command"] = partial(pyperf, 20)
    found = interleaved(arms, rounds)
    base = statistics.median(found["hyperfine -N"])
    print(f"\nms per `true`, median of {rounds} rounds of 50 (pyperf 20) [quartiles], ratio to hyperfine -N")
    for name, values in found.items():
        low, middle, high = statistics.quantiles(values, n=4)
        print(f"{name:<30} {middle:7.2f}  [{low:.2f}, {high:.2f}]  {middle / base:5.2f} x")


def interleaved(arms: dict[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """What each arm gave in each round, in a fresh random order every time; a first round is thrown away."""
    found: dict[str, list[float]] = {name: [] for name in arms}
    for turn in range(rounds + 1):
        for name in random.sample(sorted(arms), len(arms)):
            value = arms[name]()
            if turn:
                found[name].append(value)
    return found


def each(count: int, once: Callable[[], object]) -> float:
    """Milliseconds per call."""
    began = time.perf_counter()
    for _ in range(count):
        once()
    return (time.perf_counter() - began) / count * 1e3


def launch(launcher: Launcher, *, monitor: bool) -> None:
    """One `true` by the launcher."""
    request = Request(argv=("true",), cwd=Path("/"), env=ENVIRONMENT, timeout_s=60, monitor=monitor)
    assert launcher.run(request).good  # noqa: S101  a benchmark of a failure would be none


def sample(launcher: Launcher) -> None:
    """One whole sample: folder, command, resources, metrics, folder away."""
    folder = Path(tempfile.gettempdir(), f"autotune-bench-{os.getpid()}")
    take(WORKLOAD, Applied(), folder=folder, launcher=launcher, driver=CommandDriver(), trial=0, seed=0)
    discard(folder)


def hyperfine(count: int) -> float:
    """Milliseconds per run of hyperfine, its own start shared among them."""
    binary = shutil.which("hyperfine") or sys.exit("hyperfine is not installed: apt-get install hyperfine")
    command = [binary, "-N", "--runs", str(count), "--style", "none", "true"]
    return each(1, partial(subprocess.run, command, check=True, capture_output=True)) / count


def pyperf(count: int) -> float:
    """Milliseconds per run of `pyperf command`, its own start shared among them."""
    with tempfile.TemporaryDirectory() as folder:
        options = ["-p", str(count), "-n", "1", "-w", "0", "-l", "1", "-q", "-o", f"{folder}/out.json"]
        command = [str(PYPERF), "command", *options, "--", "true"]
        return each(1, partial(subprocess.run, command, check=True, capture_output=True)) / count


def readings(rounds: int, seconds: float) -> None:
    """Share of one core that ten readings a second of 8 children take, the loop's own sleeping included."""
    with children(8) as group:
        figures = Figures(group.folders) if group else None
        cached: dict[int, psutil.Process] = {}
        arms: dict[str, Callable[[], object]] = {
            "own reader, no group": own(None, pss=False),
            "own reader, no group, with PSS": own(None, pss=True),
            "psutil, naive": naive,
            "psutil, cached processes": partial(reuse, cached),
        }
        if figures:
            arms["own reader, group"] = own(figures, pss=False)
            arms["own reader, group, with PSS"] = own(figures, pss=True)
        found = interleaved({name: partial(share, read, seconds) for name, read in arms.items()}, rounds)
    base = statistics.median(found.get("own reader, group") or found["own reader, no group"])
    print(
        f"\n% of one core at 10 Hz and 8 children, median of {rounds} rounds of {seconds:g} s [least, most]"
    )
    for name, values in found.items():
        middle = statistics.median(values)
        print(f"{name:<30} {middle:7.2f}  [{min(values):.2f}, {max(values):.2f}]  {middle / base:5.1f} x")


def share(read: Callable[[], object], seconds: float) -> float:
    """Percent of a core that the thread used while it read ten times a second."""
    began, before = time.monotonic(), time.thread_time()
    while time.monotonic() - began < seconds:
        read()
        time.sleep(0.1)
    return 100 * (time.thread_time() - before) / (time.monotonic() - began)


def own(figures: Figures | None, *, pss: bool) -> Callable[[], object]:
    """A reading by the monitor."""
    monitor = Monitor(time.monotonic(), figures)
    if not pss:
        monitor._pss_due = math.inf  # noqa: SLF001  the goal names the two apart
    return lambda: monitor.read(time.monotonic())


def naive() -> None:
    """A reading as it is usually written with psutil."""
    for process in psutil.Process().children(recursive=True):
        process.cpu_times(), process.memory_info(), process.io_counters()
        process.num_ctx_switches(), process.num_threads()


def reuse(cached: dict[int, psutil.Process]) -> None:
    """A reading with psutil as cheap as it gets: known processes, three figures at once, no new children."""
    if not cached:
        cached.update({p.pid: p for p in psutil.Process().children(recursive=True)})
    for process in cached.values():
        with process.oneshot():
            process.cpu_times(), process.memory_info(), process.io_counters()


@contextmanager
def children(count: int) -> Iterator[Group | None]:
    """Sleeping children of this process, in a control group where one can be made."""
    places = layout.find()
    group = Group(places, f"autotune-bench-{os.getpid()}") if places.places else None
    with ExitStack() as stack:
        if group:
            group.make()
            stack.callback(group.remove)
            with group.entered():
                found = [subprocess.Popen(["sleep", "1000"]) for _ in range(count)]  # noqa: S607  on the path
        else:
            found = [subprocess.Popen(["sleep", "1000"]) for _ in range(count)]  # noqa: S607  as above
        try:
            yield group
        finally:
            for child in found:
                child.kill()
                child.wait()


def long_run(minutes: float) -> None:
    """Resident memory of `autotune run` and of its launcher over a search that only measures."""
    autotune = str(Path(sys.executable).with_name("autotune"))
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "study.yaml").write_text(STUDY.replace("WALL", f"{minutes + 2:g}m"), encoding="utf-8")
        log = Path(folder, "log")
        with (
            log.open("w") as out,
            subprocess.Popen([autotune, "run", "study.yaml"], cwd=folder, stdout=out, stderr=out) as harness,
        ):
            rows = list(watched(harness.pid, minutes * 60))
            harness.terminate()
        trials = len(re.findall(r"^\s+\d+/1000000\s", log.read_text(encoding="utf-8"), re.MULTILINE))
    minute = max(1, round(len(rows) / minutes)) if rows else 1
    print(f"\nMiB resident over {minutes:g} min and {trials} trials, read once a second (n = {len(rows)})")
    for name, values in zip(("autotune run", "launcher"), zip(*rows, strict=True), strict=True):
        second, last = statistics.median(values[minute : 2 * minute]), statistics.median(values[-minute:])
        summary = {"second minute": second, "last minute": last, "most": max(values)}
        print(f"{name:<30} {json.dumps({k: round(v / 2**20, 1) for k, v in summary.items()})}")


def watched(pid: int, seconds: float) -> Iterator[tuple[int, int]]:
    """Bytes of the harness and of its launcher, once a second."""
    harness = psutil.Process(pid)
    until = time.monotonic() + seconds
    while time.monotonic() < until and harness.is_running():
        time.sleep(1)
        below = harness.children()
        if below:
            yield harness.memory_info().rss, below[0].memory_info().rss


if __name__ == "__main__":
    main()
