"""Global variables of a running MariaDB or MySQL server."""

from __future__ import annotations

import re
from pathlib import Path

from autotune.actuate.options import option_problem, remote_problem, secret_problem
from autotune.actuate.texts import from_text, in_bytes, in_unit, to_text
from autotune.core.errors import WorkloadError
from autotune.model.space import Apply, Parameter, Value
from autotune.model.target import Address, Target
from autotune.model.workload import Workload
from autotune.sidecar.means import mysql

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
_USER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@-]{0,79}")
_PORT = re.compile(r"[1-9]\d{0,4}", re.ASCII)
_UNITS = {"k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}
_BOOLS = ("ON", "OFF")

_REFUSED = re.compile(
    r"(init|secure|skip|ssl|tls|plugin|authentication|require|validate|mandatory|activate_all)_.*"
    r"|.*(_file|_filename|dir|_path|_directory|_output|read_only)|.*(password|_ssl).*"
    r"|wsrep_(provider|sst|notify|cluster|node).*|local_infile|event_scheduler|offline_mode|sql_log_bin"
    r"|gtid_.*|innodb_monitor_.*|.*_now|debug.*|.*_debug(_.*)?|server_id"
)
"""Whoever sets it runs code as the server, opens it or loses its logs; or it keeps no value, as a command."""

_WHY = {
    "ERROR 1193 ": "the server has no such variable.",
    "ERROR 1228 ": "it belongs to a connection: the program that opens one sets it, by SET SESSION.",
    "ERROR 1238 ": (
        "it is set when the server starts. Use the actuator file, with scope: restart: "
        "{{file: /etc/mysql/my.cnf, key: mysqld.{name}}}"
    ),
}
_PARTNER = {one: other for pair in mysql.PAIRS for one, other in (pair, pair[::-1])}


class Mysql:
    """Sets `mysql: innodb_io_capacity` by SET GLOBAL, until the server is started again.

    Options: `socket`, or `host` and `port`; `user`; `defaults`, a file of options for the client. A password
    comes from the variable MYSQL_PWD or that file.
    """

    def problem(self, parameter: Parameter, workload: Workload) -> str:
        """Says when the name is none to tune, or the server is on another machine."""
        options = parameter.apply.options
        return (
            option_problem(parameter, ("socket", "host", "port", "user", "defaults", "remote"))
            or _name_problem(parameter, workload)
            or _option_problem(parameter)
            or secret_problem(
                parameter, "The client takes it from MYSQL_PWD, or from the file defaults: names."
            )
            or remote_problem(parameter, options.get("host", ""))
        )

    def target(self, apply: Apply, folder: Path) -> Target:
        """The value in the running server.

        Raises WorkloadError where that cannot be asked, or says that the variable cannot be set.
        """
        options, name = apply.options, apply.options["name"].lower()
        where, place = _where(apply, folder)
        address: Address = {"name": name, "where": where}
        try:
            address = {**address, "number": mysql.number(address)}
        except OSError as error:
            said = str(error.strerror)
            why = next((text.format(name=name) for code, text in _WHY.items() if code in said), said)
            raise WorkloadError(f"mysql {name}: {why}") from error
        key = f"mysql {name}" + (f" at {place}" if place else "")
        return Target(key=key, means="mysql", address=address, service=options.get("service", ""))

    def text(self, apply: Apply, value: Value) -> str | None:
        """The value as the server gives it back: memory in bytes, ON or OFF; None is NULL."""
        text = to_text(apply, value, bools=_BOOLS)
        text = mysql.shortest(text) if text and isinstance(value, float) else text
        return in_bytes(text, _UNITS)

    def value(self, apply: Apply, text: str | None, like: Value) -> Value:
        """The text in the type of `like`; bytes in the unit of option `value`, where they are whole ones."""
        found = from_text(apply, in_unit(apply, text, _UNITS), like, bools=_BOOLS)
        return float(found) if isinstance(like, float) and isinstance(found, int) else found


def _name_problem(parameter: Parameter, workload: Workload) -> str:
    name = parameter.apply.options.get("name", "")
    start = f"parameter '{parameter.name}' is applied by mysql, but '{name[:80]}'"
    if not _NAME.fullmatch(name):
        return f"{start} is no name of a variable such as innodb_io_capacity."
    if _REFUSED.fullmatch(name.lower()):
        return f"{start} decides who may connect, what is run or kept, or where, and is not tuned."
    partner = _PARTNER.get(name.lower())
    for other in workload.space.parameters:
        if other.apply.actuator == "mysql" and other.apply.options.get("name", "").lower() == partner:
            return f"{start} and {partner} change one another: tune one of them, and set the other before."
    return ""


def _option_problem(parameter: Parameter) -> str:
    options = parameter.apply.options
    start = f"parameter '{parameter.name}' is applied by mysql, but"
    if not _PORT.fullmatch(options.get("port", "3306")):
        return f"{start} port: '{options['port'][:80]}' is no number of a port."
    if not _USER.fullmatch(options.get("user", "root")):
        return f"{start} user: '{options['user'][:80]}' is no name of an account."
    return ""


def _where(apply: Apply, folder: Path) -> tuple[tuple[str, ...], str]:
    """The client's options that lead to the server and no other, and their short form for people."""
    socket, host, port, user, defaults = (
        apply.options.get(key, "") for key in ("socket", "host", "port", "user", "defaults")
    )
    first = f"--defaults-file={folder.absolute() / defaults}" if defaults else "--no-defaults"
    last = (f"--user={user}",) if user else ()
    if socket:
        path = str(folder.absolute() / socket)
        return (first, "--protocol=socket", f"--socket={path}", *last), path
    if host or port:
        host, port = host or "127.0.0.1", port or "3306"
        return (first, "--protocol=tcp", f"--host={host}", f"--port={port}", *last), f"{host}:{port}"
    return (first, "--protocol=socket", *last), ""
