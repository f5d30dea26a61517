"""What may be changed on a machine, how far, and what never."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase

from autotune.core.errors import RefusedError
from autotune.core.hint import did_you_mean
from autotune.model.profile import Change
from autotune.model.space import Apply, Value
from autotune.profile.forbidden import reason_against
from autotune.profile.limits.limit import Limit
from autotune.profile.limits.tables import table_of
from autotune.profile.place import Place, place_of
from autotune.profile.texts import text as text_of
from autotune.profile.within import Facts, outside, shown_range
from autotune.profile.words import one_line

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class Answer(StrEnum):
    """What the policy says to one change."""

    ALLOWED = "allowed"
    NEVER = "never"
    UNKNOWN = "unknown key"
    BEYOND = "out of range"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """The `answer` for one key and the text that is to be written there (None: taken away).

    `why` is a sentence for people, `range` what is safe for a known key.
    """

    place: Place
    text: str | None
    answer: Answer
    why: str = ""
    range: str = ""

    def refused(self, *, allow_risk: bool) -> bool:
        """Whether the change may not be made; a never stays one whatever is allowed."""
        return self.answer is Answer.NEVER or (self.answer is not Answer.ALLOWED and not allow_risk)


def check(change: Change, facts: Facts) -> Ruling:
    """The ruling on the value that `change` sets, on a machine of these facts."""
    return check_text(
        change.apply, text_of(change.apply, change.after, system=_words_of(change.apply)), facts
    )


def check_text(apply: Apply, text: str | None, facts: Facts) -> Ruling:
    """The ruling on `text`, as the actuator of `apply` would write it, on a machine of these facts."""
    place = place_of(apply)
    if reason := reason_against(apply, place):
        why = f"{_shown(place)} is never set by autotune: {reason}."
        return Ruling(place=place, text=text, answer=Answer.NEVER, why=why)
    if text is not None and _CONTROL.search(text):
        why = f"the value of {_shown(place)} holds a control character, which is never written."
        return Ruling(place=place, text=text, answer=Answer.NEVER, why=why)
    limit = _limit(place)
    if limit is None:
        why = f"{_shown(place)} is no key that autotune knows to be safe.{_hint(place)}"
        return Ruling(place=place, text=text, answer=Answer.UNKNOWN, why=why)
    return _within(place, limit, text, facts)


def ranges_beyond(
    apply: Apply, low: float, high: float, values: Sequence[Value], facts: Facts
) -> tuple[Ruling, ...]:
    """Rulings on what a domain holds beyond the policy: its `low`, its `high`, its single `values`.

    Empty where all of it is allowed. A domain without a range has 0 for both ends and its values alone.
    """
    ends: tuple[Value, ...] = (low, high) if (low, high) != (0, 0) else ()
    system = _words_of(apply)
    texts = dict.fromkeys(
        text_of(apply, _whole(value), system=system) for value in (*ends, *values) or (None,)
    )
    rulings = (check_text(apply, text, facts) for text in texts)
    return tuple(ruling for ruling in rulings if ruling.answer is not Answer.ALLOWED)


def require(rulings: Iterable[Ruling], *, allow_risk: bool = False) -> None:
    """Raises RefusedError, with every reason, where a ruling refuses; `allow_risk` leaves only the nevers."""
    refused = [ruling for ruling in rulings if ruling.refused(allow_risk=allow_risk)]
    if not refused:
        return
    told = "\n".join(f"  {ruling.why}" for ruling in refused)
    open_ones = any(ruling.answer is not Answer.NEVER for ruling in refused)
    end = " What is not on the never-list can be taken at your own risk, where that is allowed." * open_ones
    raise RefusedError(f"refused by the safety rules, nothing was changed:\n{told}\n{end}".rstrip())


def never(changes: Iterable[Change]) -> Iterator[Ruling]:
    """Rulings on those changes whose key is never set, on any machine, to any value."""
    rulings = (check_text(change.apply, None, {}) for change in changes)
    return (ruling for ruling in rulings if ruling.answer is Answer.NEVER)


def _whole(value: Value) -> Value:
    """A range's end without `.0`: the domain of whole numbers gives them as floats too."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _within(place: Place, limit: Limit, text: str | None, facts: Facts) -> Ruling:
    safe = shown_range(limit, facts)
    why = "" if text is None else outside(limit, text, facts)
    if not why:
        return Ruling(place=place, text=text, answer=Answer.ALLOWED, range=safe)
    why = f"{_shown(place)} = {one_line(text or '')[:80]!r} {why}; safe is {safe}."
    return Ruling(place=place, text=text, answer=Answer.BEYOND, why=why, range=safe)


def _limit(place: Place) -> Limit | None:
    allowed = table_of(place.system).allowed
    if place.key in allowed:
        return allowed[place.key]
    return next((limit for pattern, limit in allowed.items() if fnmatchcase(place.key, pattern)), None)


def _words_of(apply: Apply) -> str:
    """Whose words for true and false are written: of a file, those of the system that reads it."""
    return place_of(apply).system if apply.actuator == "file" else apply.actuator


def _shown(place: Place) -> str:
    return f"{place.system or 'file entry'} {one_line(place.key)[:120]}"


def _hint(place: Place) -> str:
    return did_you_mean(place.key, table_of(place.system).allowed)
