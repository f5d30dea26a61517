"""Options of an actuator of the machine, checked before anything is touched."""

from __future__ import annotations

import re
from collections.abc import Collection

from autotune.core.hint import did_you_mean
from autotune.core.url import is_loopback
from autotune.model.space import Parameter

COMMON = ("value", "bool", "service")
"""Options that every actuator of the machine takes."""

_PASSWORD = re.compile(r"passw(or)?d\s*=|://[^/@\s]*:[^/@\s]*@", re.IGNORECASE)
_YES = {"yes", "true"}


def option_problem(parameter: Parameter, own: Collection[str], *, needs: Collection[str] = ()) -> str:
    """The first option that is not known, missing or malformed, as a sentence; empty where there is none.

    `own` are the actuator's options besides the common ones and its first; `needs` have to be there.
    """
    apply = parameter.apply
    start = f"parameter '{parameter.name}' is applied by {apply.actuator}"
    known = (*own, *COMMON)
    for name in apply.options:
        if name not in {"name", *known}:
            return (
                f"{start}, which has no option '{name}'. Its options: {', '.join(known)}."
                f"{did_you_mean(name, known)}"
            )
    for name in needs:
        if not apply.options.get(name):
            return f"{start}, which needs the option '{name}'."
    return f"{start}, {said}" if (said := _malformed(parameter)) else ""


def _malformed(parameter: Parameter) -> str:
    options = parameter.apply.options
    if options.get("value", "{value}").count("{value}") != 1:
        return f"but value: '{options['value']}' has to hold the place {{value}} once, as in '{{value}}MB'."
    true, _, false = options.get("bool", "1/0").partition("/")
    if not true or not false or true == false:
        return f"but bool: '{options['bool']}' has to be two words, such as on/off."
    return ""


def remote(parameter: Parameter) -> bool:
    """Whether the file says that another machine than this one may be changed."""
    return parameter.apply.options.get("remote", "") in _YES


def remote_problem(parameter: Parameter, host: str) -> str:
    """Why the service at `host` may not be changed; sockets (a path, or nothing) are of this machine."""
    if not host or host.startswith("/") or is_loopback(host) or remote(parameter):
        return ""
    return (
        f"parameter '{parameter.name}' would change a service on another machine, '{host}'. "
        f"If that is meant, write remote: yes."
    )


def secret_problem(parameter: Parameter, where: str) -> str:
    """Says that a password may not stand in the file, from where it would reach journals and reports."""
    options = parameter.apply.options
    if not any(_PASSWORD.search(text) for text in options.values()):
        return ""
    return f"parameter '{parameter.name}': a password in the file would end up in reports. {where}"
