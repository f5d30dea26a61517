"""What the commands that change the machine share: its state folder, and how they speak meanwhile."""

from __future__ import annotations

import os
from pathlib import Path

import click

from autotune.core.state import state_folder


def state() -> Path:
    """The folder of journal and generations: the machine's as root, else the user's own."""
    return state_folder(os.environ, root=os.geteuid() == 0)


def note(text: str) -> None:
    """Says `text` beside the results."""
    click.echo(f"note: {text}", err=True)
