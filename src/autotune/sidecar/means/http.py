"""Values that a service shows and takes by HTTP.

Address: `url` to GET the value from and to send it to by `method`; `token` names the variable of the
environment with the bearer token, if the service wants one. 404 is no value, and DELETE takes one away.
What is JSON is read in one form, whatever its white space.
"""

from __future__ import annotations

import errno
import json
import os
import shlex
from collections.abc import Mapping
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

_TIMEOUT_S = 10.0
_LARGEST = 1 << 16
_GONE = 404
_LONGEST_MESSAGE = 300


class _Stay(HTTPRedirectHandler):
    """Follows no redirect: it could lead to another machine."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


_OPENER = build_opener(_Stay, ProxyHandler({}))


def read(address: Mapping[str, Any]) -> str | None:
    """The body of the answer in its normal form, None for 404; raises OSError for any other refusal."""
    return _ask(address, "GET", None)


def write(address: Mapping[str, Any], value: str | None) -> None:
    """Sends the value; raises OSError with the service's words where it refuses it."""
    method = "DELETE" if value is None else address.get("method", "PUT")
    if _ask(address, method, value) is None and value is not None:
        raise OSError(errno.ENOENT, f"{method} {address['url']}: 404, there is no such place")


def identity(address: Mapping[str, Any]) -> str:
    """Empty: HTTP has no word for it."""
    del address
    return ""


def by_hand(address: Mapping[str, Any], value: str | None) -> str:
    """The curl command that sends the value; the token stays in its variable."""
    token = address.get("token", "")
    head = f'--header "Authorization: Bearer ${token}" ' if token else ""
    if value is None:
        return f"curl --fail -sS -X DELETE {head}{shlex.quote(address['url'])}"
    body = shlex.join(("-H", f"Content-Type: {_kind(value)}", "--data-raw", value, address["url"]))
    return f"curl --fail -sS -X {address.get('method', 'PUT')} {head}{body}"


def normal(text: str) -> str:
    """A JSON object or list without white space, with sorted keys; other text without the space around it."""
    plain = text.strip()
    if not plain.startswith(("{", "[")):
        return plain
    try:
        return json.dumps(json.loads(plain), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    except ValueError:
        return plain


def _ask(address: Mapping[str, Any], method: str, value: str | None) -> str | None:
    what = f"{method} {address['url']}"
    headers = {} if value is None else {"Content-Type": _kind(value)}
    if address.get("token"):
        headers["Authorization"] = f"Bearer {os.environ.get(address['token'], '')}"
    body = None if value is None else value.encode()
    request = Request(address["url"], data=body, headers=headers, method=method)  # noqa: S310  checked by `problem`
    try:
        with _OPENER.open(request, timeout=_TIMEOUT_S) as answer:
            text = answer.read(_LARGEST + 1)
    except HTTPError as error:
        with error:
            said = error.read(_LONGEST_MESSAGE).decode(errors="replace").strip()
        if error.code == _GONE:
            return None
        raise OSError(errno.EIO, f"{what}: {error.code} {error.reason}{said and f': {said}'}") from error
    except URLError as error:
        raise OSError(errno.EIO, f"{what}: {error.reason}") from error
    if len(text) > _LARGEST:
        raise OSError(errno.EFBIG, f"{what}: the answer is larger than {_LARGEST} bytes: no value")
    return normal(text.decode(errors="replace"))


def _kind(value: str) -> str:
    return "application/json" if normal(value).startswith(("{", "[")) else "text/plain"
