"""What ALTER SYSTEM keeps for a PostgreSQL server, by psql; the server is told to read it at once.

Address: `name` of the variable, `connection` as psql's -d takes it (empty: PGHOST and the like say it),
`user` of the system that psql is run as, `data`: the server's folder where it is on this machine. With it
values are restored also where they keep the server from starting. None is a variable for which ALTER SYSTEM
keeps nothing.
"""

from __future__ import annotations

import errno
import shlex
import time
from collections.abc import Mapping
from typing import Any

from autotune.sidecar import autoconf, tools

_TIMEOUT_S = 30.0
_PAUSE_S = 0.02
_ALONE = ("--no-psqlrc", "--no-password", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1")

_KEPT = (
    "SELECT setting FROM pg_file_settings WHERE lower(name) = lower({name})"
    " AND sourcefile = current_setting('data_directory') || '/postgresql.auto.conf'"
    " ORDER BY seqno DESC LIMIT 1"
)
_LOADED = "SELECT pg_conf_load_time()"
_REFUSED = (
    "SELECT 'it says: ' || error FROM pg_file_settings WHERE lower(name) = lower({name})"
    " AND error IS NOT NULL AND NOT EXISTS"
    " (SELECT 1 FROM pg_settings WHERE lower(name) = lower({name}) AND pending_restart)"
)
_OVERRULED = (
    "SELECT 'above ALTER SYSTEM it is set by the ' || source FROM pg_settings"
    " WHERE lower(name) = lower({name}) AND source IN ('command line', 'environment variable')"
)


def read(address: Mapping[str, Any]) -> str | None:
    """What postgresql.auto.conf says of the variable; raises OSError where the server cannot be asked."""
    if _is_down(address):
        return autoconf.get(address["data"], address["name"])
    found = _sql(address, _about(address, _KEPT))
    return found.removesuffix("\n") if found else None


def write(address: Mapping[str, Any], value: str | None) -> None:
    """Sets or resets the variable and waits until the server has read its files again.

    Raises OSError where the server refuses the value or something stronger than ALTER SYSTEM sets it.
    """
    if _is_down(address):
        autoconf.put(address["data"], address["name"], value)
        return
    before = _sql(address, _LOADED, _statement(address, value), "SELECT pg_reload_conf()")
    _wait(address, before.splitlines()[0])
    if value is not None:
        _check(address)


def folder(address: Mapping[str, Any]) -> str:
    """The server's folder where it is this machine's and can be read; else empty. Raises OSError."""
    data = _sql(address, "SHOW data_directory").strip()
    try:
        mine = autoconf.cluster(data) == identity({**address, "data": ""})
    except OSError:
        return ""
    return data if mine else ""


def identity(address: Mapping[str, Any]) -> str:
    """The cluster's own number: another cluster at the same address is another place."""
    if address.get("data"):
        return autoconf.cluster(address["data"])
    return _sql(address, "SELECT system_identifier FROM pg_control_system()").strip()


def by_hand(address: Mapping[str, Any], value: str | None) -> str:
    """The psql command that sets or resets the variable."""
    commands = (f"--command={_statement(address, value)}", "--command=SELECT pg_reload_conf()")
    user = address.get("user", "")
    return shlex.join([*(("runuser", "-u", user, "--") if user else ()), *_psql(address), *commands])


def literal(text: str) -> str:
    """`text` as an SQL literal that means the same whatever standard_conforming_strings is.

    SOURCE: PostgreSQL, PQescapeLiteral (fe-exec.c): quotes and backslashes doubled, E where there are any
    backslashes.
    """
    doubled = text.replace("\\", "\\\\").replace("'", "''")
    return f" E'{doubled}'" if "\\" in text else f"'{doubled}'"


def quoted(name: str) -> str:
    """The name of a variable, each of its parts as a quoted identifier (PQescapeIdentifier)."""
    return ".".join('"{}"'.format(part.replace('"', '""')) for part in name.split("."))


def _statement(address: Mapping[str, Any], value: str | None) -> str:
    name = quoted(address["name"])
    return f"ALTER SYSTEM RESET {name}" if value is None else f"ALTER SYSTEM SET {name} = {literal(value)}"


def _about(address: Mapping[str, Any], query: str) -> str:
    return query.replace("{name}", literal(address["name"]))


def _is_down(address: Mapping[str, Any]) -> bool:
    return bool(address.get("data")) and not autoconf.running(address["data"])


def _wait(address: Mapping[str, Any], before: str) -> None:
    end = time.monotonic() + _TIMEOUT_S
    while _sql(address, _LOADED).strip() == before:
        if time.monotonic() > end:
            message = f"PostgreSQL did not read its files again within {_TIMEOUT_S:g} s"
            raise TimeoutError(errno.ETIMEDOUT, message)
        time.sleep(_PAUSE_S)


def _check(address: Mapping[str, Any]) -> None:
    if why := _sql(address, _about(address, _REFUSED), _about(address, _OVERRULED)).strip():
        raise OSError(errno.EINVAL, f"the server does not take '{address['name']}': {why}")


def _psql(address: Mapping[str, Any]) -> tuple[str, ...]:
    connection = address.get("connection", "")
    return ("psql", *_ALONE, *((f"--dbname={connection}",) if connection else ()))


def _sql(address: Mapping[str, Any], *statements: str) -> str:
    commands = (f"--command={statement}" for statement in statements)
    return tools.ask((*_psql(address), *commands), timeout_s=_TIMEOUT_S, user=address.get("user", ""))
