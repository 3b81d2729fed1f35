"""A token bucket for each camera: a minute's photos at once, then as many as come in by time."""

from __future__ import annotations

import time
from collections.abc import Callable

from greenpack.service.problems import RefusedError


class RateLimit:
    """Counts each camera's photos in this process."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Full buckets for all.

        Args:
            per_minute: photos that a camera may post in a minute, 1 or more; after a pause, so
                many at once.
            clock: seconds that never go back.
        """
        self._size = float(per_minute)
        self._per_second = per_minute / 60
        self._clock = clock
        self._buckets: dict[int, tuple[float, float]] = {}

    def take(self, camera_id: int) -> None:
        """Count one photo.

        Raises:
            RefusedError: ``rate_limited``, with the time after which one more may come.
        """
        now = self._clock()
        left, at = self._buckets.get(camera_id, (self._size, now))
        left = min(self._size, left + (now - at) * self._per_second)
        if left < 1:
            self._buckets[camera_id] = (left, now)
            raise RefusedError(
                "rate_limited",
                f"{self._size:.0f} photos a minute",
                retry_after=(1 - left) / self._per_second,
            )
        self._buckets[camera_id] = (left - 1, now)
