"""Parameters of a running Redis server."""

from __future__ import annotations

import re
from pathlib import Path

from autotune.actuate.options import option_problem, remote_problem, secret_problem
from autotune.actuate.texts import from_text, in_bytes, in_unit, to_text
from autotune.model.space import Apply, Parameter, Value
from autotune.model.target import Target
from autotune.model.workload import Workload

_NAME = re.compile(r"[a-z][a-z0-9-]{0,62}")
_BYTES = {"k": 1000, "kb": 1024, "m": 1000**2, "mb": 1024**2, "g": 1000**3, "gb": 1024**3}
"""Units of memory: SOURCE redis.conf, "Note on units"."""

_REFUSED = re.compile(r"(require|master)(pass|auth|user)|dir|dbfilename|aclfile|logfile|unixsocket|bind|port")
"""Names, files, addresses and secrets: whoever sets them can write files as the server, or open it."""


class Redis:
    """Sets `redis: maxmemory-policy` by CONFIG SET, until the server is started again.

    Options: `host`, `port`, `socket`; a password comes from the variable REDISCLI_AUTH.
    """

    def problem(self, parameter: Parameter, workload: Workload) -> str:
        """Says when the name is none to tune, or the server is on another machine."""
        del workload
        options = parameter.apply.options
        start = f"parameter '{parameter.name}' is applied by redis, but"
        if said := option_problem(parameter, ("host", "port", "socket", "remote")):
            return said
        if not _NAME.fullmatch(options.get("name", "")):
            return f"{start} '{options.get('name', '')[:80]}' is no name such as maxmemory-policy."
        if _REFUSED.fullmatch(options["name"]):
            return f"{start} '{options['name']}' opens files, addresses or accounts, and is not tuned."
        if not re.fullmatch(r"[1-9]\d{0,4}", options.get("port", "6379")):
            return f"{start} port: '{options['port']}' is no number of a port."
        return secret_problem(parameter, "redis-cli takes it from REDISCLI_AUTH.") or remote_problem(
            parameter, options.get("host", "")
        )

    def target(self, apply: Apply, folder: Path) -> Target:
        """The value in the running server."""
        del folder
        options = apply.options
        host, port, socket = (options.get(key, "") for key in ("host", "port", "socket"))
        host, port = host or "127.0.0.1", port or "6379"
        where = ("-s", socket) if socket else ("-h", host, "-p", port)
        client = ("redis-cli", "--raw", *where)
        return Target(
            key=f"redis {options['name']} at {socket or f'{host}:{port}'}",
            means="client",
            address={
                "read": (*client, "CONFIG", "GET", options["name"]),
                "skip": 1,
                "write": (*client, "CONFIG", "SET", options["name"], "{value}"),
                "answer": "OK",
                "identity": (*client, "INFO", "server"),
                "marked": "run_id:",
            },
            service=options.get("service", ""),
        )

    def text(self, apply: Apply, value: Value) -> str | None:
        """The value as Redis gives it back: memory in bytes, yes or no. It cannot be unset."""
        return in_bytes(to_text(apply, value, bools=("yes", "no")), _BYTES)

    def value(self, apply: Apply, text: str | None, like: Value) -> Value:
        """The text in the type of `like`; bytes in the unit of option `value`, where they are whole ones."""
        return from_text(apply, in_unit(apply, text, _BYTES), like, bools=("yes", "no"))
