"""What a profile has to satisfy before it is applied here: this kind of machine, and the safety rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autotune.core.errors import RefusedError
from autotune.flow.apply_targets import Step
from autotune.model.profile import Profile
from autotune.model.space import Value
from autotune.profile.fits import require_fit
from autotune.profile.policy import Answer, check_text


def admitted(  # noqa: PLR0913  each is a choice of the caller
    profile: Profile,
    steps: Sequence[Step],
    *,
    host: Mapping[str, Any],
    facts: Mapping[str, Value],
    force_host: bool = False,
    allow_risk: bool = False,
) -> tuple[str, ...]:
    """What is to be told of the `steps` of a profile, where they may be made on the machine of `host` at all.

    Judged are the places and texts of this machine, not the profile's names for them. `facts` are what
    ranges depend on. Raises RefusedError where it was proven on another kind of machine, unless
    `force_host`; where it sets what is never set; and where it sets what is not known to be safe, or goes
    beyond what is, unless `allow_risk`.
    """
    told = [str(one) for one in require_fit(profile.host, host, force=force_host)]
    rulings = [check_text(step.apply, step.asked, facts) for step in steps]
    refused = [ruling for ruling in rulings if ruling.refused(allow_risk=allow_risk)]
    if refused:
        lines = "\n".join(f"  {ruling.why}" for ruling in refused)
        more = (
            "What is never set stays so."
            if any(ruling.answer is Answer.NEVER for ruling in refused)
            else "Where you know better: --allow-risk"
        )
        raise RefusedError(f"the safety rules refuse this profile:\n{lines}\nNothing was changed. {more}")
    return (*told, *(f"allowed by --allow-risk: {r.why}" for r in rulings if r.answer is not Answer.ALLOWED))
