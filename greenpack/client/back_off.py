"""How long to wait before the next attempt."""

from __future__ import annotations

import random

FIRST_SECONDS = 1.0
MOST_SECONDS = 120.0


def pause(attempt: int, retry_after: float | None, share: float | None = None) -> float:
    """Seconds to wait after the attempt of that number failed.

    The bound doubles with each attempt, and the pause is drawn below it, so that cameras which
    lost their service at once do not come back at once. What the service asks for is kept to,
    and up to a tenth is added.

    Args:
        attempt: 0 for the first.
        retry_after: seconds that the service asked for, or None.
        share: of the range, from 0 to 1; None draws it.
    """
    drawn = random.random() if share is None else share
    bound = min(MOST_SECONDS, FIRST_SECONDS * 2.0 ** min(attempt, 16))
    if retry_after is not None:
        return retry_after + 0.1 * drawn * max(retry_after, 1.0)
    return bound / 2 + drawn * bound / 2
