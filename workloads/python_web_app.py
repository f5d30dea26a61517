"""The same small answer as a WSGI and as an ASGI application: a query looked up, sorted, returned as JSON."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

ITEMS = 5_000
SHOWN = 10
_STOCK = [{"id": i, "name": f"item {i:04d}", "price": i * 37 % 1009} for i in range(ITEMS)]


def answer(query: str) -> bytes:
    """The cheapest items whose number divided by seven leaves the rest of `query`, and what they cost."""
    rest = int(query or "0") % 7
    chosen = sorted(_STOCK[rest::7], key=lambda item: (item["price"], item["id"]))[:SHOWN]
    return json.dumps(
        {"rest": rest, "items": chosen, "total": sum(int(item["price"]) for item in chosen)}
    ).encode()


def wsgi(
    environ: Mapping[str, Any], start_response: Callable[[str, list[tuple[str, str]]], Any]
) -> Iterable[bytes]:
    """The application for servers of WSGI."""
    body = answer(environ["QUERY_STRING"])
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


async def asgi(
    scope: Mapping[str, Any],
    receive: Callable[[], Awaitable[Mapping[str, Any]]],
    send: Callable[[Mapping[str, Any]], Awaitable[None]],
) -> None:
    """The application for servers of ASGI."""
    if scope["type"] == "lifespan":
        while (await receive())["type"] != "lifespan.shutdown":
            await send({"type": "lifespan.startup.complete"})
        await send({"type": "lifespan.shutdown.complete"})
        return
    body = answer(scope["query_string"].decode())
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
