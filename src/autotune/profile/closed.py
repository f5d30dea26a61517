"""How a study's way to apply a parameter is said in a profile, which names no path and no other machine."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from pydantic import TypeAdapter, ValidationError

from autotune.core import url
from autotune.model.space import Apply
from autotune.profile.forms import FORMS, ApplyForm, LocalDsn

_FORM: TypeAdapter[Any] = TypeAdapter(ApplyForm)
_DSN: TypeAdapter[Any] = TypeAdapter(LocalDsn)
_ELSEWHERE = {
    "http": ("remote", "token"),
    **dict.fromkeys(("postgres", "mysql", "redis"), ("socket", "user", "as", "remote", "defaults")),
}
"""Options that say where something is on the machine of the study; whoever applies it says where anew."""


def to_form(apply: Apply) -> Any:
    """`apply` as it stands in a profile file: of a path its last name, nothing of another machine.

    Raises ValueError where the file has no form for it.
    """
    if "pidfile" in apply.options and "of" not in apply.options:
        raise ValueError("a profile file cannot name a process by its pidfile; name it by `of: EXACT-NAME`")
    form = _written(apply)
    try:
        _FORM.validate_python(form)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ValueError(
            f"a profile file cannot say how actuator '{apply.actuator}' is set up: {where}: {first['msg']}"
        ) from error
    return form


def _written(apply: Apply) -> Any:
    if not apply.options:
        return apply.actuator
    dropped = _ELSEWHERE.get(apply.actuator, ())
    options = {key: text for key, text in apply.options.items() if key not in dropped}
    if apply.actuator not in FORMS:
        return {apply.actuator: options.pop("name", ""), **options}
    return _bare(apply.actuator, options)


def _bare(actuator: str, options: Mapping[str, str]) -> dict[str, str]:
    """The options under their keys in the file, without folders."""
    form = {actuator: options.get("name", ""), **{k: v for k, v in options.items() if k != "name"}}
    for key in ("file", "database"):
        if key in form:
            form[key] = PurePath(form[key]).name
    if actuator == "cgroup":
        form["cgroup"] = form["cgroup"].strip("/")
    if actuator == "sysfs":
        form["sysfs"] = form["sysfs"].removeprefix("/sys/")
    if "dsn" in form and not _is_local(form["dsn"]):
        del form["dsn"]
    if "host" in form and not url.is_loopback(form["host"]):
        del form["host"]
    return form


def _is_local(dsn: str) -> bool:
    try:
        _DSN.validate_python(dsn)
    except ValidationError:
        return False
    return True
