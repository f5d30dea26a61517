"""Known work against what is reported of it, by each kind of control group that is here, and by none."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from pathlib import Path

from autotune.measure.launcher import Launcher
from autotune.measure.outcome import Request
from autotune.measure.resources import resources
from autotune.sidecar import layout

_BURN = "import time\nwhile time.process_time() < 1.0: pass"
_SHORT_CHILDREN = """
import os, resource, subprocess
before = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
for _ in range(300):
    subprocess.run(["true"])
children = resource.getrusage(resource.RUSAGE_CHILDREN)
own = resource.getrusage(resource.RUSAGE_SELF)
print(children.ru_utime + children.ru_stime + own.ru_utime + own.ru_stime)
"""
_DAEMON = f"""
import os
read, write = os.pipe()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.close(read)
        os.close(1)
        exec({_BURN!r})
        os._exit(0)
    os._exit(0)
os.close(write)
os.wait()
os.read(read, 1)
"""
_DETACHED = f"""
import os, signal
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
read, write = os.pipe()
if os.fork() == 0:
    os.close(read)
    exec({_BURN!r})
    os._exit(0)
os.close(write)
os.read(read, 1)
"""
_SHARED = """
import mmap, os, time
shared = mmap.mmap(-1, 100 << 20)
shared.write(b"x" * (100 << 20))
for _ in range(4):
    if os.fork() == 0:
        own = bytearray(b"x") * (50 << 20)
        for page in range(0, 100 << 20, 4096):
            shared[page]
        time.sleep(4.5)
        os._exit(0)
for _ in range(4):
    os.wait()
"""
_WRITE = """
import os, time
block = os.urandom(1 << 20)
with open("file", "wb") as file:
    for _ in range(200):
        file.write(block)
time.sleep(0.3)
"""
_READ = """
import time
with open("file", "rb", buffering=0) as file:
    while file.read(1 << 20):
        pass
time.sleep(0.3)
"""

SCENARIOS = {
    "burn": _BURN,
    "short_children": _SHORT_CHILDREN,
    "daemon": _DAEMON,
    "detached": _DETACHED,
    "shared": _SHARED,
    "write": _WRITE,
    "read": _READ,
}
"""Python code by name; what it should be seen to need is in docs/explanation/measuring.md."""

_COLUMNS = ("cpu_s", "peak_memory_bytes", "peak_pss_bytes", "peak_process_bytes", "peak_group_bytes")


def main() -> None:
    """Prints one line for each scenario and kind of control group."""
    print(f"{platform.platform()}, {os.cpu_count()} CPUs; CPU in s, the rest in MiB")
    heads = ("CPU", "wait4", "memory", "PSS", "process", "group max", "written", "read")
    print(f"{'scenario':<16}{'groups':<8}" + "".join(f"{head:>11}" for head in heads))
    for kind in ("auto", "v1", "v2", "none"):
        if kind == "none" or layout.find(kind).places:
            with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder, Launcher(kind) as launcher:
                for name, code in SCENARIOS.items():
                    print(f"{name:<16}{kind:<8}" + line(launcher, code, Path(folder)))


def line(launcher: Launcher, code: str, folder: Path) -> str:
    """The figures of one run."""
    argv = (sys.executable, "-c", code)
    outcome = launcher.run(Request(argv=argv, cwd=folder, env=os.environ, timeout_s=120, monitor=True))
    found = {resource.name: resource.value for resource in resources(outcome)}
    waited = outcome.used.cpu_user_s + outcome.used.cpu_system_s
    sizes = (*_COLUMNS[1:], "written_bytes", "read_bytes")
    in_mib = [None if (value := found[name]) is None else value / 2**20 for name in sizes]
    cells = (found["cpu_s"], waited, *in_mib)
    return "".join(f"{'-':>11}" if cell is None else f"{cell:>11.3f}" for cell in cells)


if __name__ == "__main__":
    main()
