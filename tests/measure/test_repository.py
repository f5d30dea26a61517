"""A real git repository, whole and shallow."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from autotune.core.errors import UsageError
from autotune.measure.repository import Repository


def git(folder: Path, *words: str) -> str:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.invalid", "-c", "init.defaultBranch=main"]
    argv = ["git", *identity, *words]
    return subprocess.run(argv, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Two commits: file.txt holds one, then two."""
    home = tmp_path / "home"
    home.mkdir()
    git(home, "init", "--quiet")
    for text in ("one", "two"):
        (home / "file.txt").write_text(text)
        git(home, "add", ".")
        git(home, "commit", "--quiet", "-m", f"Say {text}")
    return home


def test_a_tree_of_the_base_is_there_and_then_gone(home: Path, tmp_path: Path) -> None:
    repository = Repository.around(home / "file.txt")
    base = repository.commit("HEAD~1")
    assert base.subject == "Say one"
    with repository.tree(base, tmp_path / "base") as tree:
        assert (tree / "file.txt").read_text() == "one"
        assert (home / "file.txt").read_text() == "two"
    assert not (tmp_path / "base").exists()
    assert git(home, "worktree", "list").count("\n") == 0


def test_a_tree_that_a_killed_process_left_is_no_hindrance(home: Path, tmp_path: Path) -> None:
    repository = Repository.around(home)
    base = repository.commit("HEAD~1")
    git(home, "worktree", "add", "--quiet", "--detach", str(tmp_path / "base"), base.sha)
    subprocess.run(["rm", "-r", str(tmp_path / "base")], check=True)
    with repository.tree(base, tmp_path / "base") as tree:
        assert (tree / "file.txt").read_text() == "one"


def test_hooks_of_the_repository_do_not_run(home: Path, tmp_path: Path) -> None:
    hook = home / ".git" / "hooks" / "post-checkout"
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    hook.chmod(0o755)
    repository = Repository.around(home)
    with repository.tree(repository.commit("HEAD~1"), tmp_path / "base"):
        assert not (tmp_path / "ran").exists()


def test_what_is_not_committed_is_named(home: Path) -> None:
    repository = Repository.around(home)
    assert repository.changed() == ()
    (home / "file.txt").write_text("three")
    (home / "new.txt").touch()
    assert set(repository.changed()) == {"file.txt", "new.txt"}


def test_whether_a_file_is_the_same_in_the_base(home: Path) -> None:
    repository = Repository.around(home)
    assert repository.differs(repository.commit("HEAD~1"), home / "file.txt")
    assert not repository.differs(repository.commit("HEAD"), home / "file.txt")


@pytest.mark.parametrize("name", ["nowhere", "--help", "HEAD~9", ""])
def test_a_name_that_is_no_commit_is_refused(home: Path, name: str) -> None:
    with pytest.raises(UsageError, match="is no commit of"):
        Repository.around(home).commit(name)


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("HEAD~1", "git fetch --deepen=50"),
        ("origin/other", r"git fetch --depth=1 origin \+refs/heads/other:refs/remotes/origin/other"),
        ("other", "git fetch --depth=1 origin other:other"),
    ],
)
def test_a_shallow_clone_says_what_to_fetch_and_that_is_enough(
    home: Path, tmp_path: Path, name: str, advice: str
) -> None:
    git(home, "branch", "other", "HEAD~1")
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{home}", "clone")
    clone = Repository.around(tmp_path / "clone")
    with pytest.raises(UsageError, match=advice) as refused:
        clone.commit(name)
    git(tmp_path / "clone", *str(refused.value).rpartition("Fetch it: git ")[2].split())
    assert clone.commit(name).subject == "Say one"


def test_a_folder_outside_every_repository_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is in no git repository"):
        Repository.around(tmp_path)
