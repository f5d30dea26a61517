"""Parameters that a service shows and takes by HTTP."""

from __future__ import annotations

import re
from pathlib import Path

from autotune.actuate.options import option_problem, remote_problem
from autotune.actuate.texts import from_text, to_text
from autotune.core.url import host
from autotune.model.space import Apply, Parameter, Value
from autotune.model.target import Target
from autotune.model.workload import Workload
from autotune.sidecar.means.http import normal

_METHODS = ("PUT", "POST", "PATCH")
_MARK = "918273645"
"""Stands for the value, as a number or within text, while white space is taken out around it."""

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Http:
    """Sends the value to `http: URL` by `method` (PUT), and reads it there by GET.

    `token` names the environment variable with a bearer token.
    """

    def problem(self, parameter: Parameter, workload: Workload) -> str:
        """Says when it is no URL of this machine, or the method is none that sends a value."""
        del workload
        options = parameter.apply.options
        start = f"parameter '{parameter.name}' is applied by http, but"
        if said := option_problem(parameter, ("method", "token", "remote")):
            return said
        try:
            where = host(options.get("name", ""))
        except ValueError as error:
            return f"{start} {error}."
        if options.get("method", "PUT") not in _METHODS:
            return f"{start} method: '{options['method']}' sends no value. Known: {', '.join(_METHODS)}."
        if not _VARIABLE.fullmatch(options.get("token", "TOKEN")):
            return f"{start} token: is the name of the variable that holds it, such as ADMIN_TOKEN."
        return remote_problem(parameter, where)

    def target(self, apply: Apply, folder: Path) -> Target:
        """The value at the URL."""
        del folder
        options = apply.options
        address = {
            "url": options["name"],
            "method": options.get("method", "PUT"),
            "token": options.get("token", ""),
        }
        return Target(
            key=f"http {options['name']}", means="http", address=address, service=options.get("service", "")
        )

    def text(self, apply: Apply, value: Value) -> str | None:
        """The value as it is read back; None is a DELETE."""
        text = to_text(apply, value, bools=("true", "false"))
        return None if text is None else normal(text)

    def value(self, apply: Apply, text: str | None, like: Value) -> Value:
        """The text in the type of `like`; the option `value` is taken in the form that is read back."""
        options = dict(apply.options)
        if "value" in options:
            before, after = normal(options["value"].replace("{value}", _MARK)).split(_MARK, 1)
            options["value"] = f"{before}{{value}}{after}"
        return from_text(Apply(actuator=apply.actuator, options=options), text, like, bools=("true", "false"))
