"""Outcomes looked up by configuration, for optimisers that call a function."""

from __future__ import annotations

from autotune.model.problem import Problem
from autotune.model.space import Config, config_key
from autotune.model.trial import Trial
from autotune.search.history import FAILED, Merit, merit
from autotune.search.schedule import spread


class UnknownError(Exception):
    """Raised where a configuration was not measured yet: it is the next to be."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self.config = config


class Told:
    """What is known of each configuration: its first outcome, so that what rested on it never changes."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.known: dict[str, tuple[int, Merit]] = {}
        self._good: list[tuple[int, Merit, Config]] = []

    def take(self, trial: Trial) -> None:
        """Keeps the outcome; a configuration of which nothing was learnt counts as one that failed."""
        key = config_key(trial.config)
        if key in self.known:
            return
        found = merit(self.problem, trial) or FAILED
        self.known[key] = (trial.number, found)
        if found.feasible:
            self._good.append((trial.number, found, trial.config))

    def best(self, until: int) -> tuple[Merit, Config] | None:
        """The best feasible configuration among the trials up to number `until`."""
        known = [(found, number, config) for number, found, config in self._good if number <= until]
        if not known:
            return None
        found, _, config = min(known, key=lambda one: one[:2])
        return found, config

    def spread(self, until: int) -> float:
        """How far the values of the feasible trials up to number `until` lie apart."""
        return spread([found.loss for number, found, _ in self._good if number <= until])


class Lookup:
    """The outcomes as a function, for one answer.

    Of unknown configurations the first `spare` are guessed to be as good as the caller says, so that the
    ones behind them can be answered as well; `guessed` tells that one was. `last` is the highest number of
    the trials that were looked up, or of those before any (-1 is the baseline).
    """

    def __init__(self, told: Told, spare: int, last: int = -1) -> None:
        self._told = told
        self._spare = spare
        self._guesses: dict[str, Merit] = {}
        self.last = last

    @property
    def guessed(self) -> bool:
        """Whether the outcome of a configuration was guessed."""
        return bool(self._guesses)

    def spread(self) -> float:
        """How far the values of those trials lie apart."""
        return self._told.spread(self.last)

    def best(self) -> tuple[Merit, Config] | None:
        """The best feasible configuration among the trials up to the last one that was looked up."""
        return self._told.best(self.last)

    def merit(self, config: Config, guess: Merit = FAILED) -> Merit:
        """What `config` is worth, failed where it is not permitted; raises UnknownError."""
        key = config_key(config)
        if key in self._told.known:
            number, found = self._told.known[key]
            self.last = max(self.last, number)
            return found
        if key in self._guesses:
            return self._guesses[key]
        if not self._told.problem.permits(config):
            return FAILED
        if len(self._guesses) < self._spare:
            self._guesses[key] = guess
            return guess
        raise UnknownError(config)
