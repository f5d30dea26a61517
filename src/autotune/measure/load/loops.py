"""The open and the closed loop."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any, TypeAlias, TypeVar

from autotune.measure.load.tally import TIMEOUT, Tally

Call: TypeAlias = Callable[[], Awaitable[str]]
"""One request; gives the name of its failure, or nothing where it went well."""

MOST_AT_ONCE = 900
"""Requests under way at once: select() knows 1,024 descriptors."""

_T = TypeVar("_T")


def run(work: Coroutine[Any, Any, _T]) -> _T:
    """What `work` gives, run in an event loop whose timers are exact to some 0.1 ms.

    asyncio's usual epoll rounds every wait up to whole milliseconds, which would be counted as latency.
    """

    def make() -> asyncio.AbstractEventLoop:
        return asyncio.SelectorEventLoop(selectors.SelectSelector())

    with asyncio.Runner(loop_factory=make) as runner:
        return runner.run(work)


async def open_loop(
    call: Call, starts: Iterable[float], tally: Tally, *, at_once: int, timeout_s: float
) -> None:
    """Issues a request at each of `starts`, whatever became of those before.

    While `at_once` requests are under way, further ones wait; their latency counts from when they were meant
    to start. What is unanswered `timeout_s` after the last start is recorded as a time-out.
    """
    clock = asyncio.get_running_loop().time
    room = asyncio.Semaphore(at_once)
    began = clock()
    under_way: set[asyncio.Task[None]] = set()

    async def request(intended: float) -> None:
        started, late_s = None, clock() - began - intended
        try:
            async with room:
                started = clock() - began
                error = await _bounded(call, timeout_s)
        except asyncio.CancelledError:
            error = TIMEOUT
        ended = clock() - began
        tally.add(intended, ended if started is None else started, ended, error, late_s=late_s)

    for intended in starts:
        await asyncio.sleep(max(0.0, began + intended - clock()))
        task = asyncio.create_task(request(intended))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
    if under_way:
        _, late = await asyncio.wait(under_way, timeout=timeout_s)
        for task in late:
            task.cancel()
        await asyncio.gather(*late)


async def closed_loop(call: Call, tally: Tally, *, users: int, length_s: float, timeout_s: float) -> None:
    """`users` that each issue a request as soon as the one before is answered, for `length_s` seconds."""
    clock = asyncio.get_running_loop().time
    began = clock()

    async def user() -> None:
        while (started := clock() - began) < length_s:
            error = await _bounded(call, timeout_s)
            tally.add(started, started, clock() - began, error)
            await asyncio.sleep(0)  # a call that never waits must not keep the others from their turn

    await asyncio.gather(*(user() for _ in range(users)))


async def _bounded(call: Call, timeout_s: float) -> str:
    try:
        async with asyncio.timeout(timeout_s):
            return await call()
    except TimeoutError:
        return TIMEOUT
