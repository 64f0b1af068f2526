"""The threads on which the database is called."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class DatabaseThreads:
    """A dedicated pool, so that a slow query never waits behind the loop's own helpers, nor they behind it."""

    def __init__(self, name: str, workers: int) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix=f"database-{name}")

    async def run(self, call: Callable[..., T], *args: object) -> T:
        """The value of `call(*args)` on a database thread; raises what it raises.

        Cancelling the waiting task does not stop the thread: the call runs to its end and its answer is dropped.
        """
        return await asyncio.get_running_loop().run_in_executor(self._pool, call, *args)

    async def close(self) -> None:
        """Refuse new calls and wait, without blocking the loop, until the running ones have ended."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        await asyncio.to_thread(self._pool.shutdown, True)
