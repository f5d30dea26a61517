"""A repository whose branch `head` takes a true multiple of the time of its branch `main`."""

from __future__ import annotations

import subprocess
from pathlib import Path

LOOPS = 700_000
"""Some 20 to 60 ms of one core."""

WORK = """\
def work():
    total = 0
    for n in range({loops}):
        total += n * n
    return total
"""
FILES = {
    "run.py": "import sys, os\nsys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))\n"
    "import time\nfrom work import work\nbegan = time.perf_counter()\nwork()\n"
    "print('seconds', time.perf_counter() - began)\n",
    "bench.yaml": "workload: work\ncommand: ['{python}', -I, -S, run.py]\n"
    "metrics:\n  seconds: {regex: 'seconds (\\S+)', unit: s}\n",
    "test_ours.py": "from work import work\n\ndef test_work(autotune):\n    autotune(work)\n",
    "test_peer.py": "from work import work\n\ndef test_work(benchmark):\n    benchmark(work)\n",
    "benchmarks/__init__.py": "",
    "benchmarks/work_time.py": "from work import work\n\ndef time_work():\n    work()\n",
    "setup.py": "from setuptools import setup\nsetup(name='work', version='1', py_modules=['work'])\n",
    "asv.conf.json": '{"version": 1, "project": "work", "repo": ".", "branches": ["main"], '
    '"environment_type": "virtualenv", "benchmark_dir": "benchmarks"}\n',
    "pyproject.toml": "[tool.pytest.ini_options]\npythonpath = ['.']\n",
    ".gitignore": "__pycache__\n.benchmarks\n.codspeed\n.asv\n*.json\n!asv.conf.json\n*.egg-info\nbuild\n",
}


def make(folder: Path, ratio: float) -> None:
    """Makes it, with `head` checked out."""
    folder.mkdir(parents=True)
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    _git(folder, "init", "--quiet", "--initial-branch=main")
    _commit(folder, 1.0, "Base")
    _git(folder, "checkout", "--quiet", "-b", "head")
    _commit(folder, ratio, "Head")


def _commit(folder: Path, ratio: float, subject: str) -> None:
    (folder / "work.py").write_text(WORK.format(loops=round(LOOPS * ratio)))
    _git(folder, "add", "--all")
    _git(folder, "commit", "--quiet", "--allow-empty", "-m", subject)


def _git(folder: Path, *words: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.invalid"]
    subprocess.run(["git", *identity, *words], cwd=folder, check=True)  # noqa: S607  as PATH has it
