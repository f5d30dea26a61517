"""Whether a profile may be believed: whose file it is, its fingerprint, its signature.

What is judged are the very bytes that are parsed: the file is read once.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

from autotune.core.errors import FileError, Problem, RefusedError
from autotune.core.text_file import text_of
from autotune.model.profile import Profile
from autotune.profile.read import parse

NAMESPACE = "autotune-profile"
"""What a signature has to have been made for; ssh-keygen(1) refuses one that was made for anything else."""

_PROFILE = "profile"
_LARGEST = 1 << 20
_KEYGEN = Path("/usr/bin/ssh-keygen")  # never looked up in PATH, which may be another's
_PATIENCE_S = 20
_IDENTITY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+@-]{0,254}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trusted:
    """A profile with the SHA-256 of the bytes that it was read from, and who signed them (or nobody)."""

    profile: Profile
    sha256: str
    signed_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What a signature is checked with: its own file, the file of allowed signers, and who has to be one."""

    file: Path
    allowed_signers: Path
    identity: str


def read_trusted(path: Path, *, sha256: str = "", signature: Signature | None = None) -> Trusted:
    """The profile at `path`, if nobody but root and the invoking user can have written it.

    Raises RefusedError where somebody else can have, where the fingerprint is not the `sha256` that is asked
    for (empty: none is), or the `signature` (None: none is asked for) is not good; FileError where the file
    is no profile.
    """
    content = _read_own(path, _PROFILE)
    found = hashlib.sha256(content).hexdigest()
    if sha256 and found != sha256.strip().casefold():
        raise RefusedError(
            f"{path}: the fingerprint is {found}, not {sha256}. "
            "This is another profile than the one that was agreed on; nothing is changed."
        )
    if signature is not None:
        _verify(path, content, signature)
    return Trusted(
        profile=parse(text_of(content, path), str(path)),
        sha256=found,
        signed_by=signature.identity if signature else "",
    )


def signing_words(path: Path) -> str:
    """The command that signs a profile, for people; it writes PATH.sig."""
    return f"ssh-keygen -Y sign -n {NAMESPACE} -f YOUR_KEY {path}"


def invoking_users() -> frozenset[int]:
    """The numbers of those whose files are believed: root, this user, and who called sudo."""
    users = {0, os.geteuid()}
    sudo = os.environ.get("SUDO_UID", "")
    if os.geteuid() == 0 and re.fullmatch(r"[0-9]{1,10}", sudo, re.ASCII):
        users.add(int(sudo))
    return frozenset(users)


def _read_own(path: Path, what: str) -> bytes:
    """The bytes of the file, which only root and the invoking user can have written."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
    try:
        descriptor = os.open(path, flags)
    except OSError as error:
        if path.is_symlink():
            _refuse(path, what, "is a symbolic link; name the file that it leads to")
        if what == _PROFILE and error.errno == errno.ENOENT:
            problem = Problem(file=str(path), line=1, column=1, message="there is no such profile")
            raise FileError([problem]) from error
        _refuse(path, what, f"cannot be read: {error.strerror}")
    try:
        _check(path, what, os.fstat(descriptor))
        _check_folders(path, what)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            content = file.read(_LARGEST + 1)
    finally:
        os.close(descriptor)
    if len(content) > _LARGEST:
        _refuse(path, what, f"is larger than {_LARGEST >> 10} KiB")
    return content


def _check(path: Path, what: str, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        _refuse(path, what, "is not a regular file")
    if status.st_uid not in invoking_users():
        _refuse(
            path,
            what,
            f"belongs to user {status.st_uid}, who is neither root nor you",
            "read it, then take it over",
        )
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        mode = stat.filemode(status.st_mode)
        _refuse(path, what, f"can be written by its group or by everybody ({mode})", f"chmod go-w {path}")


def _check_folders(path: Path, what: str) -> None:
    """No folder on the way may let a stranger put another file in its place."""
    for folder in path.resolve().parents:
        mode = folder.stat().st_mode
        if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
            _refuse(
                path,
                what,
                f"is in {folder}, which everybody can write ({stat.filemode(mode)})",
                f"chmod o-w {folder}",
            )


def _refuse(path: Path, what: str, why: str, remedy: str = "") -> NoReturn:
    end = f" To mend it: {remedy}" if remedy else ""
    raise RefusedError(f"{path}: the {what} {why}. Nothing is changed.{end}")


def _verify(path: Path, content: bytes, signature: Signature) -> None:
    if not _IDENTITY.fullmatch(signature.identity):
        raise RefusedError(
            f"'{signature.identity}' is no identity such as ops@example.com. Nothing is changed."
        )
    if not _KEYGEN.is_file():
        raise RefusedError(f"{_KEYGEN} is missing, which checks signatures: install openssh-client.")
    signers = _read_own(signature.allowed_signers, "list of allowed signers")
    proof = _read_own(signature.file, "signature")
    # Copies of what was read, in a folder of our own: nobody can exchange them between check and use.
    with TemporaryDirectory(prefix="autotune-trust-") as folder:
        (Path(folder) / "signers").write_bytes(signers)
        (Path(folder) / "signature").write_bytes(proof)
        try:
            done = _keygen(Path(folder), signature.identity, content)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise RefusedError(f"{path}: the signature cannot be checked: {error}.") from error
    if done.returncode != 0:
        said = (done.stderr or done.stdout).decode(errors="replace").strip().splitlines()
        raise RefusedError(
            f"{path}: the signature {signature.file} is not good: {said[0] if said else 'no reason given'}. "
            f"Nothing is changed. A signature is made by: {signing_words(path)}"
        )


def _keygen(folder: Path, identity: str, content: bytes) -> subprocess.CompletedProcess[bytes]:
    files = ["-f", str(folder / "signers"), "-s", str(folder / "signature")]
    environment: Mapping[str, str] = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}
    return subprocess.run(  # noqa: S603  a fixed program, words of our own, no shell
        [str(_KEYGEN), "-Y", "verify", "-n", NAMESPACE, "-I", identity, *files],
        input=content,
        capture_output=True,
        check=False,
        timeout=_PATIENCE_S,
        env=environment,
    )
