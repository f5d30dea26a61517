"""Which of a workload's domains the safety rules let be tried on this machine."""

from __future__ import annotations

from autotune.core.errors import RefusedError
from autotune.flow.host_places import host_parameters
from autotune.measure.host import facts
from autotune.model.workload import Workload
from autotune.profile.place import UNKNOWN
from autotune.profile.policy import Answer, Ruling, ranges_beyond


def beyond(workload: Workload) -> tuple[tuple[str, Ruling], ...]:
    """Each parameter of the machine with what of its domain is beyond the safety rules.

    Entries of a file that nobody knows the reader of are the user's own: no rule speaks of them.
    """
    known = facts()
    return tuple(
        (p.name, ruling)
        for p in host_parameters(workload)
        for ruling in ranges_beyond(p.apply, p.low, p.high, (*p.values, *p.special), known)
        if ruling.answer is not Answer.UNKNOWN or ruling.place.system != UNKNOWN
    )


def refuse_forbidden(workload: Workload, *, allow_risk: bool, how: str) -> None:
    """Raises RefusedError where the workload might try what the rules forbid.

    That is what is never set, and, unless `allow_risk`, what is not known to be safe; `how` says how that is
    allowed.
    """
    found = beyond(workload)
    refused = [(name, ruling) for name, ruling in found if ruling.refused(allow_risk=allow_risk)]
    if not refused:
        return
    lines = "\n".join(f"  {name}: {ruling.why}" for name, ruling in refused)
    never = any(ruling.answer is Answer.NEVER for _, ruling in refused)
    last = "Take out what is never set." if never else f"Narrow the domain; or, where you know better, {how}."
    raise RefusedError(f"the safety rules refuse what would be tried here:\n{lines}\n{last}")
