"""Stops changes to a machine at every system call, and their undo as well: what is left has to be whole.

A forked process opens a session on a tree of files that stands for the machine, and dies (or meets EIO or
ENOSPC, once or for good) at its n-th call that changes anything, for n = 1, 2, ... until a run is not hit.
Then a recovery runs; with `--double` it is hit at its own m-th call first. In the end every value is the old
one, or, where the change was committed, every value the new one; nothing lies beside a file, and no journal
is left.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import undo_faults
from undo_faults import KINDS, Faults

from autotune.actuate import entries, session
from autotune.actuate.sysctl import Sysctl
from autotune.core.errors import AutotuneError, ExitCode, StorageError, WorkloadError
from autotune.model.space import Apply
from autotune.model.target import Target
from autotune.sidecar import generation, recovery
from autotune.sidecar.means import file, kernel  # noqa: F401  imported by name later: once for all forks

FEWER = ("torn", "EIO", "ENOSPC for good")
"""Torn is killed, with half of a record written; to be killed after a call is much as before the next one."""
AGAIN = ("kill", "torn", "EIO", "ENOSPC for good")
"""Faults of a recovery."""
WHOLE = {ExitCode.GOOD, ExitCode.WORKLOAD, ExitCode.STORAGE}
"""With these a session says that the machine is whole, before any recovery."""
GENERATIONS = [(0, {"was": "old"}), (1, {"is": "new"})]


class Nobody:
    """Stands for the guardian: here every recovery is made, and stopped, by hand."""

    pid = 0
    lives = True

    def __init__(self, state: Path) -> None: ...

    def dismiss(self) -> None:
        """Nothing to end."""

    leave = dismiss


class Lines:
    """An editor of lines `entry=value`."""

    @staticmethod
    def get(text: str, entry: str) -> str | None:
        """The entry's value."""
        return dict(line.split("=", 1) for line in text.splitlines()).get(entry)

    @staticmethod
    def put(text: str, entry: str, value: str | None) -> str:
        """The text with the entry, or without."""
        found = dict(line.split("=", 1) for line in text.splitlines())
        found.pop(entry, None)
        if value is not None:
            found[entry] = value
        return "".join(f"{key}={held}\n" for key, held in found.items())


@dataclass(frozen=True)
class Tree:
    """Files that stand for a machine, and the state folder beside them."""

    root: Path

    @property
    def state(self) -> Path:
        """Where the session keeps its journal."""
        return self.root / "state"

    @property
    def kernel(self) -> Path:
        """What behaves as /proc/sys."""
        return self.root / "machine" / "sys"

    def build(self) -> None:
        """Makes it anew."""
        shutil.rmtree(self.root, ignore_errors=True)
        for name, text in {
            "sys/vm/swappiness": "60\n",
            "sys/vm/dirty_bytes": "0\n",
            "sys/vm/dirty_ratio": "20\n",
            "sys/vm/rounded": "16\n",
            "group/one/cpu.weight": "100\n",
            "etc/app.conf": "shared=1\n# kept=2\n",
        }.items():
            path = self.root / "machine" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        (self.root / "machine/etc/app.conf").chmod(0o640)
        self.state.mkdir()

    def held(self) -> dict[str, tuple[str, int]]:
        """Every file with its content and mode."""
        machine = self.root / "machine"
        return {
            str(path.relative_to(machine)): (path.read_text(), path.stat().st_mode)
            for path in sorted(machine.rglob("*"))
            if path.is_file()
        }

    def sysctl(self, name: str) -> Target:
        """The target of a sysctl in this tree."""
        return Sysctl(self.kernel).target(Apply(actuator="sysctl", options={"name": name}), self.root)

    def weight(self) -> Target:
        """A value of a group that can go away."""
        path = self.root / "machine/group/one/cpu.weight"
        return Target(key="weight", means="kernel", address={"path": str(path), "group": True})

    def entry(self, name: str, entry: str) -> Target:
        """An entry of a file."""
        address = {"path": str(self.root / "machine/etc" / name)}
        return Target(
            key=f"{name} {entry}", means="file", address=address, volatile=False, entry=entry, format="lines"
        )


def trial(tree: Tree) -> None:
    """Two configurations, one after the other; then everything goes back."""
    with session.opened(tree.state, kind="trial", note=str) as opened:
        opened.bring(
            [
                (tree.sysctl("vm.swappiness"), "10"),
                (tree.sysctl("vm.dirty_bytes"), "4096"),
                (tree.entry("app.conf", "shared"), "8"),
                (tree.entry("new.conf", "depth"), "3"),
            ]
        )
        opened.bring(
            [
                (tree.sysctl("vm.swappiness"), "90"),
                (tree.weight(), "300"),
                (tree.entry("app.conf", "work"), "5"),
            ]
        )


def profile(tree: Tree) -> None:
    """A change that is to stay."""
    with session.opened(tree.state, kind="profile", note=str) as opened:
        opened.bring(
            [
                (tree.sysctl("vm.dirty_bytes"), "4096"),
                (tree.weight(), "300"),
                (tree.entry("app.conf", "shared"), "8"),
                (tree.entry("new.conf", "depth"), "3"),
            ]
        )
        opened.commit(GENERATIONS)


def vanished(tree: Tree) -> None:
    """A group that goes away while it is changed."""
    with session.opened(tree.state, kind="trial", note=str) as opened:
        opened.bring([(tree.weight(), "300"), (tree.sysctl("vm.swappiness"), "10")])
        for name, real in undo_faults.REAL.items():
            setattr(os, name, real)
        shutil.rmtree(tree.root / "machine/group/one")


def rounded(tree: Tree) -> None:
    """A value of which the kernel makes another one."""
    with session.opened(tree.state, kind="trial", note=str) as opened:
        opened.bring([(tree.sysctl("vm.rounded"), "37"), (tree.sysctl("vm.swappiness"), "10")])


def persevering(tree: Tree) -> None:
    """A harness that goes on after a configuration that could not be brought."""
    with session.opened(tree.state, kind="trial", note=str) as opened:
        for value in ("10", "90"):
            with suppress(WorkloadError, StorageError):
                opened.bring(
                    [(tree.sysctl("vm.dirty_ratio"), value), (tree.entry("app.conf", "shared"), value)]
                )


def folding(tree: Tree) -> None:
    """A long session: its journal is written anew after each change."""
    session._LONGEST = 0  # noqa: SLF001  in a process of this case alone
    with session.opened(tree.state, kind="watch", note=str) as opened:
        for value in ("10", "90"):
            opened.bring([(tree.sysctl("vm.swappiness"), value), (tree.sysctl("vm.dirty_bytes"), "4096")])


SCENARIOS: dict[str, Callable[[Tree], None]] = {
    "trial": trial, "profile": profile, "vanished": vanished, "rounded": rounded, "persevering": persevering,
    "folding": folding,
}  # fmt: skip


def forked(tree: Tree, work: Callable[[Tree], None], at: int = 0, kind: str = "kill") -> dict[str, Any]:
    """What became of `work` in a process of its own: whether the fault `fired`, the exit `code` if any."""
    reading, writing = os.pipe()
    if (pid := os.fork()) == 0:
        faults = Faults(tree.kernel, at, kind)
        faults.install()
        code = 0
        try:
            work(tree)
        except AutotuneError as error:
            code = int(error.exit_code)
        except BaseException:  # noqa: BLE001  told by the parent
            traceback.print_exc()
            code = -1
        result = json.dumps({"fired": faults.fired, "code": code, "steps": len(faults.log)}).encode()
        undo_faults.REAL["write"](writing, result)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return {"fired": True, "code": None}
    found: dict[str, Any] = json.loads(answer)
    return found


def guardian(tree: Tree) -> None:
    """What the guardian does when it has the lock."""
    try:
        recovery.recover(str(tree.state), fresh=True)
    except OSError:
        return  # it gives up, and the next start finds the journal


def next_start(tree: Tree) -> None:
    """What every later command does first."""
    with session.opened(tree.state, kind="trial", note=str):
        pass


def both(tree: Tree) -> None:
    """A guardian that nothing hinders, and a later command."""
    guardian(tree)
    next_start(tree)


def problem(tree: Tree, old: dict[str, Any], new: dict[str, Any]) -> str:
    """What is not whole on the machine; empty when nothing."""
    held = tree.held()
    if not (tree.root / "machine/group/one").exists():
        old = {name: one for name, one in old.items() if not name.startswith("group")}
    committed = generation.current(str(tree.state)) is not None
    if held == (new if committed else old):
        return ""
    wanted = new if committed else old
    different = {
        name: held.get(name) for name in held.keys() | wanted.keys() if held.get(name) != wanted.get(name)
    }
    return f"committed={committed}, and yet {different}"


@dataclass
class Sweep:
    """Counts of cases and what went wrong."""

    tree: Tree
    scenarios: Mapping[str, Callable[[Tree], None]]
    kinds: Sequence[str] = KINDS
    cases: int = 0
    wrong: int = 0

    def tell(self, what: str, problem: str) -> None:
        """Keeps a problem, if it is one."""
        if problem:
            self.wrong += 1
            print(f"{what}: {problem}", flush=True)

    def case(self, name: str, at: int, kind: str, again: tuple[int, str] | None = None) -> tuple[bool, bool]:
        """One run with its faults; whether the first and the second of them were reached."""
        self.tree.build()
        old, new = self.tree.held(), self.news[name]
        first = forked(self.tree, SCENARIOS[name], at, kind)
        if not first["fired"]:
            return False, False
        self.cases += 1
        what = f"{name}, {kind} at call {at}" + (f", recovery {again[1]} at call {again[0]}" if again else "")
        if first["code"] == -1:
            self.tell(what, "an exception that is no message")
        if first["code"] in WHOLE:
            self.tell(what, problem(self.tree, old, new))
        second = forked(self.tree, guardian, *again) if again else {"fired": False}
        last = forked(self.tree, next_start if again else both)
        self.tell(what, f"the next start ends with {last['code']}" if last["code"] else "")
        self.tell(what, problem(self.tree, old, new))
        self.tell(what, "a journal is left" if Path(recovery.journal(str(self.tree.state))).exists() else "")
        return True, second["fired"]

    def clean(self) -> None:
        """Runs each scenario unhindered, and learns what it makes of the machine."""
        self.news = {}
        for name, work in self.scenarios.items():
            self.tree.build()
            done = forked(self.tree, work)
            self.tell(name, f"the clean run ends with {done['code']}" if done["code"] else "")
            self.news[name] = self.tree.held()
            print(f"{name}: {done['steps']} calls that change something", flush=True)

    def single(self) -> Iterator[tuple[str, int, str]]:
        """Every case with one fault, run."""
        for name in self.scenarios:
            for kind in self.kinds:
                at = 1
                while self.case(name, at, kind)[0]:
                    yield name, at, kind
                    at += 1

    def double(self, name: str, at: int, kind: str) -> None:
        """Every second fault after this first one."""
        for again in AGAIN:
            if name == "rounded":  # two deaths between a write and its reading: told, and left to a person
                return
            number = 1
            while self.case(name, at, kind, (number, again))[1]:
                number += 1


def stand_alone() -> None:
    """Lets sessions of this process run without a guardian, and edit files of lines."""
    session.Guardian = Nobody  # type: ignore[assignment,misc]
    entries.editor = lambda _: Lines  # type: ignore[assignment,return-value]


def main() -> int:
    """Runs the sweep; 0 when everything was whole."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--double", type=int, default=200, help="so many random second faults; -1 is all")
    parser.add_argument("--only", choices=SCENARIOS, help="one scenario")
    parser.add_argument("--fewer", action="store_true", help="leave out kinds that differ little from others")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    stand_alone()
    rng = random.Random(args.seed)  # noqa: S311  a sample of cases, no secret
    gc.freeze()
    began = time.monotonic()
    base = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108  a folder of its own is made there
    with tempfile.TemporaryDirectory(dir=base) as folder:
        scenarios = {args.only: SCENARIOS[args.only]} if args.only else SCENARIOS
        sweep = Sweep(Tree(Path(folder) / "tree"), scenarios, FEWER if args.fewer else KINDS)
        sweep.clean()
        cases = list(sweep.single())
        singles = sweep.cases
        if args.double < 0:
            for case in cases:
                if case[2] in {"kill", "torn", "EIO for good"}:
                    sweep.double(*case)
        else:
            once = [case for case in cases if case[0] != "rounded"]
            for name, at, kind in rng.choices(once, k=args.double) if once else ():
                sweep.case(name, at, kind, (rng.randint(1, 30), rng.choice(AGAIN)))
    print(
        f"{sweep.cases - sweep.wrong} of {sweep.cases} cases whole: {singles} with one fault, "
        f"{sweep.cases - singles} with a second one in the recovery; {time.monotonic() - began:.0f} s, "
        f"seed {args.seed}"
    )
    return int(sweep.wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
