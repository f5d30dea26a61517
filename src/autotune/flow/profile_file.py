"""A profile's file as it is trusted: read once, its fingerprint taken of the very bytes that are used."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from autotune.core.files import sha256
from autotune.model.profile import Profile
from autotune.profile.read import read


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A profile and the SHA-256 of its file."""

    profile: Profile
    sha256: str


def given(path: Path, *, root: bool) -> Given:
    """The profile in the file at `path`."""
    del root
    return Given(profile=read(path), sha256=sha256(path))
