"""Global variables of a running MariaDB or MySQL server, by its client; a restart resets them.

Address: `name` of the variable, `number`: whether the server holds it as a number (what is on or off is one
too), `where`: the client's options that lead to the server. A password comes from MYSQL_PWD or the file that
these options name.
"""

from __future__ import annotations

import errno
import re
import shlex
from collections.abc import Mapping
from typing import Any

from autotune.sidecar import tools

_TIMEOUT_S = 30.0
_ALONE = (
    "--batch", "--skip-column-names", "--raw", "--default-character-set=utf8mb4", "--connect-timeout=10",
    "--loose-skip-print-query-on-error",
)  # fmt: skip
_NUMBER = re.compile(r"-?\d{1,20}(\.\d{1,20})?", re.ASCII)
_PLAIN = re.compile(r"[A-Za-z0-9_,.:=+ -]{0,1000}")
_DECIMAL = re.compile(r"-?\d+\.\d+", re.ASCII)

_LATER = 2_147_483_647
_WHO = (
    f"SET SESSION timestamp = {_LATER}; SHOW GLOBAL STATUS WHERE Variable_name = 'Uptime';"
    " SHOW GLOBAL VARIABLES WHERE Variable_name IN ('server_uid', 'server_uuid', 'datadir')"
)
"""Uptime is counted from the session's own time: as that is fixed, so is the answer while the server runs."""

PAIRS = (
    ("innodb_io_capacity", "innodb_io_capacity_max"),
    ("innodb_max_dirty_pages_pct_lwm", "innodb_max_dirty_pages_pct"),
)
"""A lower and an upper one: MariaDB changes the other when one is set beyond it."""


def read(address: Mapping[str, Any]) -> str | None:
    """The global value, ON or OFF, a number without zeros at its end; None where it is NULL or not there.

    Raises OSError with the client's words where the server cannot be asked.
    """
    name = address["name"]
    if not address["number"]:  # SHOW would cut it after 4 kB
        found = _sql(address, f"SELECT IFNULL(CONCAT('=', @@GLOBAL.`{name}`), '')").removesuffix("\n")
        return found[1:] if found else None
    line = _sql(address, f"SHOW GLOBAL VARIABLES WHERE Variable_name = '{name}'")
    text = line.removesuffix("\n").partition("\t")[2]
    return (shortest(text) if text else text) if line else None


def write(address: Mapping[str, Any], value: str | None) -> None:
    """Sets the value; raises OSError where the server refuses it or would change another variable with it."""
    statement = _statement(address, value)
    for lower, upper in PAIRS:
        if address["name"] in {lower, upper} and value is not None and _NUMBER.fullmatch(value):
            _check(address, float(value), lower, upper)
    _sql(address, statement)


def identity(address: Mapping[str, Any]) -> str:
    """The server's own number, its folder, and the second that it was started in."""
    shown = dict(line.split("\t", 1) for line in _sql(address, _WHO).splitlines())
    started = _LATER - int(shown.pop("Uptime"))
    return " ".join((f"started={started}", *(f"{name}={shown[name]}" for name in sorted(shown))))


def by_hand(address: Mapping[str, Any], value: str | None) -> str:
    """The client's command line that sets the value."""
    return shlex.join([*_client(address), f"--execute={_statement(address, value)}"])


def number(address: Mapping[str, Any]) -> bool:
    """Whether the server holds the variable as a number, once it has agreed that it could be set.

    Raises OSError with the server's number of the error, such as 1238 for a variable that is read-only.
    """
    name = address["name"]
    # PREPARE checks the name and the rights, and sets nothing. Numbers have no character set.
    asked = f"PREPARE autotune FROM 'SET GLOBAL `{name}` = 1'; SELECT CHARSET(@@GLOBAL.`{name}`)"
    return _sql(address, asked).strip() == "binary"


def literal(text: str, *, number: bool = False) -> str:
    """`text` in SQL, the same in every sql_mode and character set.

    What holds nothing but letters, digits and their like is quoted, anything else in hexadecimal digits.
    With `number` a number stays one: the server takes no quoted one for it.
    """
    if number and _NUMBER.fullmatch(text):
        return text
    if _PLAIN.fullmatch(text):
        return f"'{text}'"
    return f"_utf8mb4 X'{text.encode(errors='surrogateescape').hex()}'"


def shortest(text: str) -> str:
    """A decimal number without the zeros at its end, as 90 for 90.000000; any other text as it is."""
    return text.rstrip("0").rstrip(".") if _DECIMAL.fullmatch(text) else text


def _statement(address: Mapping[str, Any], value: str | None) -> str:
    if value is None and address["number"]:
        raise OSError(errno.ENOENT, "this variable always has a value: it cannot be taken away")
    written = "NULL" if value is None else literal(value, number=address["number"])
    return f"SET GLOBAL `{address['name']}` = {written}"


def _check(address: Mapping[str, Any], value: float, lower: str, upper: str) -> None:
    """Refuses what would cross the other one of a pair, which MariaDB would then change as well."""
    other = upper if address["name"] == lower else lower
    limit = read({**address, "name": other})
    if limit is not None and (value > float(limit) if other == upper else value < float(limit)):
        side = "above" if other == upper else "below"
        message = (
            f"{value:g} is {side} {other}, which is {limit} and would change with it: set that one first"
        )
        raise OSError(errno.EINVAL, message)


def _client(address: Mapping[str, Any]) -> tuple[str, ...]:
    for tool in ("mariadb", "mysql"):
        try:
            return (tools.resolve(tool), *address["where"])
        except OSError:
            continue
    raise OSError(
        errno.ENOPKG, "there is neither 'mariadb' nor 'mysql', the server's client, on this machine"
    )


def _sql(address: Mapping[str, Any], statements: str) -> str:
    return tools.ask((*_client(address), *_ALONE, f"--execute={statements}"), timeout_s=_TIMEOUT_S)
