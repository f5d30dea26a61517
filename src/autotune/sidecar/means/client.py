"""Values that a client program reads and writes, such as those of Redis by redis-cli.

Address: `read`, `write` and, where the value can be taken away, `unset` are argv lists; in `write` the
element `{value}` is the value. `skip` is how many lines stand before the value in what is read; where
nothing stands after them, there is no value. `answer` is what a successful write prints, where the exit
code does not tell. `identity` is the argv whose line beginning with `marked` tells the server from its
successor.
`timeout_s` bounds each call, `user` is the system user that it is made as.
"""

from __future__ import annotations

import errno
import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from autotune.sidecar import tools

_PLACE = "{value}"
_TIMEOUT_S = 10


def read(address: Mapping[str, Any]) -> str | None:
    """The value as the client prints it, without the last newline; raises OSError where the client fails."""
    lines = _ask(address, address["read"]).removesuffix("\n").split("\n")
    skipped = int(address.get("skip", 0))
    # A client may end well with its server's refusal in place of the name that was asked for.
    if skipped and lines[0] and lines[0].casefold() != address["read"][-1].casefold():
        raise OSError(errno.EACCES, f"{address['read'][0]}: {lines[0]}")
    found = lines[skipped:]
    return "\n".join(found) if found else None


def write(address: Mapping[str, Any], value: str | None) -> None:
    """Sets the value; raises OSError with the client's words where the service refuses it."""
    said = _ask(address, _written(address, value)).strip()
    wanted = address.get("answer", "")
    if wanted and said != wanted:
        raise OSError(errno.EINVAL, f"{address['write'][0]}: {said}")


def identity(address: Mapping[str, Any]) -> str:
    """What the server says of itself that a restarted one does not; raises OSError where it says nothing."""
    if not address.get("identity"):
        return ""
    lines = _ask(address, address["identity"]).splitlines()
    for line in lines:
        if line.startswith(address.get("marked", "")):
            return line.strip()
    raise OSError(errno.EACCES, f"{address['identity'][0]}: {lines[0] if lines else 'no answer'}")


def by_hand(address: Mapping[str, Any], value: str | None) -> str:
    """The client's command line, with the value quoted for a shell."""
    user = address.get("user", "")
    return shlex.join([*(("runuser", "-u", user, "--") if user else ()), *_written(address, value)])


def _written(address: Mapping[str, Any], value: str | None) -> Sequence[str]:
    if value is not None:
        return [value if part == _PLACE else part for part in address["write"]]
    if not address.get("unset"):
        raise OSError(errno.ENOENT, "the value was not there before, and this service cannot take it away")
    return list(address["unset"])


def _ask(address: Mapping[str, Any], argv: Sequence[str]) -> str:
    timeout_s = float(address.get("timeout_s", _TIMEOUT_S))
    return tools.ask(argv, timeout_s=timeout_s, user=address.get("user", ""))
