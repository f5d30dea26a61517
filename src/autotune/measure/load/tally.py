"""What became of the requests, and the figures made of it."""

from __future__ import annotations

from array import array
from collections import Counter
from math import inf
from typing import Any

from autotune.measure.load.backlog import Due, grew

TIMEOUT = "time-out"

_DIGITS = 7  # a tenth of a microsecond; finer digits would only fill the file


class Tally:
    """Times of requests in seconds from the beginning; requests before `warmup_s` are left out."""

    def __init__(self, *, warmup_s: float, duration_s: float) -> None:
        self._window = (warmup_s, warmup_s + duration_s)
        self._duration_s = duration_s
        self._intended = array("d")
        self._started = array("d")
        self._ended = array("d")
        self._late = array("d")
        self._errors: list[str] = []

    def add(
        self, intended: float, started: float, ended: float, error: str = "", *, late_s: float = 0.0
    ) -> None:
        """A request that was answered, or failed in the way that `error` names.

        `late_s` is how late the generator woke up for it, before any wait for room.
        """
        self._late.append(late_s)
        self._intended.append(intended)
        self._started.append(started)
        self._ended.append(ended)
        self._errors.append(error)

    def figures(self, *, closed: bool) -> dict[str, Any]:
        """Latencies and rates of the requests that were meant to start in the measured time.

        `latency_s` counts from the intended start, `service_s` from the actual one. Of failed requests only
        those that ran into their time-out are among them: they lasted at least so long. `achieved_per_s`
        counts good answers that came within the measured time; `saturated` is 1 where ever more requests of
        an open loop were due and not answered, see `backlog.grew`. `late_p99_s` is how late the generator
        itself was.
        """
        rows = [row for row in self._rows() if self._within(row[0])]
        timed = [row for row in rows if row[3] in {"", TIMEOUT}]
        kinds = Counter(row[3] for row in rows if row[3])
        achieved = sum(not error and self._within(ended) for _, _, ended, error in self._rows())
        offered = len(rows)
        return {
            "latency_s": [round(ended - intended, _DIGITS) for intended, _, ended, _ in timed],
            "service_s": [round(ended - started, _DIGITS) for _, started, ended, _ in timed],
            "requests": offered,
            "errors": sum(kinds.values()),
            "error_share": sum(kinds.values()) / offered if offered else 0.0,
            "error_kinds": dict(kinds.most_common(8)),
            "offered_per_s": offered / self._duration_s,
            "achieved_per_s": achieved / self._duration_s,
            "saturated": int(not closed and grew(self._due(), *self._window)),
            "late_p99_s": self._late_p99(),
            "loop": "closed" if closed else "open",
        }

    def _rows(self) -> zip[tuple[float, float, float, str]]:
        return zip(self._intended, self._started, self._ended, self._errors, strict=True)

    def _due(self) -> list[Due]:
        """All requests, the warm-up's too. One that fails is answered, one that times out never is."""
        return [Due(row[0], inf if row[3] == TIMEOUT else row[2]) for row in self._rows()]

    def _within(self, at: float) -> bool:
        return self._window[0] <= at < self._window[1]

    def _late_p99(self) -> float:
        late = sorted(s for i, s in zip(self._intended, self._late, strict=True) if self._within(i))
        return round(late[int(len(late) * 0.99)], _DIGITS) if late else 0.0
