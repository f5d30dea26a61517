from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from autotune.core.errors import AutotuneError, ExitCode, FileError, RefusedError
from autotune.model.profile import Profile
from autotune.profile.trust import NAMESPACE, Signature, invoking_users, read_trusted, signing_words
from autotune.profile.write import to_yaml

IDENTITY = "ops@example.com"


@pytest.fixture
def file(profile: Profile, tmp_path: Path) -> Path:
    path = tmp_path / "profile.yaml"
    path.write_text(to_yaml(profile))
    path.chmod(0o644)
    return path


@pytest.fixture
def signed(file: Path, tmp_path: Path) -> Signature:
    """The file, really signed by a key that the list of allowed signers knows."""
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    signers = tmp_path / "allowed_signers"
    signers.write_text(f'{IDENTITY} namespaces="{NAMESPACE}" {key.with_suffix(".pub").read_text()}')
    signers.chmod(0o644)
    words = signing_words(file).replace("YOUR_KEY", str(key)).split()
    subprocess.run(words, check=True, capture_output=True)
    return Signature(file=Path(f"{file}.sig"), allowed_signers=signers, identity=IDENTITY)


def _refusal(act: Callable[[], object]) -> str:
    with pytest.raises(RefusedError) as caught:
        act()
    assert caught.value.exit_code == ExitCode.REFUSED == 8
    return str(caught.value)


def test_ones_own_file_is_read_with_the_fingerprint_of_its_bytes(file: Path, profile: Profile) -> None:
    found = read_trusted(file)
    assert found.profile.changes == profile.changes
    assert found.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert read_trusted(file, sha256=found.sha256.upper()).sha256 == found.sha256


def test_a_tampered_byte_is_refused_by_the_fingerprint(file: Path) -> None:
    known = read_trusted(file).sha256
    file.write_bytes(file.read_bytes().replace(b"8192", b"8193"))
    assert "another profile" in _refusal(lambda: read_trusted(file, sha256=known))


@pytest.mark.parametrize("mode", [0o664, 0o646, 0o666])
def test_a_file_that_others_can_write_is_refused(file: Path, mode: int) -> None:
    file.chmod(mode)
    assert "chmod go-w" in _refusal(lambda: read_trusted(file))


def test_a_symbolic_link_is_refused(file: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.yaml"
    link.symlink_to(file)
    assert "symbolic link" in _refusal(lambda: read_trusted(link))


def test_a_folder_that_everybody_can_write_is_refused_unless_it_is_sticky(file: Path, tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    assert "everybody can write" in _refusal(lambda: read_trusted(file))
    tmp_path.chmod(0o1777)
    assert read_trusted(file)


def test_what_is_no_file_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    assert "regular file" in _refusal(lambda: read_trusted(tmp_path / "pipe"))
    assert "regular file" in _refusal(lambda: read_trusted(tmp_path))
    with pytest.raises(FileError, match="there is no such profile"):
        read_trusted(tmp_path / "nothing")


def test_a_file_without_end_is_refused(file: Path) -> None:
    file.write_bytes(b"#" * ((1 << 20) + 1))
    assert "larger than 1024 KiB" in _refusal(lambda: read_trusted(file))


def test_bytes_that_are_no_profile_are_told_with_their_place(file: Path) -> None:
    file.write_bytes(b"profile: \xff")
    with pytest.raises(FileError, match=r"1:10.*0xff"):
        read_trusted(file)


@pytest.mark.needs("root")
def test_a_strangers_file_is_refused_and_the_sudo_callers_is_not(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SUDO_UID", raising=False)
    os.chown(file, 65_534, -1)
    assert "user 65534" in _refusal(lambda: read_trusted(file))
    monkeypatch.setenv("SUDO_UID", "65534")
    assert read_trusted(file)


@pytest.mark.parametrize("value", ["", "-1", "0x10", "1;2", "٣"])
def test_a_sudo_uid_that_is_no_number_adds_nobody(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUDO_UID", value)
    assert invoking_users() == {0, os.geteuid()}


@pytest.mark.needs("ssh-keygen")
def test_a_signature_by_an_allowed_signer_is_believed(file: Path, signed: Signature) -> None:
    assert read_trusted(file, signature=signed).signed_by == IDENTITY


@pytest.mark.needs("ssh-keygen")
def test_every_tampered_byte_breaks_the_signature(file: Path, signed: Signature) -> None:
    content = file.read_bytes()
    for place in (0, len(content) // 2, len(content) - 1):
        file.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        assert "is not good" in _refusal(lambda: read_trusted(file, signature=signed))
    file.write_bytes(content + b"\n")
    assert "is not good" in _refusal(lambda: read_trusted(file, signature=signed))


@pytest.mark.needs("ssh-keygen")
@pytest.mark.parametrize("identity", ["other@example.com", "*", "-oops", "a b", ""])
def test_another_identity_is_refused(file: Path, signed: Signature, identity: str) -> None:
    other = Signature(file=signed.file, allowed_signers=signed.allowed_signers, identity=identity)
    _refusal(lambda: read_trusted(file, signature=other))


@pytest.mark.needs("ssh-keygen")
def test_a_signature_made_for_something_else_is_refused(
    file: Path, signed: Signature, tmp_path: Path
) -> None:
    signed.allowed_signers.write_text(f"{IDENTITY} {(tmp_path / 'key.pub').read_text()}")
    signed.file.unlink()
    words = ["ssh-keygen", "-Y", "sign", "-n", "git", "-f", tmp_path / "key", file]
    subprocess.run(words, check=True, capture_output=True)
    assert "is not good" in _refusal(lambda: read_trusted(file, signature=signed))


@pytest.mark.needs("ssh-keygen")
def test_signers_and_signature_have_to_be_as_safe_as_the_profile(file: Path, signed: Signature) -> None:
    signed.allowed_signers.chmod(0o666)
    assert "allowed signers" in _refusal(lambda: read_trusted(file, signature=signed))
    signed.allowed_signers.chmod(0o644)
    signed.file.write_text("no signature")
    assert "is not good" in _refusal(lambda: read_trusted(file, signature=signed))
    signed.file.unlink()
    assert "cannot be read" in _refusal(lambda: read_trusted(file, signature=signed))


@pytest.mark.needs("ssh-keygen")
def test_no_ssh_keygen_but_the_systems_is_run(
    file: Path, signed: Signature, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = tmp_path / "bin" / "ssh-keygen"
    fake.parent.mkdir()
    fake.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{fake.parent}:{os.environ['PATH']}")
    file.write_bytes(file.read_bytes() + b"#")
    _refusal(lambda: read_trusted(file, signature=signed))
    assert not (tmp_path / "ran").exists()


def test_a_refusal_is_an_error_for_the_user() -> None:
    assert issubclass(RefusedError, AutotuneError)
