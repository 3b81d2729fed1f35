"""Shares of counted parcels with their 95 % intervals. Pure."""

from __future__ import annotations

from math import hypot, sqrt

from greenpack.measure.interval import IN_95, Interval


def wilson(hits: int, of: int) -> Interval:
    """A share with its 95 % score interval, within 0 to 1.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", J. Am.
    Stat. Assoc. 22 (1927) 209-212: the shares p for which |hits/of - p| is at most z standard
    deviations sqrt(p (1 - p) / of). Unlike the normal interval it is honest about few parcels:
    three of three give 44 % and more, 300 of 400 give 70 % and more.

    Args:
        hits: 0 to ``of``.
        of: parcels; of none anything may be true, and there is no value.

    Raises:
        ValueError: for counts that cannot be.
    """
    if not 0 <= hits <= of:
        raise ValueError(f"{hits} of {of} is no share")
    if of == 0:
        return Interval(None, 0.0, 1.0)
    share, square = hits / of, IN_95**2
    centre = (hits + square / 2) / (of + square)
    half = IN_95 * sqrt(share * (1 - share) * of + square / 4) / (of + square)
    # The ends are exact where nothing or everything was a hit; rounding must not move them.
    low = 0.0 if hits == 0 else min(share, centre - half)
    high = 1.0 if hits == of else max(share, centre + half)
    return Interval(share, low, high)


def change(hits_before: int, of_before: int, hits: int, of: int) -> Interval | None:
    """By how much a share rose, -1 to 1, with its 95 % interval; None where a period is empty.

    R. G. Newcombe, "Interval estimation for the difference between independent proportions",
    Statist. Med. 17 (1998) 873-890, method 10: the distances of both score intervals' ends from
    their shares, added as squares.

    Args:
        hits_before: in the former period, 0 to ``of_before``.
        of_before: parcels of the former period.
        hits: in the later period, 0 to ``of``.
        of: parcels of the later period.
    """
    before, later = wilson(hits_before, of_before), wilson(hits, of)
    if before.value is None or later.value is None:
        return None
    rise = later.value - before.value
    down = hypot(later.value - later.low, before.high - before.value)
    up = hypot(later.high - later.value, before.value - before.low)
    return Interval(rise, max(-1.0, rise - down), min(1.0, rise + up))
