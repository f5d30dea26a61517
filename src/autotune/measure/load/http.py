"""Load on a URL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import aiohttp

from autotune.measure.load.loops import closed_loop, open_loop, run
from autotune.measure.load.schedule import starts
from autotune.measure.load.tally import Tally

_CHUNK = 1 << 16


def drive(load: Mapping[str, Any]) -> dict[str, Any]:
    """The figures of the load on `url` that `load` describes; see `Tally.figures`.

    Its keys: url, rate_per_s or users, duration_s, warmup_s, arrivals, at_once, timeout_s, seed. A status of
    400 and above is an error. Redirects are not followed, no proxy is used.
    """
    tally = Tally(warmup_s=load["warmup_s"], duration_s=load["duration_s"])
    run(_drive(load, tally))
    return tally.figures(closed=load["users"] is not None)


async def _drive(load: Mapping[str, Any], tally: Tally) -> None:
    length_s, timeout_s = load["warmup_s"] + load["duration_s"], load["timeout_s"]
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0),
        timeout=aiohttp.ClientTimeout(total=None),  # the loop has one
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
    ) as session:

        async def call() -> str:
            return await _get(session, load["url"])

        if load["users"] is not None:
            await closed_loop(call, tally, users=load["users"], length_s=length_s, timeout_s=timeout_s)
            return
        times = starts(load["arrivals"], rate_per_s=load["rate_per_s"], length_s=length_s, seed=load["seed"])
        await open_loop(call, times, tally, at_once=load["at_once"], timeout_s=timeout_s)


async def _get(session: aiohttp.ClientSession, url: str) -> str:
    try:
        async with session.get(url, allow_redirects=False) as response:
            async for _ in response.content.iter_chunked(_CHUNK):
                pass  # the whole answer, in bounded memory
            return f"HTTP {response.status}" if response.status >= 400 else ""
    except (aiohttp.ClientError, OSError) as error:
        if isinstance(error, TimeoutError):
            raise
        return type(error).__name__
