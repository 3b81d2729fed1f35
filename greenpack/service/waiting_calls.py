"""The threads in which the service waits for disk and database, so that its loop never does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")

# Many syncs under way share the disk's work; more threads than that only take turns.
_THREADS = 16


class WaitingCalls:
    """A pool of threads."""

    def __init__(self, threads: int = _THREADS) -> None:
        """Prepare ``threads`` threads; they start when they are needed."""
        self._pool = ThreadPoolExecutor(threads, "greenpack-service")

    async def __call__(self, call: Callable[[], Result]) -> Result:
        """What ``call`` returns or raises, without holding up the loop."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, call)

    def close(self) -> None:
        """Wait for the calls under way, and end the threads."""
        self._pool.shutdown()
