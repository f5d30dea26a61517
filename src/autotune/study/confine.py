"""Bounds of what runs for a sample, built from their form."""

from __future__ import annotations

from autotune.core.units import duration_s, size_bytes
from autotune.model.confine import Confine
from autotune.study.schema.confine import ConfineForm


def confine(form: ConfineForm | None) -> Confine:
    """The bounds that `form` writes; none where there is no form."""
    if form is None:
        return Confine()
    return Confine(
        memory_bytes=None if form.memory is None else int(size_bytes(form.memory)),
        pids=form.pids,
        idle_s=None if form.idle is None else duration_s(form.idle),
        file_size_bytes=None if form.file_size is None else int(size_bytes(form.file_size)),
        cpus=tuple(form.cpus),
        nice=form.nice,
    )
