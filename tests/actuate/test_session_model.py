"""Any order of changes, crashes, recoveries, commits and other writers, against a model of the promise."""

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from autotune.actuate import session as session_module
from autotune.actuate.recover import recovered
from autotune.actuate.session import Session
from autotune.core.errors import NotRestoredError
from autotune.model.target import Target
from autotune.sidecar import generation

NAMES = ("one", "two", "three")
OURS = st.integers(10, 19).map(str)
THEIRS = st.integers(70, 79).map(str)


class Nobody:
    """Stands for the guardian, which would restore whatever a crash leaves before the next rule."""

    pid = 0
    lives = True

    def __init__(self, state: Path) -> None: ...

    def dismiss(self) -> None: ...

    def leave(self) -> None: ...


def quiet(_text: str) -> None:
    """Tells nobody."""


class Machine(RuleBasedStateMachine):
    """`value` is what each place has to hold, `old` and `ours` what the open journal knows of it."""

    @initialize(values=st.tuples(THEIRS, THEIRS, THEIRS))
    def begin(self, values):
        self.folder = Path(tempfile.mkdtemp())
        self.state = self.folder / "state"
        self.state.mkdir()
        self.value = dict(zip(NAMES, values, strict=True))
        self.old: dict[str, str] = {}
        self.ours: dict[str, set[str]] = {}
        self.session: Session | None = None
        self.first = b""
        self.number = 0
        for name, text in self.value.items():
            (self.folder / name).write_text(f"{text}\n")

    def teardown(self):
        if hasattr(self, "folder"):
            if self.session and self.session._wal:
                self.session._wal.close()
            shutil.rmtree(self.folder)

    def foreign(self) -> set[str]:
        """Places that somebody else has written since they were changed."""
        return {name for name, ours in self.ours.items() if self.value[name] not in ours}

    def undone(self) -> bool:
        """What an undo has to make of the model; whether it is whole."""
        foreign = self.foreign()
        self.value |= {name: old for name, old in self.old.items() if name not in foreign}
        if not foreign:
            self.old, self.ours = {}, {}
        return not foreign

    @precondition(lambda self: self.session is None)
    @rule()
    def start(self):
        before = dict(self.value)
        if self.undone():
            recovered(self.state, quiet)
            self.session = Session(self.state, "trial")
            return
        with pytest.raises(NotRestoredError) as caught:
            recovered(self.state, quiet)
        for name in self.foreign():
            assert f"{name}: was {self.old[name]}, is {before[name]}" in str(caught.value)

    @precondition(lambda self: self.session is None)
    @rule()
    def start_by_force(self):
        recovered(self.state, quiet, force=True)
        self.value |= self.old
        self.old, self.ours = {}, {}

    @precondition(lambda self: self.session)
    @rule(config=st.dictionaries(st.sampled_from(NAMES), OURS))
    def bring(self, config):
        wanted = [(self._target(name), text) for name, text in config.items()]
        if self.foreign():
            with pytest.raises(NotRestoredError, match="left alone"):
                self.session.bring(wanted)
            return
        brought = self.session.bring(wanted)
        assert [one.effective for one in brought] == list(config.values())
        for name, text in (self.old | config).items():
            if self.value[name] != text:
                self.old.setdefault(name, self.value[name])
                self.ours.setdefault(name, {self.value[name]}).add(text)
                self.value[name] = text

    @precondition(lambda self: self.session)
    @rule()
    def close(self):
        session, self.session = self.session, None
        if self.undone():
            session.close(quiet)
        else:
            with pytest.raises(NotRestoredError):
                session.close(quiet)

    @precondition(lambda self: self.session)
    @rule()
    def crash(self):
        if self.session._wal:
            self.session._wal.close()
        if self.session._spare:
            self.session._spare.give_back()
        self.session = None

    @rule(name=st.sampled_from(NAMES), text=THEIRS)
    def somebody_else_writes(self, name, text):
        (self.folder / name).write_text(f"{text}\n")
        self.value[name] = text

    @precondition(lambda self: self.session)
    @rule()
    def commit(self):
        self.number += 1
        originals = {"was": self.session.originals}  # asked for again and again, kept from the first time
        self.session.commit([(0, originals), (self.number, {"is": dict(self.value)})])
        self.old, self.ours = {}, {}
        self.first = self.first or (self.state / "gen-0.json").read_bytes()

    @invariant()
    def every_place_holds_what_is_promised(self):
        if hasattr(self, "folder"):
            assert {name: (self.folder / name).read_text().strip() for name in NAMES} == self.value

    @invariant()
    def generations_are_kept(self):
        if getattr(self, "first", b""):
            assert (self.state / "gen-0.json").read_bytes() == self.first
            assert generation.current(str(self.state)) == self.number
            assert generation.numbers(str(self.state)) == list(range(self.number + 1))

    @invariant()
    def journal_is_there_only_while_something_is_open(self):
        if hasattr(self, "folder") and not self.old:
            assert self.session or not (self.state / "wal").exists()

    def _target(self, name: str) -> Target:
        return Target(key=name, means="kernel", address={"path": str(self.folder / name)})


@pytest.fixture(autouse=True)
def _no_guardian(monkeypatch):
    monkeypatch.setattr(session_module, "Guardian", Nobody)


class TestMachine(Machine.TestCase):
    settings = settings(deadline=None, max_examples=60, stateful_step_count=25)
