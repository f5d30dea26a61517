"""The text of a value as its actuator writes it, for exports and for the policy."""

from __future__ import annotations

from autotune.core.template import as_text
from autotune.model.space import Apply, Value
from autotune.sidecar.means.mysql import shortest

_PLACE = "{value}"
_ONE_ZERO = ("1", "0")
_BOOLS = {
    **dict.fromkeys(("sysctl", "sysfs", "cgroup", "process"), _ONE_ZERO),
    **dict.fromkeys(("postgres", "nginx"), ("on", "off")),
    "mysql": ("ON", "OFF"),
    "pragma": ("full", "none"),
    "redis": ("yes", "no"),
}
_BOOLS_IN_FILES = {
    **dict.fromkeys(("postgres", "nginx"), ("on", "off")),
    **dict.fromkeys(("redis", "systemd"), ("yes", "no")),
}


def text(apply: Apply, value: Value, *, system: str = "") -> str | None:
    """`value` in the words of `system` (default: the actuator) and of the options `value` and `bool`.

    None stays None: it is not given to the system.
    """
    if value is None:
        return None
    written = _bool(apply, system or apply.actuator, value) if isinstance(value, bool) else as_text(value)
    whole = apply.options.get("value", _PLACE).replace(_PLACE, written)
    return shortest(whole) if apply.actuator == "mysql" and isinstance(value, float) else whole


def _bool(apply: Apply, system: str, value: bool) -> str:  # noqa: FBT001  the value, no flag
    known = _BOOLS_IN_FILES if apply.actuator == "file" else _BOOLS
    true, _, false = apply.options.get("bool", "/".join(known.get(system, ("true", "false")))).partition("/")
    return true if value else false
