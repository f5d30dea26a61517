"""Parameters that are PostgreSQL variables, kept by ALTER SYSTEM."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from autotune.actuate.options import option_problem, remote_problem, secret_problem
from autotune.actuate.texts import from_text, to_text
from autotune.core.errors import WorkloadError
from autotune.model.space import Apply, Parameter, Value
from autotune.model.target import Target
from autotune.model.workload import Workload
from autotune.sidecar.means import postgres

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_$]{0,62}(\.[A-Za-z_][A-Za-z0-9_$]{0,62})?")
_HOST = re.compile(r"\bhost(?:addr)?\s*=\s*('[^']*'|\S*)")

_LISTS = frozenset({
    "local_preload_libraries", "search_path", "session_preload_libraries", "shared_preload_libraries",
    "temp_tablespaces", "unix_socket_directories",
})  # fmt: skip
"""Lists of names that ALTER SYSTEM would take for one name. SOURCE: variable_is_guc_list_quote of pg_dump."""

_PROGRAMS = re.compile(r".*(_command|_library|_library_path|_program)|jit_provider|(data_directory|.*_file)")
"""Variables that name programs, libraries and files: whoever sets them runs code as the server."""


class Postgres:
    """Keeps `postgres: work_mem` by ALTER SYSTEM; unset is ALTER SYSTEM RESET.

    Options: `dsn` as psql takes it (a password comes from PGPASSWORD or ~/.pgpass), `as`: the system user
    that psql is run as, for peer authentication.
    """

    def problem(self, parameter: Parameter, workload: Workload) -> str:
        """Says when the name is none of a variable to tune, or the connection leads elsewhere."""
        del workload
        where = "PostgreSQL's client takes it from PGPASSWORD or ~/.pgpass."
        options = parameter.apply.options
        return (
            option_problem(parameter, ("dsn", "as", "remote"))
            or _name_problem(parameter)
            or secret_problem(parameter, where)
            or next(
                filter(None, (remote_problem(parameter, host) for host in hosts(options.get("dsn", "")))), ""
            )
        )

    def target(self, apply: Apply, folder: Path) -> Target:
        """What ALTER SYSTEM keeps of the variable on the server that `dsn` names.

        Raises WorkloadError where that server cannot be asked.
        """
        del folder
        name, connection = apply.options["name"].lower(), apply.options.get("dsn", "")
        address = {"name": name, "connection": connection, "user": apply.options.get("as", "")}
        try:
            address["data"] = postgres.folder(address)
        except OSError as error:
            raise WorkloadError(f"postgres {name}: {error.strerror}") from error
        return Target(
            key=f"postgres {name}" + (f" at {connection}" if connection else ""),
            means="postgres",
            address=address,
            volatile=False,
            service=apply.options.get("service", ""),
        )

    def text(self, apply: Apply, value: Value) -> str | None:
        """The value as PostgreSQL writes it; None for RESET."""
        return to_text(apply, value, bools=("on", "off"))

    def value(self, apply: Apply, text: str | None, like: Value) -> Value:
        """The text as bool, number or text, as `like` is; None where ALTER SYSTEM keeps nothing."""
        return from_text(apply, text, like, bools=("on", "off"))


def _name_problem(parameter: Parameter) -> str:
    name = parameter.apply.options.get("name", "")
    start = f"parameter '{parameter.name}' is applied by postgres, but '{name[:80]}'"
    if not _NAME.fullmatch(name):
        return f"{start} is no name of a variable such as work_mem."
    if name.lower() in _LISTS:
        return f"{start} is a list, which ALTER SYSTEM would take for one name. Use file: instead."
    if _PROGRAMS.fullmatch(name.lower()):
        return f"{start} names a program or a file for the server to use, and is not tuned."
    return ""


def hosts(connection: str) -> tuple[str, ...]:
    """The hosts that a connection string or URL of libpq names; a socket's folder begins with a slash."""
    if "://" in connection:
        place = urlsplit(connection).netloc.rpartition("@")[2]
        return tuple(re.sub(r":\d*$", "", part).strip("[]") for part in place.split(",") if part)
    found = (given.strip("'") for given in _HOST.findall(connection))
    return tuple(host for given in found for host in given.split(",") if host)
