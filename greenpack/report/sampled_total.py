"""A sum over many parcels from some of them, drawn at random. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev

from greenpack.measure.interval import IN_95, Interval

# With fewer drawn the mean of a skewed quantity is not nearly normal, so no sum is given.
LEAST_DRAWN = 30


@dataclass(frozen=True, slots=True)
class Total:
    """A sum over parcels.

    Attributes:
        amount: the sum with its interval; None where too few were drawn to tell.
        rests_on: parcels whose numbers it was made of.
        of: parcels that it stands for.
    """

    amount: Interval | None
    rests_on: int
    of: int

    @property
    def complete(self) -> bool:
        """Whether every parcel was counted, so that nothing was projected."""
        return self.rests_on == self.of


def total(parcels: Sequence[Interval], of: int) -> Total:
    """The sum of a quantity over ``of`` parcels, of which these were drawn at random.

    Where all were drawn, the ends are the sums of all low and of all high ends: the worst case, in
    which every error points the same way, as errors of an assumption or a scale do. Otherwise each
    end is projected from its mean and moved outwards by the 95 % error of drawing: t s / sqrt(n)
    with the correction sqrt(1 - n/N) for a finite population (W. G. Cochran, Sampling Techniques,
    3rd ed. 1977, sections 2.8 and 2.9), t from z by the first term of its expansion.

    Args:
        parcels: the quantity of each drawn parcel.
        of: how many parcels there are, at least as many as were drawn.

    Raises:
        ValueError: if more were drawn than there are.
    """
    drawn = len(parcels)
    if drawn > of:
        raise ValueError(f"{drawn} were drawn of {of}")
    if drawn < of and drawn < LEAST_DRAWN:
        return Total(None, drawn, of)
    lows, highs = [one.low for one in parcels], [one.high for one in parcels]
    values = [one.value for one in parcels if one.value is not None]
    low, high = sum(lows), sum(highs)
    value = sum(values) if len(values) == drawn else None
    if drawn < of:
        low = of * (fmean(lows) - _error(lows, of))
        high = of * (fmean(highs) + _error(highs, of))
        value = None if value is None else of * value / drawn
        # What no single parcel can be below, their sum cannot either.
        low = max(low, of * min(lows))
        high = min(high, of * max(highs))
    if value is not None:
        value = min(high, max(low, value))
    return Total(Interval(value, low, high), drawn, of)


def scaled(amount: Interval, by: Interval) -> Interval:
    """The product of two quantities, its ends the least and the greatest of the ends' products.

    R. E. Moore, Interval Analysis (1966): nothing is assumed of how their errors go together.
    """
    corners = [one * other for one in (amount.low, amount.high) for other in (by.low, by.high)]
    low, high = min(corners), max(corners)
    if amount.value is None or by.value is None:
        return Interval(None, low, high)
    return Interval(min(high, max(low, amount.value * by.value)), low, high)


def added(amounts: Sequence[Interval]) -> Interval:
    """The sum of quantities; its ends are the sums of their ends.

    A sum has no value where one of them has none.
    """
    values = [one.value for one in amounts if one.value is not None]
    low, high = sum(one.low for one in amounts), sum(one.high for one in amounts)
    value = sum(values) if len(values) == len(amounts) else None
    return Interval(None if value is None else min(high, max(low, value)), low, high)


def _error(numbers: Sequence[float], of: int) -> float:
    drawn = len(numbers)
    t = IN_95 + (IN_95**3 + IN_95) / (4 * (drawn - 1))
    return t * stdev(numbers) / sqrt(drawn) * sqrt(1 - drawn / of)
