"""How even a flow was from day to day. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True, slots=True)
class Evenness:
    """How even a flow was.

    Attributes:
        mean: a day, > 0.
        peak: on the fullest day.
        peak_over_mean: 1 where every day is the same.
        variation: the coefficient of variation, standard deviation over mean; 0 where every day
            is the same.
    """

    mean: float
    peak: int
    peak_over_mean: float
    variation: float


def evenness(counts: Sequence[int]) -> Evenness | None:
    """How even daily counts are; None where nothing came.

    The standard deviation is that of the days themselves (divided by their number), for they are
    all days there were and no sample of others.

    Args:
        counts: one for each day, days without any included, each >= 0.
    """
    total = sum(counts)
    if not total:
        return None
    mean = total / len(counts)
    deviation = sqrt(sum((count - mean) ** 2 for count in counts) / len(counts))
    return Evenness(mean, max(counts), max(counts) / mean, deviation / mean)
