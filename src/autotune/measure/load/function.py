"""Load on a Python function."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from autotune.measure.load.loops import MOST_AT_ONCE, Call, closed_loop, open_loop, run
from autotune.measure.load.schedule import MOST_REQUESTS, Arrivals, starts
from autotune.measure.load.tally import Tally


def drive(  # noqa: PLR0913  each is a part of the load that the caller chooses
    function: Callable[[], Any],
    *,
    rate_per_s: float | None = None,
    users: int | None = None,
    duration_s: float,
    warmup_s: float = 0.0,
    arrivals: Arrivals = "poisson",
    at_once: int = 64,
    timeout_s: float = 10.0,
    seed: int = 0,
) -> dict[str, Any]:
    """Calls `function` as requests, on a schedule (`rate_per_s`) or by waiting `users`; the figures of it.

    A plain function runs in threads, `at_once` of them, a coroutine function in the event loop. What it
    raises counts as an error under the exception's name. The answer is what a workload of driver python can
    return as it is: `latency_s`, `offered_per_s`, `achieved_per_s`, `saturated`, `errors` and more, see
    `Tally.figures`. A plain function that runs into its time-out is not stopped, and is waited for.
    Raises ValueError for a load that cannot be issued.
    """
    most = at_once if users is None else users
    _refuse(rate_per_s, users, duration_s + warmup_s, most)
    tally = Tally(warmup_s=warmup_s, duration_s=duration_s)
    with ThreadPoolExecutor(most) as pool:
        call = _call(function, pool)
        if users is None:
            times = starts(arrivals, rate_per_s=rate_per_s or 0.0, length_s=warmup_s + duration_s, seed=seed)
            run(open_loop(call, times, tally, at_once=at_once, timeout_s=timeout_s))
        else:
            length_s = warmup_s + duration_s
            run(closed_loop(call, tally, users=users, length_s=length_s, timeout_s=timeout_s))
    return tally.figures(closed=users is not None)


def _call(function: Callable[[], Any], pool: ThreadPoolExecutor) -> Call:
    if inspect.iscoroutinefunction(function):
        work = function
    else:

        async def work() -> Any:
            return await asyncio.get_running_loop().run_in_executor(pool, function)

    async def call() -> str:
        try:
            await work()
        except TimeoutError:
            raise
        except Exception as error:  # noqa: BLE001  whatever a request fails with is a result of the load
            return type(error).__name__
        return ""

    return call


def _refuse(rate_per_s: float | None, users: int | None, length_s: float, at_once: int) -> None:
    if (rate_per_s is None) == (users is None):
        raise ValueError("a load has either rate_per_s, an open loop, or users, a closed one")
    if not 0 < (1.0 if rate_per_s is None else rate_per_s) * length_s <= MOST_REQUESTS:
        raise ValueError(f"a load has more than 0 and at most {MOST_REQUESTS:,} requests")
    if not 1 <= at_once <= MOST_AT_ONCE:
        raise ValueError(f"1 to {MOST_AT_ONCE} requests can be under way at once, found {at_once}")
