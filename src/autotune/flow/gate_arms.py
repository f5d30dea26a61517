"""What a gate compares: two commits, or the defaults and a profile, or a workload and itself, slowed down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from autotune.core.errors import UsageError
from autotune.flow.bench_target import Target
from autotune.flow.compare_target import Arms, of_file, twice
from autotune.flow.gate_tree import build, moved, top
from autotune.measure.launcher import Launcher
from autotune.measure.repository import Commit, Repository
from autotune.model.space import Value
from autotune.study.current import Read

WORKING_TREE = "the working tree"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """The two commits; `changed` are files of the head that are not committed."""

    repository: Repository
    base: Commit
    head: Commit
    changed: tuple[str, ...]


def sides(path: Path, base: str, own: Path | None = None) -> Sides:
    """The commits that a gate of the file at `path` compares; raises UsageError for one that is not there.

    What lies in `own`, the gate's folder, is none of the head's changes.
    """
    repository = Repository.around(path)
    changed = repository.changed()
    if own is not None:
        there = own.resolve()
        changed = tuple(n for n in changed if not (repository.root / n).resolve().is_relative_to(there))
    return Sides(
        repository=repository,
        base=repository.commit(base),
        head=repository.commit("HEAD"),
        changed=changed,
    )


@contextmanager
def base_and_head(
    sides: Sides, targets: Sequence[Target], tree: Path, launcher: Launcher
) -> Iterator[list[Arms]]:
    """Each of `targets` in a working tree of the base, made in `tree`, and as it is; both are built.

    The files of the head say how both are measured. Raises WorkloadError where a build fails.
    """
    with sides.repository.tree(sides.base, tree):
        found = [of_base(sides, target, tree) for target in targets]
        for arms in found:
            build(arms.baseline.workload, launcher, what=f"the base, {sides.base.short},")
            build(arms.candidate.workload, launcher, what="the head")
        yield found


def of_base(sides: Sides, target: Target, tree: Path) -> Arms:
    """`target` in the base's working tree at `tree`, and as it is; neither is built.

    Raises UsageError where the base does not have the folder that it runs in.
    """
    workload, root = target.workload, sides.repository.root
    base = replace(target, workload=moved(workload, top(workload.folder, root), tree))
    if not base.workload.folder.is_dir():
        raise UsageError(
            f"workload '{workload.name}' runs in {workload.folder.relative_to(root)}, which the base "
            f"{sides.base.short} does not have: there is nothing to compare with"
        )
    said = f"{sides.head.short} {sides.head.subject}" + " and what is not committed" * bool(sides.changed)
    return Arms(
        targets={"baseline": base, "candidate": target},
        said={"baseline": f"{sides.base.short} {sides.base.subject}", "candidate": said},
    )


def is_new(known: Sides, path: Path) -> bool:
    """Whether the base does not have the file at `path`."""
    return path.resolve() not in known.repository.files(known.base, path.resolve().parent)


def of_profile(
    path: Path, profile: Path, settings: Sequence[str], facts: Mapping[str, Value], read: Read
) -> Arms:
    """The defaults of the workload at `path` (a study's baseline), and what `profile` makes of them."""
    return of_file(path, both=settings, a=(), b=(str(profile),), facts=facts, read=read)


def of_drill(target: Target, share: float) -> Arms:
    """`target` beside itself, slowed down by a `share` of its time."""
    return replace(twice(target), drag=share)
