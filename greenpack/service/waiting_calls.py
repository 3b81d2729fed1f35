"""The threads in which the service waits for disk and database, so that its loop never does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")

# A thread waits for the disk nearly all its time, and syncs under way at once share the disk's
# work: fewer threads than cameras would make photos queue for a thread.
_THREADS = 40


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
