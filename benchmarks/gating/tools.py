"""The peers' virtual environment, and asking them there."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gating.kept import ROOT

FOLDER = ROOT / ".venv-gate"
NEEDS = ("asv", "pytest-benchmark", "pytest-codspeed", "virtualenv")
_PEERS = Path(__file__).with_name("peers.py")


def python() -> Path:
    """The interpreter of the peers' environment, which is made where it is not there."""
    mark = FOLDER / "installed"
    if not mark.is_file() or mark.read_text() != " ".join(NEEDS):
        print(f"installing {', '.join(NEEDS)} into {FOLDER.name}", file=sys.stderr, flush=True)
        venv.create(FOLDER, with_pip=True, clear=True)
        pip = [FOLDER / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *NEEDS], check=True)
        mark.write_text(" ".join(NEEDS))
    return FOLDER / "bin" / "python"


def red(asked: Sequence[tuple[str, Sequence[float], Sequence[float]]]) -> list[bool]:
    """Whether each tool's rule is red for samples of base and head."""
    done = subprocess.run(
        [python(), _PEERS], input=json.dumps(asked), stdout=subprocess.PIPE, text=True, check=True
    )
    found: list[bool] = json.loads(done.stdout)
    return found


def versions() -> dict[str, str]:
    """The packages of the environment that are asked."""
    done = subprocess.run(
        [python(), "-m", "pip", "list", "--format=json", "--disable-pip-version-check"],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    every: list[dict[str, Any]] = json.loads(done.stdout)
    return {one["name"]: one["version"] for one in every if one["name"] in NEEDS}
