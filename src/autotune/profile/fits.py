"""Whether a profile was proven on a machine like this one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autotune.core.errors import RefusedError
from autotune.profile.words import one_line

_MEMORY_TOLERANCE = 0.1
"""Share by which memory may differ: firmware and kernel of equal machines reserve unequal parts."""

_DECIDING = ("os", "arch", "cpus", "memory_mib")
_TOLD = ("kernel", "cpu_model", "page_size", "filesystem", "container")
_RELEASE = re.compile(r"\s*\d.*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A fact by which this machine is not that of the proof; one that `decides` forbids the profile."""

    fact: str
    proven: str
    here: str
    decides: bool

    def __str__(self) -> str:
        return f"{self.fact}: proven on {self.proven}, here {self.here}"


def differences(host: Mapping[str, Any], facts: Mapping[str, Any]) -> tuple[Difference, ...]:
    """What of the profile's `host` is otherwise on the machine of `facts`, the deciding ones first.

    Operating system, architecture, CPUs and memory (by more than 10 %) decide; releases of the operating
    system, kernel and software are told only. A fact that either side lacks is no difference, but a deciding
    one that only this machine lacks is.
    """
    known = {name.removeprefix("host."): value for name, value in facts.items()}
    found = [
        _difference(name, host[name], known.get(name))
        for name in (*_DECIDING, *_TOLD)
        if host.get(name) is not None and _differs(name, host[name], known.get(name))
    ]
    return (*found, *_release(host, known), *_software(host, known))


def require_fit(
    host: Mapping[str, Any], facts: Mapping[str, Any], *, force: bool = False
) -> tuple[Difference, ...]:
    """The differences, for telling; raises RefusedError where one decides, unless `force`."""
    found = differences(host, facts)
    deciding = [str(one) for one in found if one.decides]
    if deciding and not force:
        raise RefusedError(
            f"this profile comes from another kind of machine ({'; '.join(deciding)}). Nothing is changed. "
            "Prove it here in a study, or take it with --force-host, which keeps the safe ranges."
        )
    return found


def _difference(name: str, proven: Any, here: Any) -> Difference:
    return Difference(fact=name, proven=_shown(proven), here=_shown(here), decides=name in _DECIDING)


def _differs(name: str, proven: Any, here: Any) -> bool:
    if here is None:
        return name in _DECIDING
    if name == "memory_mib":
        return not _alike(proven, here)
    if name == "os":
        return _family(proven) != _family(here)
    return bool(_shown(proven) != _shown(here))


def _alike(proven: Any, here: Any) -> bool:
    if isinstance(proven, (int, float)) and isinstance(here, (int, float)):
        return abs(here - proven) <= _MEMORY_TOLERANCE * abs(proven)
    return False


def _family(os: Any) -> str:
    """The operating system without its release: Debian GNU/Linux 12 and 13 are one family."""
    return _RELEASE.sub("", str(os)).casefold()


def _release(host: Mapping[str, Any], known: Mapping[str, Any]) -> Sequence[Difference]:
    proven, here = host.get("os"), known.get("os")
    if proven is None or here is None or proven == here or _family(proven) != _family(here):
        return ()
    return (Difference(fact="os", proven=_shown(proven), here=_shown(here), decides=False),)


def _software(host: Mapping[str, Any], known: Mapping[str, Any]) -> Sequence[Difference]:
    """Software by name, whether it stands in a group of its own or beside the other facts."""
    proven, here = _programs(host), _programs(known)
    return tuple(
        Difference(fact=name, proven=_shown(version), here=_shown(here[name]), decides=False)
        for name, version in proven.items()
        if name in here and _shown(version) != _shown(here[name])
    )


def _programs(host: Mapping[str, Any]) -> dict[str, Any]:
    named = host.get("software")
    beside = {name: host[name] for name in ("python", "sqlite") if name in host}
    return {**beside, **(named if isinstance(named, Mapping) else {})}


def _shown(value: Any) -> str:
    return one_line(str(value)) or "unknown" if value is not None else "unknown"
